"""Links to a customer's own pages over REST."""

from access.authentication import once
from common.answers import Answer, answer
from common.api.call import Call
from common.api.endpoint import Endpoint, Nothing, operation
from common.api.paths import known_id_in_path
from portal.actions.links import end_portal_links, make_portal_link
from portal.serializers.links import PortalLinkResponse


class PortalLinksView(Endpoint):
    """The links to a customer's own pages."""

    scope = "customers"

    @operation(
        "Make a link to a customer's own pages",
        body=Nothing,
        answers={201: PortalLinkResponse},
        problems=["not_found"],
        description=(
            "A signed address that opens without a key: codes and offers, cashback, purchases, "
            "memberships, and statements as PDF and CSV, in German or English by the customer's "
            "`locale`. Each call makes another; all of them work until they end. A changed, ended or "
            "expired one is not found, and an erasure ends all of a customer's."
        ),
    )
    def post(self, call: Call, *, customer_id: str) -> Answer:
        known_id_in_path(customer_id)

        def act() -> Answer:
            link = make_portal_link(customer_id=customer_id, now=call.now)
            made = PortalLinkResponse(link.url, link.expires_at)
            return answer(201, made, about=link.customer_key, holds_secret=True)

        return once(call, act)

    @operation(
        "End all links to a customer's own pages",
        answers={204: None},
        problems=["not_found"],
        description="For an address that fell into the wrong hands; what is made later works.",
    )
    def delete(self, call: Call, *, customer_id: str) -> Answer:
        known_id_in_path(customer_id)

        def act() -> Answer:
            end_portal_links(customer_id=customer_id, actor=call.caller.actor, now=call.now)
            return answer(204)

        return once(call, act)
