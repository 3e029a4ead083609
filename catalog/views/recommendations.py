"""GET /customers/{customer_id}/recommendations."""

from functools import partial

from catalog.actions.refresh import refresh
from catalog.queries.recommendations import Place, recommendations
from catalog.serializers.recommendations import RecommendationResponse, recommendation_response
from common.answers import Answer, answer
from common.api.call import Call
from common.api.endpoint import Endpoint, operation
from common.api.pages import PAGE_QUERY, PageOf, cursor_of, limit_of, page
from common.api.paths import known_id_in_path
from common.errors import NotFound
from common.fields import ShopId

_FORM = """
Best first: what customers often buy together with what this one has bought, and what they themselves buy again and
again; then the bestsellers of the categories that they buy from, and those of the shop; of each the likelier the earlier. `reason` says
which it is, in a sentence to show. With `based_on`, an order of the customer's, that order takes the place of all that they
bought: for the page after the purchase.

Never recommended is what is not available, and what the customer has just bought (30 days; the shop may set
another time). Cancelled orders and units that came back do not count. A customer of whom nothing is known gets the shop's
bestsellers, and nothing where nothing was sold yet.

What is bought together and most is counted in the background, hourly; in a shop of up to 5,000 orders it is always as of now.
""".strip()


class RecommendationsView(Endpoint):
    """What a customer may like."""

    scope = "customers"

    @operation(
        "What to recommend to a customer",
        description=_FORM,
        query={**PAGE_QUERY, "based_on": ShopId},
        answers={200: PageOf[RecommendationResponse]},
        problems=["not_found"],
    )
    def get(self, call: Call, *, customer_id: str) -> Answer:
        find = partial(
            recommendations,
            customer_id=known_id_in_path(customer_id),
            based_on=call.query.get("based_on"),
            after=cursor_of(call, Place),
            limit=limit_of(call.query),
            now=call.now,
        )
        found = find()
        if not found.is_customer_known:
            raise NotFound("There is no such customer.")
        if "based_on" in call.query and not found.is_order_known:
            raise NotFound("This customer has no such order.")
        if found.is_outdated:
            refresh(now=call.now)
            found = find()
        shown = page(
            found.found,
            call=call,
            key=lambda row: row.place,
            show=lambda row: recommendation_response(row, language=call.language),
        )
        return answer(200, shown)
