"""The state machine, of our ledger against the model: see `tests.cashback.machine`."""

from collections import Counter

import pytest

from tests.cashback.our_service import OurService
from tests.cashback.test_machine import ACTS, run, run_until_everything_happened


@pytest.mark.django_db(transaction=True)
def test_the_ledger_agrees_with_the_model_and_everything_happens():
    counts: Counter[str] = Counter()

    run(OurService, examples=9, steps=40, counts=counts)

    assert [act for act in ACTS if not counts[act]] == []


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_in_a_long_run_everything_happens_200_times():
    run_until_everything_happened(OurService)
