"""Tables: promotions and their definitions' stamp, codes, batches and imports, uses and counters."""

from promotions.models.codes import Code, CodeBatch, IssuedCodes
from promotions.models.imports import CodeImport, CodeImportRow
from promotions.models.promotion import DefinitionStamp, Promotion
from promotions.models.uses import BudgetThreshold, CustomerCount, PromotionCounter, PromotionUse

__all__ = [
    "BudgetThreshold", "Code", "CodeBatch", "CodeImport", "CodeImportRow", "CustomerCount",
    "DefinitionStamp", "IssuedCodes", "Promotion", "PromotionCounter", "PromotionUse",
]  # fmt: skip
