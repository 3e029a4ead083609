"""Push messages: the shop's key, and the browsers of a customer."""

from access.authentication import once
from campaigns.actions.subscribing import delete_subscription, known_customer, put_subscription
from campaigns.channels.push import is_push_set_up, public_key
from campaigns.queries.subscriptions import subscription, subscriptions_page
from campaigns.serializers.subscriptions import (
    PushKeyResponse,
    PushSubscriptionRequest,
    PushSubscriptionResponse,
    push_subscription_response,
)
from common.answers import Answer, answer
from common.api.call import Call
from common.api.endpoint import Endpoint, operation
from common.api.pages import PAGE_QUERY, PageOf, cursor_of, limit_of, page
from common.api.paths import known_id_in_path, new_id_in_path
from common.errors import NotFound


class PushKeyView(Endpoint):
    """The shop's public key."""

    scope = "campaigns"

    @operation(
        "The key that browsers subscribe to push messages with",
        description="404 where the shop sends none.",
        answers={200: PushKeyResponse},
        problems=["not_found"],
    )
    def get(self, call: Call) -> Answer:
        if not is_push_set_up():
            raise NotFound("The shop sends no push messages.")
        return answer(200, PushKeyResponse(public_key()))


class PushSubscriptionsView(Endpoint):
    """All browsers of a customer."""

    scope = "customers"

    @operation(
        "The browsers that a customer gets push messages on, by id",
        query=PAGE_QUERY,
        answers={200: PageOf[PushSubscriptionResponse]},
        problems=["not_found"],
    )
    def get(self, call: Call, *, customer_id: str) -> Answer:
        rows = subscriptions_page(
            customer_key=known_customer(known_id_in_path(customer_id)),
            after=cursor_of(call),
            limit=limit_of(call.query),
        )
        shown = page(
            rows, call=call, key=lambda row: row.reference, show=push_subscription_response
        )
        return answer(200, shown)


class PushSubscriptionView(Endpoint):
    """One browser of a customer's."""

    scope = "customers"

    @operation(
        "Register a browser for push messages",
        description=(
            "As the browser's `PushManager` tells it; repeat it at each visit. A browser that somebody else "
            "signs in with is theirs from then on. It is forgotten once its push service does not know it any "
            "more, and of more than 20 the oldest is. Messages of purpose `marketing` need the consent (`push`, "
            "`marketing`) beside it."
        ),
        body=PushSubscriptionRequest,
        answers={200: PushSubscriptionResponse, 201: PushSubscriptionResponse},
        problems=["not_found"],
    )
    def put(self, call: Call, *, customer_id: str, subscription_id: str) -> Answer:
        reference = new_id_in_path("subscription_id", subscription_id)
        customer = known_id_in_path(customer_id)
        asked: PushSubscriptionRequest = call.body

        def act() -> Answer:
            row, is_new = put_subscription(
                customer_id=customer,
                subscription_id=reference,
                endpoint=asked.endpoint,
                keys=asked.keys,
                now=call.now,
            )
            return answer(
                201 if is_new else 200, push_subscription_response(row), about=row.customer_id
            )

        return once(call, act)

    @operation(
        "A browser that a customer gets push messages on",
        answers={200: PushSubscriptionResponse},
        problems=["not_found"],
    )
    def get(self, call: Call, *, customer_id: str, subscription_id: str) -> Answer:
        key = known_customer(known_id_in_path(customer_id))
        row = subscription(customer_key=key, reference=known_id_in_path(subscription_id))
        if row is None:
            raise NotFound("There is no such subscription.")
        return answer(200, push_subscription_response(row))

    @operation(
        "Send no more push messages to a browser",
        answers={204: None},
        problems=["not_found"],
    )
    def delete(self, call: Call, *, customer_id: str, subscription_id: str) -> Answer:
        customer, reference = known_id_in_path(customer_id), known_id_in_path(subscription_id)

        def act() -> Answer:
            delete_subscription(customer_id=customer, subscription_id=reference)
            return answer(204)

        return once(call, act)
