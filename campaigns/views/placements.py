"""GET /placements/{slot}."""

from typing import Annotated

from msgspec import Meta

from campaigns.actions.placements import show
from campaigns.domain.placing import Spot
from campaigns.serializers.placements import PlacementResponse, placement_response
from common.answers import Answer, answer
from common.api.call import Call
from common.api.endpoint import Endpoint, operation
from common.api.paths import known_id_in_path
from common.fields import NO_NUL, ShopId

_Page = Annotated[
    str,
    NO_NUL,
    Meta(max_length=2_000, description="As the campaign's `placement.pages` name it.", examples=["/tea/green"]),
]  # fmt: skip
_Query = Annotated[
    str, NO_NUL, Meta(max_length=500, description="What was searched for.", examples=["oolong"])
]
_Category = Annotated[
    str, NO_NUL, Meta(max_length=128, description="The category of the page.", examples=["tea"])
]


class PlacementView(Endpoint):
    """A place on the site."""

    scope = "campaigns"

    @operation(
        "What to show at a place on the site",
        description=(
            "Of the campaigns of the channel `placement` in this slot: those whose time it is, whose `placement` "
            "fits page, search and category, and whose audience the customer is in, asked live. The first by "
            "`priority` is shown and counted as seen; 204 where there is none. Who is held out from that one gets "
            "204, too. Without `customer_id`, or with one that is not known, it is one for everybody. With "
            "`promotion_id` the customer has a code of their own, made at the first time and the same ever after; "
            "once it is used, the next campaign is shown. Answers must not be cached."
        ),
        query={"customer_id": ShopId, "page": _Page, "query": _Query, "category": _Category},
        answers={200: PlacementResponse, 204: None},
        problems=["not_found"],
    )
    def get(self, call: Call, *, slot: str) -> Answer:
        banner = show(
            slot=known_id_in_path(slot),
            customer_id=call.query.get("customer_id"),
            spot=Spot(**{name: call.query.get(name) for name in ("page", "query", "category")}),
            language=call.language,
            now=call.now,
        )
        return answer(204) if banner is None else answer(200, placement_response(banner))
