"""A crowd of customers with everything that rules ask about, as the reference wants it told."""

import random
from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.db import transaction

from campaigns.models import Campaign, Delivery, Response
from cashback.actions.adjust import adjust
from cashback.actions.earn import EarningOrder, earn
from cashback.domain.earning import Bonus, Purchase
from common.cart import CartLine
from customers.models import Customer, Event, Membership, MembershipPlan, Order
from promotions.models import Code

SHOP_ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
#: Around days that come once in four years, and where it is another date elsewhere.
MOMENTS = (
    NOW,
    datetime(2026, 2, 28, 10, 30, tzinfo=UTC),
    datetime(2026, 2, 28, 23, 30, tzinfo=UTC),
    datetime(2028, 2, 29, 12, tzinfo=UTC),
    datetime(2026, 1, 31, 12, tzinfo=UTC),
)
DAY = timedelta(days=1)
#: Before all moments, so that nothing that was given by then is booked as due.
GIVEN_AT = NOW - 300 * DAY
PENDING_DAYS, LASTS_DAYS = 14, 180
COUNTRIES = ("DE", "AT", "FR")
CITIES = ("Berlin", "Wien", "50% %(now)s {one}", "L'Aquila")
ZONES = ("Europe/Berlin", "Pacific/Auckland", "America/Los_Angeles", "Pacific/Kiritimati")
DOMAINS = ("example.org", "Tea.example", "shop.example")
CATEGORIES = ("tea", "coffee", "cups")
BRANDS = ("Kyo", "Assam & Co")
CHANNELS = ("web", "app")
PARTNERS = ("p1", "p2")
CURRENCIES = ("EUR", "CHF")
EVENTS = ("page_view", "search")
PAGES = ("/tea", "/cups")
SKUS = ("A", "B", "C", "D")
PLANS = ("gold", "silver")
LISTS = ("list-1", "list-2")
CAMPAIGNS = ("spring", "hello")
#: With what ends their codes at the latest.
PROMOTIONS = {"spring": None, "autumn": NOW + 30 * DAY, "former": NOW}
_BIRTHS = (
    date(2000, 2, 29), date(1996, 2, 29), date(1990, 2, 28), date(1985, 3, 1), date(1970, 12, 31),
    date(2007, 3, 1), date(2007, 2, 28), date(1999, 1, 31),
)  # fmt: skip


#: Whose data are restricted: no rule holds of them.
RESTRICTED = {29, 65}


def crowd(count, *, seed=7):
    """So many customers; the same for the same seed."""
    draw = random.Random(seed)
    return [_with_mails(_with_cashback(_person(draw, nth), nth), nth) for nth in range(count)]


def tell(api, people):
    """Tell the service of them, as a shop would."""
    for name in LISTS:
        api.put(f"/segments/{name}", {"name": name})
    profiles = [{"customer_id": one["customer_id"], **one["profile"]} for one in people]
    assert api.post("/customers/batch", {"customers": profiles})["errors"] == []
    orders = [
        {name: value for name, value in order.items() if name != "returns"}
        | {"customer_id": one["customer_id"]}
        for one in people
        for order in one["orders"]
    ]
    assert api.post("/orders/batch", {"orders": orders, "at": NOW})["errors"] == []
    for one in people:
        _tell_rest(api, one)
    _write_behaviour(people)
    _give_cashback(people)
    _write_mails(people)
    _hand_out_codes(api, people)
    for name in LISTS:
        listed = [one["customer_id"] for one in people if name in one["lists"]]
        assert api.put(f"/segments/{name}/members", {"customer_ids": listed}).status == 200


def _tell_rest(api, one):
    path = f"/customers/{one['customer_id']}"
    for (channel, purpose), state in one["consents"].items():
        said = {"state": state, "source": "form", "recorded_at": NOW}
        assert api.put(f"{path}/consents/{channel}/{purpose}", said).status in {200, 201}
    for order in one["orders"]:
        for nth, returned in enumerate(order["returns"]):
            body = {"return_id": f"r{nth}", "lines": returned["lines"], "at": NOW}
            assert api.post(f"/orders/{order['order_id']}/returns", body).status == 201


