"""A plugin of pytest: the tests of this process meet a ledger with one mistake.

CASHBACK_MISTAKE="what matures repays no debt" python -m pytest -p tests.cashback.mutated tests/cashback
"""

import os
from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(autouse=True, scope="session")
def mistaken(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    from tests.cashback.mutants import MUTANTS

    mutant = next(one for one in MUTANTS if one.mistake == os.environ["CASHBACK_MISTAKE"])
    with django_db_blocker.unblock(), mutant.applied():
        yield
