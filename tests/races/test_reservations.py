"""Reserve against expire, redeem, release, change and cancel: each reservation has one end."""

import random
from collections.abc import Callable
from functools import partial
from uuid import UUID

import pytest
from django.core.management import call_command

from checkout.models import Redemption, Reservation
from tests.api import NOON
from tests.races.offers import (
    MINUTE,
    cart,
    code_counts,
    codes,
    counter,
    customers,
    promotion,
    uses,
)
from tests.races.storm import Told, by_status, storm

pytestmark = pytest.mark.postgres15

LASTS = 900  # seconds
IN_TIME = NOON + 14 * MINUTE
DUE = NOON + 15 * MINUTE


def test_a_reservation_is_redeemed_once(shop, seed):
    """For different orders: nothing but the reservation stands between them."""
    owner = promotion("tea", limits={"redemptions": 5})
    codes(owner, ["TEA1"])
    held = shop.reserve(cart("TEA1"), at=NOON)["reservation_id"]
    jobs = [(n, partial(shop.redeem_held, held, f"o{n}", at=IN_TIME)) for n in range(24)]

    told = by_status(storm(jobs, seed=seed))

    assert {status: len(attempts) for status, attempts in told.items()} == {201: 1, 409: 23}
    assert {a.told.code for a in told[409]} == {"reservation_not_active"}
    assert counter(owner) == (1, 0)


def test_a_reservation_is_redeemed_released_or_swept_but_only_one_of_them(shop, seed):
    """Each asked for twice; the sweep comes from a clock that is past the end."""
    owner = promotion("tea")
    names = codes(owner, [f"TEA{n:02}" for n in range(12)], max_redemptions=1)
    held = {name: shop.reserve(cart(name), at=NOON)["reservation_id"] for name in names}
    jobs = [(("sweep", n), partial(shop.sweep, at=DUE)) for n in range(4)]
    for name, key in held.items():
        jobs += [(("redeem", name), partial(shop.redeem_held, key, f"o-{name}", at=IN_TIME))] * 2
        jobs += [(("release", name), partial(shop.release, key, at=IN_TIME))] * 2

    attempts = storm(jobs, seed=seed)

    for name, key in held.items():
        row = _reservation(key)
        redeems = [a.told for a in attempts if a.tag == ("redeem", name)]
        releases = [a.told for a in attempts if a.tag == ("release", name)]
        assert [one.status for one in redeems].count(201) == (row.status == "redeemed")
        assert {one.status for one in releases} == {
            {"redeemed": 409, "released": 204, "expired": 410}[row.status]
        }
        assert code_counts(name) == {name: (int(row.status == "redeemed"), 0)}


def test_who_comes_late_gets_410_and_everything_is_given_back(shop, seed):
    """While others already try for the code at the late instant: one of them gets it."""
    owner = promotion("tea", limits={"redemptions": 1})
    codes(owner, ["TEA1"], customer="ada")
    held = shop.reserve(cart("TEA1"), at=NOON)["reservation_id"]
    jobs = [("late", partial(shop.redeem_held, held, f"o{n}", at=DUE)) for n in range(12)]
    jobs += [("next", partial(shop.reserve, cart("TEA1"), at=DUE)) for _ in range(20)]

    attempts = storm(jobs, seed=seed)

    late = [a.told for a in attempts if a.tag == "late"]
    after = [a.told for a in attempts if a.tag == "next"]
    assert {(one.status, one.code) for one in late} == {(410, "reservation_expired")}
    assert [one.status for one in after].count(201) == 1
    assert _reservation(held).status == "expired"
    assert (counter(owner), code_counts("TEA1")) == ((0, 1), {"TEA1": (0, 1)})


def test_what_was_extended_is_not_swept(shop, seed):
    """Extended a minute before the end, swept at the end: whoever is first decides."""
    owner = promotion("tea")
    names = codes(owner, [f"TEA{n:02}" for n in range(16)], max_redemptions=1)
    held = {name: shop.reserve(cart(name), at=NOON)["reservation_id"] for name in names}
    extend = partial(shop.extend, ttl_seconds=LASTS, at=IN_TIME)
    jobs = [(name, partial(extend, key)) for name, key in held.items()]
    jobs += [(None, partial(shop.sweep, at=DUE)) for _ in range(8)]

    told = {a.tag: a.told for a in storm(jobs, seed=seed) if a.tag}

    for name, key in held.items():
        row = _reservation(key)
        if told[name].status == 200:
            assert (row.status, row.expires_at) == ("active", IN_TIME + 15 * MINUTE)
        else:
            assert (told[name].status, row.status) == (410, "expired")
        assert code_counts(name) == {name: (0, int(row.status == "active"))}


def test_a_redemption_uses_the_cart_before_or_after_a_change_never_half_of_each(shop, seed):
    before, after = promotion("before"), promotion("after")
    codes(before, ["BEFORE"])
    codes(after, ["AFTER"])
    held = [shop.reserve(cart("BEFORE"), at=NOON)["reservation_id"] for _ in range(16)]
    jobs = [(("put", r), partial(shop.change, r, cart("AFTER"), at=IN_TIME)) for r in held]
    jobs += [(("redeem", r), partial(shop.redeem_held, r, f"o-{r}", at=IN_TIME)) for r in held]

    told = {a.tag: a.told for a in storm(jobs, seed=seed)}

    changed = 0
    for reservation in held:
        put, redeemed = told["put", reservation], told["redeem", reservation]
        assert (put.status, redeemed.status) in {(200, 201), (409, 201)}
        changed += put.status == 200
        applied = [row["promotion_id"] for row in redeemed["applied"]]
        assert applied == (["after"] if put.status == 200 else ["before"])
    assert (counter(before), counter(after)) == ((16 - changed, 0), (changed, 0))