def _write_behaviour(people):
    """Events and memberships, straight into their tables."""
    keys = dict(Customer.objects.values_list("reference", "pk"))
    plans = {
        plan: MembershipPlan.objects.create(
            reference=plan, name={"en": plan}, price=0, currency="EUR", period="year",
            created_at=NOW,
        )
        for plan in PLANS
    }  # fmt: skip
    for one in people:
        key = keys[one["customer_id"]]
        Event.objects.bulk_create(
            Event(customer_id=key, received_at=NOW, **event) for event in one["events"]
        )
        Membership.objects.bulk_create(
            Membership(
                customer_id=key, plan=plans[held["plan_id"]], starts_at=held["starts_at"],
                ends_at=held["ends_at"], created_at=NOW,
            )
            for held in one["memberships"]
        )  # fmt: skip


def _give_cashback(people):
    """By hand, or earned with an order that was delivered once or is not yet; before all moments."""
    keys = dict(Customer.objects.values_list("reference", "pk"))
    for one in people:
        for lot in one["cashback"]:
            owner = {"customer_key": keys[one["customer_id"]], "now": GIVEN_AT}
            with transaction.atomic():
                if "order_id" not in lot:
                    adjust(
                        adjustment_id=uuid4(), currency=lot["currency"], amount=lot["amount"],
                        reason="sorry", expires_at=lot["expires_at"], actor="test", **owner,
                    )  # fmt: skip
                else:
                    _earn(lot, **owner)


def _write_mails(people):
    """Campaigns with what was sent and clicked, straight into their tables."""
    keys = dict(Customer.objects.values_list("reference", "pk"))
    campaigns = {
        name: Campaign.objects.create(
            reference=name, name=name, channel="email", purpose="marketing", trigger={},
            timezone="customer", content={}, created_at=NOW,
        )
        for name in CAMPAIGNS
    }  # fmt: skip
    for one in people:
        for nth, mail in enumerate(one["mails"]):
            delivery = Delivery.objects.create(
                campaign=campaigns[mail["campaign_id"]], occurrence=f"{nth}", state=mail["state"],
                customer_id=keys[one["customer_id"]], channel="email", reason="why",
                not_before=NOW, enlisted_at=NOW, submitted_at=mail["sent_at"],
                closed_at=None if mail["state"] == "pending" else NOW,
            )  # fmt: skip
            Response.objects.bulk_create(
                Response(
                    delivery=delivery, kind=called["kind"], agent=called["agent"], at=called["at"],
                    link=0 if called["kind"] == "click" else None,
                )
                for called in mail["calls"]
            )  # fmt: skip


def _earn(lot, *, customer_key, now):
    line = CartLine(line_id="1", sku="A", quantity=1, unit_price=lot["amount"])
    bonus = Bonus(
        promotion_id="given", amount=lot["amount"], lines=(0,), pending_days=PENDING_DAYS,
        expires_after_days=LASTS_DAYS,
    )  # fmt: skip
    purchase = Purchase(
        currency=lot["currency"], lines=[line], bases=[lot["amount"]], bonuses=[bonus]
    )
    order = EarningOrder(
        order_key=Order.objects.get(reference=lot["order_id"]).pk, order_id=lot["order_id"],
        customer_key=customer_key, purchase=purchase, delivered_at=lot["delivered_at"],
    )  # fmt: skip
    earn(order=order, rules=(), now=now)


