"""The service as a race calls it: over HTTP on two web processes, or its actions from threads."""

import http.client
import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import quote, urlsplit
from uuid import UUID, uuid4

import msgspec

from access.authentication import Caller
from checkout.actions import cancel, orders, redeem, reserve, returns, validate
from checkout.actions.expire import expire_due
from checkout.actions.price import OffersNotApplicable
from checkout.actions.settle import settle
from checkout.domain.returns import Asked
from checkout.serializers.answers import code_rows, priced_members
from common.answers import Answer, answer
from common.api.call import Call
from common.api.problems import problem_of
from common.cart import Cart
from common.errors import CODES, DomainError
from common.ids import parse_public_id, public_id
from customers.domain.orders import OrderState
from tests.races.storm import Told, told_of

Body = dict[str, Any]


class Shop(Protocol):
    """What a race asks of the service; ids as the API writes them, instants as arguments."""

    def validate(self, cart: Body, *, at: datetime) -> Told: ...
    def reserve(
        self, cart: Body, *, at: datetime, ttl_seconds: int = 900, key: str | None = None
    ) -> Told: ...
    def change(self, reservation: str, cart: Body, *, at: datetime) -> Told: ...
    def extend(self, reservation: str, *, ttl_seconds: int, at: datetime) -> Told: ...
    def release(self, reservation: str, *, at: datetime) -> Told: ...
    def redeem(self, cart: Body, order: str, *, at: datetime, key: str | None = None) -> Told: ...
    def redeem_held(self, reservation: str, order: str, *, at: datetime) -> Told: ...
    def cancel(self, redemption: str, *, at: datetime) -> Told: ...
    def return_units(
        self, order: str, name: str, units: dict[str, int], *, at: datetime, shipping: bool = False
    ) -> Told: ...
    def put_order(self, order: str, body: Body, *, at: datetime) -> Told: ...
    def sweep(self, *, at: datetime) -> Told: ...


class OverHttp:
    """Each thread has a connection to each web process and uses them in turn."""

    def __init__(self, urls: list[str], key: str) -> None:
        self._urls = urls
        self._key = key
        self._mine = threading.local()
        self._open: list[http.client.HTTPConnection] = []

    def close(self) -> None:
        """End all connections."""
        for connection in self._open:
            connection.close()

    def validate(self, cart: Body, *, at: datetime) -> Told:
        return self.call("POST", "/checkout/validate", cart, at=at)

    def reserve(
        self, cart: Body, *, at: datetime, ttl_seconds: int = 900, key: str | None = None
    ) -> Told:
        body = {**cart, "ttl_seconds": ttl_seconds}
        return self.call("POST", "/checkout/reservations", body, at=at, key=key)

    def change(self, reservation: str, cart: Body, *, at: datetime) -> Told:
        return self.call("PUT", f"/checkout/reservations/{reservation}", cart, at=at)

    def extend(self, reservation: str, *, ttl_seconds: int, at: datetime) -> Told:
        path = f"/checkout/reservations/{reservation}/extend"
        return self.call("POST", path, {"ttl_seconds": ttl_seconds}, at=at)

    def release(self, reservation: str, *, at: datetime) -> Told:
        path = f"/checkout/reservations/{reservation}?at={quote(at.isoformat())}"
        return self.call("DELETE", path)

    def redeem(self, cart: Body, order: str, *, at: datetime, key: str | None = None) -> Told:
        body = {**cart, "order_id": order}
        return self.call("POST", "/checkout/redemptions", body, at=at, key=key)

    def redeem_held(self, reservation: str, order: str, *, at: datetime) -> Told:
        body = {"reservation_id": reservation, "order_id": order}
        return self.call("POST", "/checkout/redemptions", body, at=at)

    def cancel(self, redemption: str, *, at: datetime) -> Told:
        return self.call("POST", f"/checkout/redemptions/{redemption}/cancel", {}, at=at)

    def return_units(
        self, order: str, name: str, units: dict[str, int], *, at: datetime, shipping: bool = False
    ) -> Told:
        lines = [{"line_id": line, "quantity": count} for line, count in units.items()]
        body = {"return_id": name, "lines": lines, "refund_shipping": shipping}
        return self.call("POST", f"/orders/{order}/returns", body, at=at)

    def put_order(self, order: str, body: Body, *, at: datetime) -> Told:
        return self.call("PUT", f"/orders/{order}", body, at=at)

    def sweep(self, *, at: datetime) -> Told:
        return self.call("POST", "/clock/run", {}, at=at)

    def call(
        self,
        method: str,
        path: str,
        body: Body | None = None,
        *,
        at: datetime | None = None,
        key: str | None = None,
    ) -> Told:
        """POST gets a fresh Idempotency-Key unless one is given."""
        if body is not None and at is not None:
            body = {**body, "at": at.isoformat()}
        headers = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"}
        if method == "POST":
            headers["Idempotency-Key"] = key or uuid4().hex
        connection = self._connection()
        connection.request(
            method, f"/api/v1{path}", b"" if body is None else msgspec.json.encode(body), headers
        )
        response = connection.getresponse()
        return told_of(response.status, response.read(), dict(response.headers))

    def _connection(self) -> http.client.HTTPConnection:
        if not hasattr(self._mine, "turns"):
            hosts = [urlsplit(url).netloc for url in self._urls]
            made = [http.client.HTTPConnection(host, timeout=60) for host in hosts]
            self._open += made
            self._mine.turns = itertools.cycle(made)
        connection: http.client.HTTPConnection = next(self._mine.turns)
        return connection