@pytest.mark.parametrize("shared", ["counts", "codes", "counters"])
def test_swaps_in_opposite_directions_do_not_wait_for_each_other_in_a_ring(shop, seed, shared):
    """Half of them each way, six times: by one customer; by several with the same two codes; by
    several with codes of their own, so that they meet at the promotions' counters only.
    """
    limits = {"redemptions": 1000, "per_customer": 1000, "discount_budget": 10**6}
    owners = [promotion(name, limits=limits) for name in ("here", "there")]
    names = [codes(owner, [f"{owner.name}{n:02}".upper() for n in range(16)]) for owner in owners]
    people = customers(16)

    def side(n: int, turn: int) -> dict:
        code = names[(n + turn) % 2][n if shared == "counters" else 0]
        return cart(code, customer=people[0 if shared == "counts" else n])

    held = [shop.reserve(side(n, 0), at=NOON)["reservation_id"] for n in range(16)]

    def back_and_forth(n: int) -> Told:
        for turn in range(1, 7):
            told = shop.change(held[n], side(n, turn), at=IN_TIME)
            if told.status != 200:
                break
        return told

    told = by_status(storm([(n, partial(back_and_forth, n)) for n in range(16)], seed=seed))

    assert {status: len(attempts) for status, attempts in told.items()} == {200: 16}
    assert [counter(owner) for owner in owners] == [(0, 8), (0, 8)]


def test_a_few_codes_wanted_by_all_are_never_in_two_hands(shop, seed):
    """Random lives of reservations over five codes; the history and the tables tell the same."""
    chance = random.Random(seed)
    limits = {"redemptions": 4, "per_customer": 100, "discount_budget": 45}
    owners = [promotion("red", limits=limits), promotion("blue", after_cancel="keep")]
    names = codes(owners[0], ["RED1", "RED2", "RED3"], max_redemptions=1)
    names += codes(owners[1], ["BLUE1", "BLUE2"], max_redemptions=2)

    def some() -> dict:
        return cart(*chance.sample(names, chance.randint(1, 2)))

    def life(n: int) -> Callable[[], Told]:
        asked, other, act = some(), some(), chance.choice(_ACTS)
        return lambda: act(shop, n, asked, other)

    jobs = [(n, life(n)) for n in range(96)]
    jobs += [(f"sweep{n}", partial(shop.sweep, at=DUE)) for n in range(4)]
    jobs += [(f"verify{n}", _verify) for n in range(4)]

    storm(jobs, seed=seed)
    shop.sweep(at=DUE + 60 * MINUTE)

    assert not Reservation.objects.filter(status="active").exists()
    redeemed = Redemption.objects.filter(status="redeemed").count()
    cancelled = Redemption.objects.filter(status="cancelled").count()
    assert Reservation.objects.filter(status="redeemed").count() == redeemed + cancelled
    for owner in owners:
        found = uses(owner)
        assert "held" not in found
        assert counter(owner) == (found.get("used", 0), 0)
    for name, (used, held) in code_counts(*names).items():
        assert held == 0
        assert used <= (1 if name.startswith("RED") else 2)
    assert counter(owners[0])[0] <= 3


def _hold(shop, n, asked, other):
    return shop.reserve(asked, at=NOON)


def _hold_and_release(shop, n, asked, other):
    held = shop.reserve(asked, at=NOON)
    return shop.release(held["reservation_id"], at=IN_TIME) if held.status == 201 else held


def _hold_and_redeem(shop, n, asked, other):
    held = shop.reserve(asked, at=NOON)
    if held.status != 201:
        return held
    return shop.redeem_held(held["reservation_id"], f"o{n}", at=IN_TIME)


def _hold_and_come_late(shop, n, asked, other):
    held = shop.reserve(asked, at=NOON)
    if held.status != 201:
        return held
    late = shop.redeem_held(held["reservation_id"], f"o{n}", at=DUE)
    assert late.status == 410
    return late


def _hold_and_change(shop, n, asked, other):
    held = shop.reserve(asked, at=NOON)
    if held.status != 201:
        return held
    return shop.change(held["reservation_id"], other, at=IN_TIME)


def _redeem_and_cancel(shop, n, asked, other):
    redeemed = _hold_and_redeem(shop, n, asked, other)
    if redeemed.status != 201:
        return redeemed
    return shop.cancel(redeemed["redemption_id"], at=IN_TIME)


_ACTS = [
    _hold,
    _hold_and_release,
    _hold_and_redeem,
    _hold_and_come_late,
    _hold_and_change,
    _redeem_and_cancel,
]


def _verify() -> Told:
    """The recount takes one snapshot: it may run beside any checkout and agrees."""
    call_command("verify_limits")
    return Told(200)


def _reservation(public: str) -> Reservation:
    return Reservation.objects.get(pk=UUID(public.removeprefix("rsv_")))