def _hand_out_codes(api, people):
    """Codes over HTTP; that one was redeemed or disabled is written beside it."""
    for name, ends_at in PROMOTIONS.items():
        body = {
            "name": name, "status": "active", "activation": "code", "currency": "EUR",
            "effect": {"kind": "percentage", "percent": "10", "on": "order"},
            "schedule": {"starts_at": NOW - 800 * DAY, "ends_at": ends_at},
        }  # fmt: skip
        assert api.put(f"/promotions/{name}", body).status == 201
    for one in people:
        for code in one["codes"]:
            body = {"code": code["code"], "customer_id": one["customer_id"]}
            body["valid_until"] = code["code_ends"]
            assert api.post(f"/promotions/{code['promotion_id']}/codes", body).status == 201
            told = {"used": 1} if code["used"] else {}
            if code["is_disabled"]:
                told["status"] = Code.Status.DISABLED
            if told:
                Code.objects.filter(code=code["code"]).update(**told)


def _person(draw, nth):
    def maybe(*values):
        return draw.choice((None, *values))

    attributes = {
        "household_size": draw.choice((1, 2, 2.5, "2", None)),
        "interests": draw.choice((["tea"], ["tea", "cups"], [2, True], "tea", None)),
        "vip": draw.choice((True, False, 1, None)),
    }
    return {
        "customer_id": f"c{nth:03d}",
        "profile": {
            "email": f"c{nth}@{draw.choice(DOMAINS)}" if draw.random() < 0.8 else None,
            "country": maybe(*COUNTRIES),
            "city": maybe(*CITIES),
            "postal_code": maybe("10115", "10117", "80331"),
            "locale": maybe("de", "de-AT", "en"),
            "gender": maybe("f", "m"),
            "timezone": maybe(*ZONES),
            "birth_date": maybe(*_BIRTHS),
            "registered_at": maybe(
                NOW - 30 * DAY, NOW - 30 * DAY + timedelta(seconds=1), NOW - 400 * DAY, NOW
            ),
            "attributes": {name: value for name, value in attributes.items() if value is not None},
            "is_restricted": nth in RESTRICTED,
        },
        "consents": {
            (channel, purpose): draw.choice(("granted", "withdrawn", "requested"))
            for channel in ("email", "sms")
            for purpose in ("marketing", "tracking")
            if draw.random() < 0.5
        },
        "orders": [_order(draw, f"o{nth}-{n}") for n in range(draw.choice((0, 0, 1, 1, 2, 3, 5)))],
        "events": [_event(draw, f"e{nth}-{n}") for n in range(draw.choice((0, 1, 2, 4)))],
        "memberships": [_membership(draw, plan) for plan in PLANS if draw.random() < 0.4],
        "codes": [_code(draw, f"WORLD{nth}X{n}") for n in range(draw.choice((0, 1, 2, 3, 4)))],
        "lists": [name for name in LISTS if draw.random() < 0.4],
    }


def _with_cashback(person, nth):
    """By chances of its own."""
    draw = random.Random(f"cashback {nth}")
    given = [_given(draw) for _ in range(draw.choice((0, 0, 1, 2)))]
    earned = [_earned(draw, order["order_id"]) for order in person["orders"]]
    return person | {"cashback": given + earned}


def _with_mails(person, nth):
    """By chances of its own."""
    draw = random.Random(f"mails {nth}")
    return person | {"mails": [_mail(draw) for _ in range(draw.choice((0, 1, 2, 3)))]}


def _mail(draw):
    state = draw.choice(("accepted", "accepted", "delivered", "bounced", "complained", "pending",
                         "held_out", "unknown"))  # fmt: skip
    is_sent = state not in {"pending", "held_out"}
    calls = draw.choice((0, 1, 3)) if is_sent else 0
    return {
        "campaign_id": draw.choice(CAMPAIGNS),
        "state": state,
        "sent_at": _instant(draw) if is_sent else None,
        "calls": [_call(draw) for _ in range(calls)],
    }


def _call(draw):
    return {
        "kind": draw.choice(("open", "click", "click")),
        "agent": draw.choice(("human", "human", "unknown", "bot", "proxy")),
        "at": _instant(draw),
    }


def _given(draw):
    return {
        "currency": draw.choice((*CURRENCIES, "EUR")),
        "amount": draw.choice((100, 200, 300)),
        "available_at": GIVEN_AT,
        "expires_at": NOW + draw.choice((-DAY, timedelta(0), 7 * DAY, 30 * DAY, 400 * DAY)),
    }


