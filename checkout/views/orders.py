"""Orders over REST."""

from collections.abc import Callable, Sequence

import msgspec

from access.authentication import once
from cashback.queries.orders import cashback_of_orders
from checkout.actions.orders import import_orders, put_order
from checkout.queries.checkouts import redemptions_of_orders
from checkout.serializers.orders import (
    BatchOrder,
    ImportOrdersRequest,
    OrderResponse,
    PutOrderRequest,
    order_request,
    order_response,
    redemption_response,
)
from common.answers import Answer, answer, etag_of
from common.api.batches import RowErrors, RowsResponse, read_rows, told_errors
from common.api.bodies import convert
from common.api.call import Call
from common.api.endpoint import Endpoint, operation
from common.api.pages import PAGE_QUERY, PageOf, cursor_of, limit_of, page
from common.api.paths import known_id_in_path, new_id_in_path
from common.errors import FieldError, NotFound
from common.fields import ShopId
from common.merge import merge_patch
from customers.actions.orders import lock_order_id
from customers.domain.orders import KnownOrder, OrderState, Status, order_errors, unreached_instants
from customers.queries.orders import order_by_reference, orders_page, returns_of


class OrdersView(Endpoint):
    """All orders."""

    scope = "orders"

    @operation(
        "List orders by id",
        query={**PAGE_QUERY, "status": Status, "customer_id": ShopId},
        answers={200: PageOf[OrderResponse]},
    )
    def get(self, call: Call) -> Answer:
        rows = orders_page(
            after=cursor_of(call),
            limit=limit_of(call.query),
            status=call.query.get("status"),
            customer=call.query.get("customer_id"),
        )
        shown = iter(_responses(rows[: limit_of(call.query)]))
        made = page(rows, call=call, key=lambda row: row.reference, show=lambda row: next(shown))
        return answer(200, made)


class OrderView(Endpoint):
    """One order."""

    scope = "orders"

    @operation(
        "Read an order with its redemption, returns and cashback",
        answers={200: OrderResponse},
        problems=["not_found"],
    )
    def get(self, call: Call, *, order_id: str) -> Answer:
        order = order_by_reference(known_id_in_path(order_id))
        if order is None:
            raise NotFound("There is no such order.")
        return _shown(order)

    @operation(
        "Record an order's whole current state",
        body=PutOrderRequest,
        answers={200: OrderResponse, 201: OrderResponse},
        problems=[
            "precondition_failed", "state_transition_not_allowed", "order_differs_from_redemption",
        ],
        description=(
            "The call may be repeated. A status never moves backwards; `cancelled` also cancels "
            "the redemption. Customer and currency never change, nor do lines of which units came "
            "back. Of a redeemed order the redemption's discounts and shipping stand, whatever is "
            "sent; lines with `unit_price` 0 may be added. An order that is not redeemed earns cashback when it "
            "is first told as paid or later, by the rules of that moment and without what came back before; "
            "cancelling takes it back. `paid_at` and `delivered_at` say from when on it may be spent. Of "
            "an order that has earned no `PUT` changes what it earned nor who pays for it, also where quantities "
            "are corrected downwards: what comes back is told as a return. A redeemed order keeps its "
            "`partner_id` where null is sent."
        ),
    )  # fmt: skip
    def put(self, call: Call, *, order_id: str) -> Answer:
        new_id_in_path("order_id", order_id)
        return once(call, lambda: _put(call, order_id, call.body))

    @operation(
        "Change an order",
        body=PutOrderRequest,
        is_patch=True,
        answers={200: OrderResponse},
        problems=[
            "not_found", "precondition_failed", "state_transition_not_allowed",
            "order_differs_from_redemption",
        ],
    )  # fmt: skip
    def patch(self, call: Call, *, order_id: str) -> Answer:
        known_id_in_path(order_id)

        def act() -> Answer:
            lock_order_id(order_id)
            order = order_by_reference(order_id, lock=True)
            if order is None:
                raise NotFound("There is no such order.")
            current = msgspec.to_builtins(order_request(order))
            return _put(call, order_id, convert(merge_patch(current, call.body), PutOrderRequest))

        return once(call, act)


class OrderBatchView(Endpoint):
    """History."""

    scope = "orders"

    @operation(
        "Import up to 1,000 orders of the past",
        body=ImportOrdersRequest,
        rows=BatchOrder,
        answers={200: RowsResponse},
        description=(
            "Earns no cashback, sends nothing and raises no webhook; what an order earned before may be spent "
            "by the dates told. Each good row is applied as "
            "`PUT` would, but that a redeemed order is not cancelled; the others are reported."
        ),
    )
    def post(self, call: Call) -> Answer:
        rows = read_rows(call.body.orders, BatchOrder, id_name="order_id", check=_row_errors)
        states: dict[str, OrderState] = {row.order_id: row for row in rows.good.values()}
        places = {row.order_id: index for index, row in rows.good.items()}

        def act() -> Answer:
            written = import_orders(states=states, actor=call.caller.actor, now=call.now)
            refused = [
                RowErrors(places[order_id], list(reason.errors))
                for order_id, reason in written.refused.items()
            ]
            errors = told_errors([*rows.errors, *refused])
            return answer(200, RowsResponse(written.created, written.updated, errors))

        return once(call, act)


def _row_errors(row: BatchOrder) -> list[FieldError]:
    return order_errors(row) + unreached_instants(row)


def _put(call: Call, order_id: str, state: OrderState) -> Answer:
    made = put_order(
        order_id=order_id,
        state=state,
        if_match=call.if_match,
        actor=call.caller.actor,
        now=call.now,
    )
    return _shown(made.order, status=201 if made.created else 200, closing=made.closing)


def _shown(
    order: KnownOrder, *, status: int = 200, closing: Callable[[], None] | None = None
) -> Answer:
    (content,) = _responses([order])
    return answer(status, content, etag=etag_of(order.key, order.revision), closing=closing)


def _responses(orders: Sequence[KnownOrder]) -> list[OrderResponse]:
    keys = [order.key for order in orders]
    redemptions, returns = redemptions_of_orders(keys), returns_of(keys)
    cashback = cashback_of_orders(keys)
    return [
        order_response(
            order,
            redemption=redemption_response(redemptions.get(order.key)),
            returns=returns.get(order.key, []),
            cashback=cashback.get(order.key),
        )
        for order in orders
    ]
