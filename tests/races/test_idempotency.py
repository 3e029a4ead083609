"""One idempotency key, one effect: whoever calls how often at once."""

from functools import partial

import pytest

from tests.api import NOON
from tests.races.offers import cart, codes, counter, promotion, uses
from tests.races.storm import storm

pytestmark = pytest.mark.postgres15

KEY = "one-key-for-all-of-them"
ALLOWED = {(201, ""), (409, "request_in_progress")}


def test_50_equal_keys_redeem_once(shop, seed):
    owner = promotion("spring")
    codes(owner, ["SPRING"])
    ask = partial(shop.redeem, cart("SPRING"), "o1", at=NOON, key=KEY)

    told = [a.told for a in storm([(n, ask) for n in range(50)], seed=seed)]

    assert {(one.status, one.code) for one in told} <= ALLOWED
    _assert_one_original(told, ask())
    assert counter(owner) == (1, 0)


def test_50_equal_keys_hold_once(shop, seed):
    """Nothing but the key stands between a twin and a second hold."""
    owner = promotion("spring")
    codes(owner, ["SPRING"])
    ask = partial(shop.reserve, cart("SPRING"), at=NOON, key=KEY)

    told = [a.told for a in storm([(n, ask) for n in range(50)], seed=seed)]

    assert {(one.status, one.code) for one in told} <= ALLOWED
    _assert_one_original(told, ask())
    assert counter(owner) == (0, 1)
    assert uses(owner) == {"held": 1}


def test_50_equal_keys_get_one_refusal(shop, seed):
    """A refusal that binds is an effect as well: it is worked out once and told to all."""
    codes(promotion("spring", conditions={"min_subtotal": 10**6}), ["SPRING"])
    ask = partial(shop.redeem, cart("SPRING"), "o1", at=NOON, key=KEY)

    told = [a.told for a in storm([(n, ask) for n in range(50)], seed=seed)]

    assert {(one.status, one.code) for one in told} <= {
        (422, "offers_not_applicable"),
        (409, "request_in_progress"),
    }
    _assert_one_original(told, ask())


def test_one_key_for_50_different_bodies_lets_one_through(shop, seed):
    owner = promotion("spring")
    codes(owner, ["SPRING"])
    jobs = [(n, partial(shop.redeem, cart("SPRING"), f"o{n}", at=NOON, key=KEY)) for n in range(50)]

    told = [a.told for a in storm(jobs, seed=seed)]

    assert {(one.status, one.code) for one in told} <= {
        (201, ""),
        (422, "idempotency_key_reused"),
        (409, "request_in_progress"),
    }
    assert [one.status for one in told].count(201) == 1
    assert counter(owner) == (1, 0)


def _assert_one_original(told, again):
    """One answer is the first; every other success, then and later, is the same bytes."""
    waiting = [one for one in told if one.status == 409]
    assert all(int(one.headers["retry-after"]) > 0 for one in waiting)
    answers = [one for one in told if one.status != 409]
    assert [one.is_replay for one in answers].count(False) == 1
    assert again.is_replay
    assert {(one.status, one.raw) for one in [*answers, again]} == {(again.status, again.raw)}
