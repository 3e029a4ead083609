"""A service that follows the plan's rules in a few lines, and can be told to lie."""

import itertools
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from replay import bodies
from replay.bodies import Names
from replay.calls import Got
from replay.plan import Offer, Plan

Lie = Callable[[str, Any], Any]


def got(status: int, body: Any) -> Got:
    return Got(status, body, msgspec.json.encode(body))


class PretendedShop:
    """Stands in for `Caller`. `lie` gets path and body of each good answer and may change the body."""

    def __init__(self, plan: Plan, names: Names, lie: Lie | None = None) -> None:
        self.names = names
        self.lie = lie or (lambda path, body: body)
        self.offers = {names.promotion(offer.coupon): offer for offer in plan.offers}
        self.members = {names.segment(one): members for one, members in plan.members.items()}
        self.codes: dict[str, tuple[Offer, str | None]] = {}
        self.batches: dict[str, Offer] = {}
        self.used: set[tuple[str, str]] = set()
        self.numbers = itertools.count(1)
        self.lock = threading.Lock()

    def put(self, path: str, body: Any) -> Got:
        return got(200, {})

    def get(self, path: str, *, at: datetime | None = None) -> Got:
        kind, name = path.split("/")[1:3]
        if kind == "segments":
            return got(200, self.lie(path, {"member_count": len(self.members[name])}))
        if kind == "jobs":
            return got(200, self.lie(path, {"status": "succeeded", "done": 1, "total": 1}))
        rows = "".join(
            f"{code},{holder}\n"
            for code, (offer, holder) in self.codes.items()
            if holder is not None and offer is self.batches[name]
        )
        return Got(200, None, self.lie(path, f"code,customer_id\n{rows}").encode())

    def post(self, path: str, body: Any, *, key: str | None = None) -> Got:
        with self.lock:
            return self._post(path, body)

    def _post(self, path: str, body: Any) -> Got:
        if path.endswith("/batch"):
            rows = body.get("customers") or body.get("orders")
            return got(200, self.lie(path, {"created": len(rows), "updated": 0, "errors": []}))
        if path.endswith("/codes"):
            self.codes[body["code"]] = (self.offers[path.split("/")[2]], None)
            return got(201, {"code": body["code"]})
        if path.endswith("/code-batches"):
            name = f"bat_{next(self.numbers)}"
            offer = self.batches[name] = self.offers[path.split("/")[2]]
            for one in offer.members:
                self.codes[f"P{next(self.numbers)}"] = (offer, self.names.customer(one))
            return got(202, {"batch_id": name, "job_id": name})
        return self._check_out(path, body)

    def _check_out(self, path: str, body: Any) -> Got:
        known = self.codes.get(body["codes"][0])
        reason = self._reason(body, *known) if known else "code_not_valid"
        is_named = known and reason != "code_not_valid"
        name = self.names.promotion(known[0].coupon) if is_named else None
        taken = 0 if reason else bodies.WORTH
        told = {
            "discount_total": taken,
            "total": bodies.UNIT_PRICE - taken,
            "applied": [] if reason else [{"promotion_id": name}],
            "codes": [
                {
                    "status": "inapplicable" if reason else "applied",
                    "promotion_id": name,
                    "reason": {"code": reason} if reason else None,
                }
            ],
        }
        if path.endswith("/validate"):
            return got(200, self.lie(path, told))
        if reason:
            return got(422, self.lie(path, told | {"code": "offers_not_applicable"}))
        self.used.add((body["customer_id"], body["codes"][0]))
        told |= {"status": "redeemed", "order_id": body["order_id"]}
        return got(201, self.lie(path, told))

    def _reason(self, body: Any, offer: Offer, holder: str | None) -> str | None:
        at, customer = datetime.fromisoformat(body["at"]), body["customer_id"]
        is_used = (customer, body["codes"][0]) in self.used
        used = "code_already_used" if holder else "customer_limit_reached"
        members = {self.names.customer(one) for one in offer.members}
        reasons = {
            "code_not_valid": holder not in (None, customer),
            "code_not_started": at < bodies.starts_at(offer),
            "code_expired": at >= bodies.ends_at(offer),
            "customer_not_eligible": customer not in members,
            used: is_used,
            "no_qualifying_items": body["lines"][0]["sku"] not in offer.products,
        }
        return next((reason for reason, holds in reasons.items() if holds), None)
