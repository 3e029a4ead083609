"""What is shown at a place on the site as its answer."""

from datetime import datetime

from msgspec import Struct

from campaigns.actions.placements import Banner
from campaigns.domain.notes.note import NoteImage, NoteLink
from common.fields import ShopId


class PlacementOffer(Struct, frozen=True):
    """The promotion behind it, in the visitor's language."""

    promotion_id: ShopId
    title: str
    terms: str


class PlacementResponse(Struct, frozen=True, kw_only=True):
    """What to show. `html` is safe to show as it is: paragraphs with emphasis and links; `text` is the same
    in plain words.
    """

    campaign_id: ShopId
    slot: ShopId
    #: Null: the campaign's own content.
    variant: str | None
    title: str
    text: str
    html: str
    image: NoteImage | None
    #: Where it leads; null: nowhere.
    link: NoteLink | None
    #: Null: a campaign without a promotion.
    offer: PlacementOffer | None
    #: The customer's own code, the same each time.
    code: str | None
    code_valid_until: datetime | None


def placement_response(banner: Banner) -> PlacementResponse:
    """What was chosen as the answer."""
    campaign, told = banner.campaign, banner.told
    offer = None
    if banner.offer is not None and campaign.promotion is not None:
        offer = PlacementOffer(campaign.promotion.reference, *banner.offer)
    return PlacementResponse(
        campaign_id=campaign.reference,
        slot=campaign.slot or "",
        variant=banner.variant or None,
        title=told.title,
        text=told.text,
        html=told.html,
        image=told.image,
        link=told.link,
        offer=offer,
        code=banner.code,
        code_valid_until=banner.code_valid_until,
    )
