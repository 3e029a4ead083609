"""The state machine notices whatever mistake is put into our ledger."""

import pytest
from django.db import IntegrityError

from cashback.domain.booking import Overdrawn
from tests.cashback.mutants import MUTANTS, Mutant
from tests.cashback.our_service import OurService
from tests.cashback.test_machine import run

#: By the machine, by our own proof, or by the database.
NOTICED = (AssertionError, IntegrityError, Overdrawn)
ROUNDS, EXAMPLES = 20, 20


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.mistake)
def test_each_mistake_can_be_made_where_the_list_says(mutant: Mutant):
    assert mutant.source.count(mutant.old) == 1


@pytest.mark.slow
@pytest.mark.tampers
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.mistake)
def test_the_machine_notices_a_mistake_in_the_ledger(mutant: Mutant):
    with mutant.applied(), pytest.raises(NOTICED) as noticed:
        run_on()
    print(noticed.type.__name__, str(noticed.value)[:300])


def run_on() -> None:
    for series in range(ROUNDS):
        run(OurService, examples=EXAMPLES, series=series)
