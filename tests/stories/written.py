"""The shop's notebook: every call as it went over HTTP, and what must come of them all.

Written from the contract; prices and reasons are those of `tests.reference`. It looks into no table.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from tests.api import Api
from tests.reference.codes import normalised
from tests.reference.effects import offer_of
from tests.reference.pricing import answer
from tests.reference.reasons import Asked, code_limit, reasons
from tests.reference.segments import in_segment

ZONE = "Europe/Berlin"


@dataclass(frozen=True)
class Call:
    """One call and its answer."""

    at: datetime
    method: str
    path: tuple[str, ...]
    body: dict
    status: int
    answer: dict


class Notebook(Api):
    """An API that is written down."""

    def __init__(self, key):
        super().__init__(key)
        self.calls: list[Call] = []

    def do(self, method, path, body=None, *, at, **headers):
        """Call at an instant; the answer."""
        if method in {"GET", "DELETE"}:
            got = self.call(method, f"{path}?at={at.isoformat().replace('+', '%2B')}", **headers)
        else:
            sent = dict(body or {}, at=at.isoformat())
            post = {"idempotency_key": f"the-call-no-{len(self.calls):05}"}
            got = self.call(method, path, sent, **(post if method == "POST" else {}), **headers)
        steps = tuple(path.strip("/").split("/"))
        self.calls.append(Call(at, method, steps, body or {}, got.status, got.body))
        return got


@dataclass
class Shop:
    """What the shop must know after the calls so far."""

    customers: dict = field(default_factory=dict)
    memberships: dict = field(default_factory=dict)
    segments: dict = field(default_factory=dict)
    promotions: dict = field(default_factory=dict)
    codes: dict = field(default_factory=dict)
    #: By redemption id: the call, and whether it was cancelled.
    sold: dict = field(default_factory=dict)

    def take(self, call):
        """Whatever a call that went well has changed."""
        if call.status >= 300:
            return
        match call.method, *call.path:
            case "PUT", "customers", customer:
                self.customers[customer] = call.body
            case "PUT", "customers", customer, "memberships", plan:
                self.memberships[customer, plan] = dict(call.body)
            case "DELETE", "customers", customer, "memberships", plan:
                self.memberships[customer, plan]["ends_at"] = call.at.isoformat()
            case "PUT", "segments", segment:
                self.segments[segment] = call.body["rule"]
            case "PUT", "promotions", promotion:
                self.promotions[promotion] = call.body
            case "POST", "promotions", promotion, "codes":
                row = {"promotion_id": promotion, "no": len(self.codes), **call.body}
                self.codes[normalised(call.body["code"])] = row
            case "POST", "checkout", "redemptions":
                self.sold[call.answer["redemption_id"]] = [call, False]
            case "POST", "checkout", "redemptions", redemption, "cancel":
                self.sold[redemption][1] = True

    def standing(self):
        """Redemptions that were not cancelled."""
        return [call for call, is_cancelled in self.sold.values() if not is_cancelled]

    def asked(self, cart, now):
        """The cart at an instant, and all that counts beside it."""
        return Asked(
            cart=cart, now=now, shop_zone=ZONE, codes=self.codes_used(),
            counts=self.counts(cart["customer_id"]), customer=self.person(cart["customer_id"], now),
        )  # fmt: skip

    def codes_used(self):
        """Each code with how often it is used."""
        used = Counter(
            normalised(row["code"])
            for call in self.standing()
            for row in call.answer["applied"]
            if row["code"]
        )
        return {name: {**row, "used": used[name], "held": 0} for name, row in self.codes.items()}

    def counts(self, customer):
        """Uses and discount of each promotion, and this customer's uses."""
        counts = {}
        for call in self.standing():
            for row in call.answer["applied"]:
                one = counts.setdefault(row["promotion_id"], Counter())
                one.update(used=1, spent=row["amount"])
                one.update(customer_used=call.body["customer_id"] == customer)
        return counts

    def person(self, customer, now):
        """What an audience asks of a customer."""
        held = [
            {
                "plan_id": plan,
                "starts_at": datetime.fromisoformat(period["starts_at"]),
                "ends_at": period.get("ends_at") and datetime.fromisoformat(period["ends_at"]),
            }
            for (member, plan), period in self.memberships.items()
            if member == customer
        ]
        known = {"profile": self.customers[customer], "memberships": held, "lists": ()}
        orders = [call for call in self.standing() if call.body["customer_id"] == customer]
        return {
            "registered": self.customers[customer].get("registered_at") is not None,
            "earlier_orders": sum(call.at < now for call in orders),
            "segments": [
                name
                for name in self.segments
                if in_segment(name, known, segments=self.segments, now=now, shop_zone=ZONE)
            ],
        }

    def price(self, cart, now):
        """The cart's price by the published policy."""
        return answer(self.asked(cart, now), self.promotions)

    def refused_automatic(self, cart, now):
        """Why each automatic promotion that is active is not given."""
        asked = self.asked(cart, now)
        for name, body in self.promotions.items():
            if body["activation"] == "automatic" and body["status"] == "active":
                why = next(reasons(offer_of(name, body, cart), None, asked), None)
                if why is not None:
                    yield name, why

    def wallet(self, customer, now):
        """Codes and offers that the customer's page shows: rows of code, promotion, status, end."""
        person, counts, used = self.person(customer, now), self.counts(customer), self.codes_used()
        codes, offers = [], []
        for name, body in self.promotions.items():
            audience = body.get("audience") or {}
            is_meant = in_group(audience, person)
            own = counts.get(name, Counter())["customer_used"]
            most = (body.get("limits") or {}).get("per_customer")
            is_over = (body.get("limits") or {}).get("redemptions", 10**9) <= counts.get(
                name, Counter()
            )["used"]
            is_used = most is not None and own >= most
            when = [(body.get("schedule") or {}, "starts_at", "ends_at")]
            if body["activation"] == "automatic":
                status = stands(body, when, now, is_used=is_used, is_over=is_over)
                if is_for_few(audience) and is_meant and status in {"usable", "upcoming"}:
                    offers.append((None, name, status, end_of(when)))
                continue
            for code in (row for row in used.values() if row["promotion_id"] == name):
                is_own = code.get("customer_id") == customer
                limit = code_limit(code, body.get("limits") or {})
                is_gone = limit is not None and code["used"] >= limit
                period = [*when, (code, "valid_from", "valid_until")]
                status = stands(
                    body, period, now, is_used=is_used or is_own and is_gone,
                    is_over=is_over or is_gone,
                )  # fmt: skip
                is_shared = code.get("customer_id") is None and is_for_few(audience)
                is_shown = is_meant or status == "used"
                if is_shown and (is_own or is_shared and status != "expired"):
                    codes.append((code["code"], name, status, end_of(period)))
        return sorted(codes, key=str), sorted(offers, key=str)