@dataclass(frozen=True)
class ThroughActions:
    """The same acts without views: each thread has its own connection to the database."""

    key_id: int

    def validate(self, cart: Body, *, at: datetime) -> Told:
        def act(call: Call) -> Answer:
            found = validate.validate(cart=_cart(cart), now=at)
            return answer(200, {"codes": code_rows(found.answer, language="en")})

        return self._run("POST", "/checkout/validate", cart, None, at, act)

    def reserve(
        self, cart: Body, *, at: datetime, ttl_seconds: int = 900, key: str | None = None
    ) -> Told:
        def act(swept: bool) -> Answer:
            made = reserve.reserve(cart=_cart(cart), ttl_seconds=ttl_seconds, now=at, swept=swept)
            return _reserved(201, made)

        return self._settle("POST", "/checkout/reservations", cart, key, at, act)

    def change(self, reservation: str, cart: Body, *, at: datetime) -> Told:
        def act(swept: bool) -> Answer:
            made = reserve.change_reservation(
                reservation_id=_uuid(reservation),
                cart=_cart(cart),
                ttl_seconds=None,
                now=at,
                swept=swept,
            )
            return _reserved(200, made)

        return self._settle("PUT", f"/checkout/reservations/{reservation}", cart, None, at, act)

    def extend(self, reservation: str, *, ttl_seconds: int, at: datetime) -> Told:
        def act(swept: bool) -> Answer:
            made = reserve.extend_reservation(
                reservation_id=_uuid(reservation), ttl_seconds=ttl_seconds, now=at
            )
            return _reserved(200, made)

        path = f"/checkout/reservations/{reservation}/extend"
        return self._settle("POST", path, {}, None, at, act)

    def release(self, reservation: str, *, at: datetime) -> Told:
        def act(swept: bool) -> Answer:
            closing = reserve.release_reservation(reservation_id=_uuid(reservation), now=at)
            return answer(204, closing=closing)

        return self._settle("DELETE", f"/checkout/reservations/{reservation}", {}, None, at, act)

    def redeem(self, cart: Body, order: str, *, at: datetime, key: str | None = None) -> Told:
        def act(swept: bool) -> Answer:
            return _redeemed(
                201, redeem.redeem_cart(cart=_cart(cart), order_id=order, now=at, swept=swept)
            )

        body = {**cart, "order_id": order}
        return self._settle("POST", "/checkout/redemptions", body, key, at, act)

    def redeem_held(self, reservation: str, order: str, *, at: datetime) -> Told:
        def act(swept: bool) -> Answer:
            made = redeem.redeem_reservation(
                reservation_id=_uuid(reservation), order_id=order, now=at
            )
            return _redeemed(201, made)

        return self._settle("POST", "/checkout/redemptions", {}, None, at, act)

    def cancel(self, redemption: str, *, at: datetime) -> Told:
        def act(swept: bool) -> Answer:
            done = cancel.cancel_redemption(redemption_id=_uuid(redemption), now=at)
            return answer(200, {"status": done.redemption.status}, closing=done.closing)

        path = f"/checkout/redemptions/{redemption}/cancel"
        return self._settle("POST", path, {}, None, at, act)

    def return_units(
        self, order: str, name: str, units: dict[str, int], *, at: datetime, shipping: bool = False
    ) -> Told:
        def act(swept: bool) -> Answer:
            made = returns.return_lines(
                order_id=order,
                return_id=name,
                asked=[Asked(line_id=line, quantity=count) for line, count in units.items()],
                refund_shipping=shipping,
                now=at,
            )
            return answer(201 if made.is_new else 200, made.content, closing=made.closing)

        return self._settle("POST", f"/orders/{order}/returns", {}, None, at, act)

    def put_order(self, order: str, body: Body, *, at: datetime) -> Told:
        def act(swept: bool) -> Answer:
            state = msgspec.convert(body, OrderState)
            put = orders.put_order(order_id=order, state=state, if_match=None, actor="test", now=at)
            content = {"status": put.order.status}
            return answer(201 if put.created else 200, content, closing=put.closing)

        return self._settle("PUT", f"/orders/{order}", body, None, at, act)

    def sweep(self, *, at: datetime) -> Told:
        return Told(200, {"done": expire_due(now=at)})

    def _settle(
        self,
        method: str,
        path: str,
        body: Body,
        key: str | None,
        at: datetime,
        act: Callable[[bool], Answer],
    ) -> Told:
        def run(call: Call) -> Answer:
            return settle(call, act, refuse=_refuse)

        return self._run(method, path, body, key, at, run)

    def _run(
        self,
        method: str,
        path: str,
        body: Body,
        key: str | None,
        at: datetime,
        act: Callable[[Call], Answer],
    ) -> Told:
        call = Call(
            body=body,
            raw=msgspec.json.encode(body),
            query={},
            now=at,
            at_given=True,
            caller=Caller(self.key_id, "race", frozenset()),
            language="en",
            request_id="race",
            method=method,
            path=path,
            if_match=None,
            idempotency_key=(key or uuid4().hex) if method == "POST" else None,
            key_rule="required" if method == "POST" else None,
        )
        try:
            made = act(call)
        except DomainError as error:
            made = _refuse(error)
        return told_of(made.status, made.body, {"Content-Type": made.content_type, **made.headers})


def _cart(body: Body) -> Cart:
    return msgspec.convert(body, Cart)


def _uuid(public: str) -> UUID:
    found = parse_public_id(public.partition("_")[0], public)
    assert found is not None
    return found


def _reserved(status: int, made: reserve.Reserved) -> Answer:
    kept = made.reservation
    content = priced_members(made.answer, decision_id=None, language="en") | {
        "reservation_id": public_id("rsv", kept.pk),
        "status": kept.status,
        "expires_at": kept.expires_at,
    }
    return answer(status, content, closing=made.closing)


def _redeemed(status: int, made: redeem.Redeemed) -> Answer:
    content = priced_members(made.answer, decision_id=None, language="en") | {
        "redemption_id": public_id("red", made.redemption.pk),
        "status": made.redemption.status,
    }
    return answer(status, content, closing=made.closing)


def _refuse(error: DomainError) -> Answer:
    if isinstance(error, OffersNotApplicable):
        error.extension = {"codes": code_rows(error.priced.answer, language="en")}
    assert error.code in CODES
    return problem_of(error, request_id="race")
