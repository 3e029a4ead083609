"""Tables: promotions and their definitions' stamp, codes, batches, imports and forecasts, uses and counters."""

from promotions.models.codes import Code, CodeBatch, IssuedCodes
from promotions.models.forecasts import Forecast
from promotions.models.imports import CodeImport, CodeImportRow
from promotions.models.promotion import DefinitionStamp, Promotion
from promotions.models.uses import BudgetThreshold, CustomerCount, PromotionCounter, PromotionUse

__all__ = [
    "BudgetThreshold", "Code", "CodeBatch", "CodeImport", "CodeImportRow", "CustomerCount",
    "DefinitionStamp", "Forecast", "IssuedCodes", "Promotion", "PromotionCounter", "PromotionUse",
]  # fmt: skip