def is_for_few(audience):
    """Whether it is for registered customers, or for segments."""
    return bool(audience.get("registered") or audience.get("segments"))


def in_group(audience, person):
    """Whether the customer is of the audience."""
    if audience.get("registered") and not person["registered"]:
        return False
    wanted = audience.get("segments")
    return not wanted or bool(set(wanted) & set(person["segments"]))


def stands(body, periods, now, *, is_used, is_over):
    """The status of something in the wallet."""
    if is_used:
        return "used"
    starts = [datetime.fromisoformat(p[a]) for p, a, _ in periods if p.get(a)]
    end = end_of(periods)
    if is_over or end is not None and now >= end:
        return "expired"
    weekly = (body.get("schedule") or {}).get("weekly") or []
    is_open = not weekly or any(is_in(window, now) for window in weekly)
    return "usable" if is_open and all(now >= start for start in starts) else "upcoming"


def is_in(window, now):
    """Whether a window, which is of one day, is open."""
    local = now.astimezone(ZoneInfo(ZONE))
    clock = f"{local:%H:%M}"
    return local.isoweekday() in window["days"] and window["from"] <= clock < window["until"]


def end_of(periods):
    """The first instant at which one of the periods is over."""
    ends = [datetime.fromisoformat(p[b]) for p, _, b in periods if p.get(b)]
    return min(ends, default=None)
