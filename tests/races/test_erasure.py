"""A customer is erased while the shop goes on: whoever is first, nothing of the person is left."""

from functools import partial

import pytest

from customers.actions.erase import SETTLED
from customers.models import Customer, Order
from tests.api import NOON
from tests.privacy.life import CUSTOMER, PLANTED, PROFILE, cart, dump, found_in, order, table_dump
from tests.races.offers import MINUTE, codes, promotion
from tests.races.storm import storm

pytestmark = pytest.mark.postgres15

LATER = NOON + MINUTE
LIMITS = {"redemptions": 500, "per_customer": 500}


@pytest.fixture
def shop(http_shop):
    """A shop with a code for all, one of Ada's own, and Ada."""
    owner = promotion("tea", limits=LIMITS)
    codes(owner, ["SHARED1"])
    http_shop.call("PUT", f"/customers/{CUSTOMER}", PROFILE)
    codes(owner, ["ADASOWN1"], customer=CUSTOMER, max_redemptions=100)
    return http_shop


def erase(shop, at=LATER):
    return shop.call("POST", f"/customers/{CUSTOMER}/erase", {}, at=at)


def test_whoever_is_told_or_buys_while_being_erased_leaves_nothing_behind(shop, seed):
    held = [shop.reserve(cart("SHARED1"), at=NOON)["reservation_id"] for _ in range(6)]
    tracked = order(tracking_url=PLANTED["where the parcel is"])
    for number in range(6):
        shop.put_order(f"known-{number}", tracked, at=NOON)
    jobs = [(("erase", n), partial(erase, shop)) for n in range(4)]
    for number in range(6):
        event = {
            "event_id": f"event-planted-1-{number}", "customer_id": CUSTOMER,
            "name": PLANTED["an event's name"], "occurred_at": NOON.isoformat(),
        }  # fmt: skip
        jobs += [
            ("put", partial(shop.call, "PUT", f"/customers/{CUSTOMER}", PROFILE)),
            ("event", partial(shop.call, "POST", "/events", {"events": [event]}, at=LATER)),
            ("order", partial(shop.put_order, f"new-{number}", tracked, at=LATER)),
            ("again", partial(shop.put_order, f"known-{number}", tracked, at=LATER)),
            ("redeem", partial(shop.redeem, cart("ADASOWN1", "SHARED1"), f"r-{number}", at=LATER)),
            ("held", partial(shop.redeem_held, held[number], f"h-{number}", at=LATER)),
            ("reserve", partial(shop.reserve, cart("SHARED1"), at=LATER)),
        ]

    attempts = storm(jobs, seed=seed)

    assert {a.told.status for a in attempts if a.tag[0] == "erase"} == {200}
    assert {a.told.status for a in attempts if a.tag == "order"} == {201}
    assert {a.told.status for a in attempts if a.tag == "again"} == {200}
    assert {a.told.status for a in attempts if a.tag == "held"} <= {201, 409}
    # Whoever came after the erasure has made a new customer of that id.
    erase(shop)
    shop.sweep(at=LATER + SETTLED)
    told = table_dump("journal_outboxevent")
    assert found_in(dump().replace(told, b"")) == {}
    assert not Customer.objects.filter(reference=CUSTOMER).exists()
    assert Order.objects.filter(customer__erased_at=None).count() == 0


def test_eight_erasures_at_once_are_one(shop, seed):
    jobs = [(n, partial(erase, shop, at=LATER + n * MINUTE)) for n in range(32)]

    attempts = storm(jobs, seed=seed, threads=8, in_flight=4)

    assert {a.told.status for a in attempts} == {200}
    assert len({a.told["erased_at"] for a in attempts}) == 1
    assert Customer.objects.filter(erased_at__isnull=False).count() == 1
