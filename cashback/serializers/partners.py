"""What partners look like over REST."""

from cashback.domain.rules import PartnerDefinition
from cashback.models import Partner
from cashback.queries.partners import definition_of
from common.fields import ShopId


class PartnerResponse(PartnerDefinition, frozen=True, kw_only=True):
    """A partner. `partner_id` is not part of a `PUT`."""

    partner_id: ShopId


def partner_response(partner: Partner) -> PartnerResponse:
    """The partner as the answer."""
    definition = definition_of(partner)
    return PartnerResponse(
        partner_id=partner.reference,
        name=definition.name,
        share_percent=definition.share_percent,
    )
