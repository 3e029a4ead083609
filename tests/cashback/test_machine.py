"""The state machine, tried on the model itself: it agrees with itself, and notices every mistake."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.cashback.broken_shops import BROKEN_SHOPS
from tests.cashback.comparing import Disagreement
from tests.cashback.machine import CashbackMachine, LongRun
from tests.cashback.service import ModelService

AT_LEAST = 200
#: At most so many series of runs, each of so many examples.
SERIES, EXAMPLES = 40, 25
ACTS = [
    "redeem",
    "redeem recorded",
    "reserve",
    "change_reservation",
    "extend_reservation",
    "redeem_reservation",
    "release_reservation",
    "record_order placed",
    "record_order paid",
    "record_order shipped",
    "record_order delivered",
    "record_order cancelled",
    "cancel",
    "return_lines",
    "request_payout",
    "payout approved",
    "payout rejected",
    "payout submitted",
    "payout paid",
    "payout failed",
    "adjust up",
    "adjust down",
    "run_clock",
    "redeem repeated",
    "reserve repeated",
    "redeem_reservation repeated",
    "return_lines repeated",
    "cancel repeated",
    "request_payout repeated",
    "move_payout repeated",
    "adjust repeated",
    "booked earn",
    "booked hold",
    "booked spend",
    "booked mature",
    "booked expire",
    "booked release",
    "debt made",
    "debt repaid",
]


def run(service, *, examples, steps=50, counts=None, series=None, machine=CashbackMachine):
    """`series`: another one of runs, which is the same each time."""

    def make_machine():
        return machine(service(), Counter() if counts is None else counts)

    run_state_machine_as_test(
        make_machine if series is None else seed(series)(make_machine),
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            derandomize=True,
            database=None,
            deadline=None,
            # Whoever looks for the cause of a failure lets it shrink.
            phases=[Phase.generate],
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )


def run_until_everything_happened(service):
    """Each act `AT_LEAST` times; fails if it does not within all series."""
    counts = Counter()

    for series in range(SERIES):
        run(service, examples=EXAMPLES, series=series, counts=counts, machine=LongRun)
        if all(counts[act] >= AT_LEAST for act in ACTS):
            break

    print(sorted((counts[act], act) for act in ACTS))
    assert {act: counts[act] for act in ACTS if counts[act] < AT_LEAST} == {}


def test_the_model_agrees_with_itself_and_everything_happens():
    counts = Counter()

    run(ModelService, examples=40, counts=counts)

    assert [act for act in ACTS if not counts[act]] == []


@pytest.mark.slow
def test_in_a_long_run_everything_happens_200_times():
    run_until_everything_happened(ModelService)


@pytest.mark.parametrize("name", BROKEN_SHOPS)
def test_the_machine_notices_a_shop_with_one_mistake(name):
    with pytest.raises(Disagreement):
        run(lambda: ModelService(BROKEN_SHOPS[name]), examples=400)
