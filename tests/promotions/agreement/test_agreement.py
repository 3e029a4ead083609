"""Thousands of shops, priced by the service and by the reference that tries every combination."""

import os
from collections import Counter

import pytest
from hypothesis import HealthCheck, assume, given, settings

from promotions.domain.refusal import Reason
from tests.promotions.agreement import ours
from tests.promotions.agreement.effects import KINDS
from tests.promotions.agreement.features import features
from tests.promotions.agreement.shops import REGIMES, shops
from tests.reference.pricing import answer

#: Ten times as many when there is time: nearly 20,000 carts in place of 2,100.
TIMES = 7 if os.environ.get("SLOW") == "1" else 0.7
#: In at least a tenth of the carts.
OFTEN = [*KINDS, "groups", "exclusives", "caps", "tiers", "get_items", "budgets", "several applied"]


@pytest.mark.parametrize("regime", ["cents", "real prices"])
def test_the_service_and_the_reference_agree(regime):
    seen = agree_on_carts(regime, at_least=int(1_000 * TIMES))

    assert rare(OFTEN, seen) == {}
    assert all(seen[f"candidates:{number}"] for number in range(1, 13))


def test_they_agree_where_many_promotions_want_to_count_the_same_units():
    seen = agree_on_carts("counting", at_least=int(500 * TIMES))

    assert rare(["bundle_price", "buy_x_get_y", "get_items", "several applied"], seen) == {}
    assert seen["several counting"] * 20 >= seen["carts"]


def test_they_agree_on_the_first_of_several_reasons():
    seen = agree_on_carts("strict", at_least=int(max(300 * TIMES, 350)))

    assert {reason for reason in Reason if not seen[f"reason:{reason.value}"]} == set()


def agree_on_carts(regime, *, at_least):
    """What was among the carts; those without a candidate are compared, but not counted."""
    seen: Counter[str] = Counter()

    @settings(
        max_examples=at_least,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(shop=shops(REGIMES[regime]))
    def agree(shop):
        asked, promotions = shop
        expected = answer(asked, promotions)

        found = ours.told(ours.quote(asked, promotions))

        assert found == as_known_to(found, expected)
        seen.update({f"reason:{row['reason']}" for row in expected["codes"]})
        assume(expected["candidates"])
        seen.update({"carts", *features(promotions, expected)})

    agree()
    assert seen["carts"] >= at_least
    return seen


def as_known_to(found, expected):
    """The expected answer without what the domain does not tell: cashback is spent later."""
    names = found["lines"][0].keys()
    lines = [{name: line[name] for name in names} for line in expected["lines"]]
    return {name: expected[name] for name in found} | {"lines": lines}


def rare(names, seen):
    """Those that less than a tenth of the carts had."""
    return {name: seen[name] for name in names if seen[name] * 10 < seen["carts"]}
