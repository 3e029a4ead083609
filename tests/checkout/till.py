"""The checkout over HTTP in a few words: a shop's till, which makes offers and serves carts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tests.api import NOON, Api, Got

THREE_OFF = {"kind": "fixed_amount", "amount": 300}


def line(line_id="1", *, quantity=1, unit_price=1000, **more) -> dict[str, Any]:
    """Tea at 10.00 unless told otherwise."""
    plain = {"sku": "TEA", "categories": ["tea"]}
    return {"line_id": line_id, "quantity": quantity, "unit_price": unit_price, **plain, **more}


def cart(*lines, codes=(), customer="ada", at: datetime = NOON, **more) -> dict[str, Any]:
    """Three packets of tea for Ada unless told otherwise."""
    return {
        "customer_id": customer,
        "currency": "EUR",
        "lines": list(lines) or [line(quantity=3)],
        "codes": list(codes),
        "at": at.isoformat(),
        **more,
    }


def merged(*parts: Mapping[str, Any]) -> dict[str, Any]:
    """Promotion fields one over the other, objects member by member; an effect is replaced whole."""
    result: dict[str, Any] = {}
    for part in parts:
        for name, value in part.items():
            before = result.get(name)
            mixes = isinstance(value, dict) and isinstance(before, dict) and name != "effect"
            result[name] = merged(before, value) if mixes else value
    return result


class Till:
    """Everything happens at NOON unless `at` says otherwise."""

    def __init__(self, api: Api) -> None:
        self.api = api

    def offer(self, promotion_id="tea", *, code=None, holder=None, **fields) -> None:
        """An active promotion of 3.00 off, perhaps with a code; put again it is replaced."""
        plain = {"name": promotion_id, "status": "active", "currency": "EUR", "effect": THREE_OFF}
        made = self.api.put(f"/promotions/{promotion_id}", merged(plain, fields))
        assert made.status in (200, 201), made
        if code is not None:
            self.issue(code, promotion_id, **({"customer_id": holder} if holder else {}))

    def issue(self, code: str, promotion_id="tea", **fields) -> None:
        """A code of the promotion."""
        made = self.api.post(f"/promotions/{promotion_id}/codes", {"code": code, **fields})
        assert made.status == 201, made

    def change_code(self, code: str, promotion_id="tea", **fields) -> None:
        """Other terms for a code."""
        changed = self.api.patch(f"/promotions/{promotion_id}/codes/{code}", fields)
        assert changed.status == 200, changed

    def code(self, code: str, promotion_id="tea") -> tuple[int, int]:
        """How often the code was used, and is held."""
        row = self.api.get(f"/promotions/{promotion_id}/codes/{code}")
        assert row.status == 200, row
        return row["used"], row["held"]

    def validate(self, *lines, language=None, **fields) -> Got:
        """The price of a cart, asked for as a storefront does: without an Idempotency-Key."""
        headers = {"idempotency_key": None, **_in(language)}
        found = self.api.post("/checkout/validate", cart(*lines, **fields), **headers)
        assert found.status == 200, found
        return found

    def reserve(self, *lines, language=None, **fields) -> Got:
        return self.api.post("/checkout/reservations", cart(*lines, **fields), **_in(language))

    def redeem(self, order_id: str, *lines, language=None, **fields) -> Got:
        """A whole cart at once."""
        body = cart(*lines, order_id=order_id, **fields)
        return self.api.post("/checkout/redemptions", body, **_in(language))

    def redeem_held(self, held: Got, order_id: str, *, at: datetime = NOON) -> Got:
        """What was reserved before."""
        body = {
            "reservation_id": held["reservation_id"],
            "order_id": order_id,
            "at": at.isoformat(),
        }
        return self.api.post("/checkout/redemptions", body)

    def swap(self, held: Got, *lines, **fields) -> Got:
        """Another cart for what was reserved."""
        return self.api.put(_path(held), cart(*lines, **fields))

    def extend(self, held: Got, ttl_seconds: int, *, at: datetime = NOON) -> Got:
        return self.api.post(
            f"{_path(held)}/extend", {"ttl_seconds": ttl_seconds, "at": at.isoformat()}
        )

    def release(self, held: Got, *, at: datetime = NOON) -> Got:
        return self.api.delete(f"{_path(held)}?at={moment(at)}")

    def look(self, held: Got, *, at: datetime = NOON) -> Got:
        """The reservation as it stands."""
        return self.api.get(f"{_path(held)}?at={moment(at)}")

    def cancel(self, redeemed: Got, *, at: datetime = NOON) -> Got:
        path = f"/checkout/redemptions/{redeemed['redemption_id']}/cancel"
        return self.api.post(path, {"at": at.isoformat()})

    def give_back(
        self, order_id: str, name: str, units: Mapping[str, int], *, shipping=False, at=NOON
    ) -> Got:
        """A return of so many units of each line."""
        body = {
            "return_id": name,
            "lines": [{"line_id": line_id, "quantity": n} for line_id, n in units.items()],
            "refund_shipping": shipping,
            "at": at.isoformat(),
        }
        return self.api.post(f"/orders/{order_id}/returns", body)

    def put_order(self, order_id: str, *lines, status="paid", at=NOON, **fields) -> Got:
        """An order as the shop tells it."""
        body = {
            "customer_id": "ada",
            "currency": "EUR",
            "status": status,
            "lines": list(lines) or [line(quantity=3)],
            "at": at.isoformat(),
            **fields,
        }
        return self.api.put(f"/orders/{order_id}", body)

    def why(self, *lines, **fields) -> str | None:
        """The reason that the first code of the cart gets; `None` when it is applied."""
        reason = self.validate(*lines, **fields)["codes"][0]["reason"]
        return reason and reason["code"]


def moment(at: datetime) -> str:
    """An instant as a query takes it."""
    return at.isoformat().replace("+", "%2B")


def _path(held: Got) -> str:
    return f"/checkout/reservations/{held['reservation_id']}"


def _in(language: str | None) -> dict[str, str]:
    return {"accept_language": language} if language else {}
