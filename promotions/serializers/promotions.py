"""A promotion's answer: its definition with every field filled, and a sentence that tells it."""

from msgspec import Struct

from common.fields import ShopId
from promotions.domain.definition import PromotionDefinition
from promotions.models import Promotion
from promotions.queries.definitions import definition_of, summary_of


class SummaryResponse(Struct, frozen=True):
    """What the promotion does, in one plain sentence; written by the service from the fields."""

    de: str
    en: str


class PromotionResponse(PromotionDefinition, frozen=True, kw_only=True):
    """A promotion. `promotion_id` and `summary` are not part of a `PUT`."""

    promotion_id: ShopId
    summary: SummaryResponse


def promotion_response(
    promotion: Promotion, definition: PromotionDefinition | None = None
) -> PromotionResponse:
    """The promotion as its answer; `definition` spares reading the row's JSON again."""
    definition = definition or definition_of(promotion)
    fields = {name: getattr(definition, name) for name in PromotionDefinition.__struct_fields__}
    return PromotionResponse(
        promotion_id=promotion.reference,
        summary=SummaryResponse(**summary_of(definition)),
        **fields,
    )