def _earned(draw, order_id):
    delivered_at = draw.choice((None, NOW - 200 * DAY, NOW - 14 * DAY, NOW, NOW - 13 * DAY))
    available_at = delivered_at and delivered_at + PENDING_DAYS * DAY
    last = available_at and available_at.astimezone(SHOP_ZONE).date() + LASTS_DAYS * DAY
    return {
        "order_id": order_id,
        "currency": draw.choice(CURRENCIES),
        "amount": draw.choice((100, 200, 300)),
        "delivered_at": delivered_at,
        "available_at": available_at,
        "expires_at": last and datetime.combine(last + DAY, time(), SHOP_ZONE),
    }


def _instant(draw):
    """Often exactly where a period begins."""
    back = draw.choice((0, 7, 30, 30, 90, 365, 700)) * DAY
    return NOW - back + draw.choice((-1, 0, 0, 1)) * timedelta(seconds=1)


def _order(draw, order_id):
    placed_at = min(_instant(draw), NOW)
    lines = [_line(draw, str(n)) for n in range(draw.choice((1, 1, 2, 3)))]
    status = draw.choice(("placed", "paid", "delivered", "delivered", "cancelled"))
    returned = []
    if status == "delivered" and draw.random() < 0.5:
        returned = [_returned(draw, line) for line in lines if draw.random() < 0.7]
    return {
        "order_id": order_id,
        "status": status,
        "placed_at": placed_at,
        "currency": draw.choice(CURRENCIES),
        "channel": draw.choice((None, *CHANNELS)),
        "partner_id": draw.choice((None, None, *PARTNERS)),
        "lines": lines,
        "returns": [{"returned_at": NOW, "lines": returned}] if returned else [],
    }


def _line(draw, line_id):
    if draw.random() < 0.4:
        # What many buy, so that some average is had by many.
        return {
            "line_id": line_id, "sku": "A", "categories": ["tea"], "brand": "Kyo", "quantity": 1,
            "unit_price": 333, "discount_amount": 0,
        }  # fmt: skip
    quantity, price = draw.choice((1, 2, 3, 7)), draw.choice((100, 333, 1000))
    return {
        "line_id": line_id,
        "sku": draw.choice(SKUS),
        "categories": draw.sample(CATEGORIES, draw.choice((0, 1, 2))),
        "brand": draw.choice((None, *BRANDS)),
        "quantity": quantity,
        "unit_price": price,
        "discount_amount": draw.choice((0, 0, 10, 100)),
    }


def _returned(draw, line):
    return {"line_id": line["line_id"], "quantity": draw.randint(1, line["quantity"])}


def _event(draw, event_id):
    properties = {"page": draw.choice(PAGES), "position": draw.choice((1, 1.0, "1", True))}
    return {
        "event_id": event_id,
        "name": draw.choice(EVENTS),
        "occurred_at": min(_instant(draw), NOW),
        "properties": {name: value for name, value in properties.items() if draw.random() < 0.8},
    }


def _code(draw, code):
    name = draw.choice(sorted(PROMOTIONS))
    code_ends = draw.choice((None, NOW - DAY, NOW, NOW + 7 * DAY, NOW + 60 * DAY))
    ends = [instant for instant in (code_ends, PROMOTIONS[name]) if instant is not None]
    return {
        "code": code,
        "promotion_id": name,
        "code_ends": code_ends,
        "valid_until": min(ends, default=None),
        "used": draw.random() < 0.25,
        "is_disabled": draw.random() < 0.1,
    }


def _membership(draw, plan):
    starts_at = NOW - draw.choice((0, 30, 400)) * DAY
    ends = (None, starts_at + 365 * DAY) if starts_at == NOW else (None, NOW, starts_at + 365 * DAY)
    return {"plan_id": plan, "starts_at": starts_at, "ends_at": draw.choice(ends)}
