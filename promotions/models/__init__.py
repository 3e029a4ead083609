"""Tables: promotions and their definitions' stamp, codes and batches, uses and counters."""

from promotions.models.codes import Code, CodeBatch
from promotions.models.promotion import DefinitionStamp, Promotion
from promotions.models.uses import CustomerCount, PromotionCounter, PromotionUse

__all__ = [
    "Code", "CodeBatch", "CustomerCount", "DefinitionStamp", "Promotion", "PromotionCounter",
    "PromotionUse",
]  # fmt: skip
