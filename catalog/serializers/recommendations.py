"""What a recommendation looks like from outside."""

from msgspec import Struct

from catalog.domain.recommending import reason
from catalog.queries.recommendations import Recommended
from common.money import Language


class RecommendationResponse(Struct, frozen=True, kw_only=True):
    """A product that this customer may like."""

    sku: str
    #: In the caller's language, else in the other.
    name: str
    url: str | None
    image_url: str | None
    #: Minor units of `currency`.
    price: int | None
    currency: str | None
    #: A short sentence for the customer, in the caller's language.
    reason: str


def recommendation_response(found: Recommended, *, language: Language) -> RecommendationResponse:
    """The recommendation in the caller's language."""
    because = found.because.told(language) or found.category
    return RecommendationResponse(
        sku=found.sku,
        name=found.name.told(language),
        url=found.url or None,
        image_url=found.image_url or None,
        price=found.price,
        currency=found.currency or None,
        reason=reason(found.ground, because=because, language=language),
    )
