"""The tests of cashback notice whatever mistake is put into our ledger, one at a time.

    FAULTS_LONG=1 python -m pytest tests/cashback/test_mutants.py -k "repays no debt"

Those of single rules come first, then the state machine against the model: the first that fails ends the run.
"""

import os
import subprocess
import sys

import pytest
from django.db import connection

from stack.paths import CHECKOUT
from stack.testing import with_database
from tests.cashback.mutants import MUTANTS, Mutant

NOTICED_BY = [
    "tests/cashback/domain",
    "tests/cashback/test_life.py",
    "tests/cashback/test_clawback.py",
    "tests/cashback/test_earning.py",
    "tests/checkout/test_cashback_returns.py",
    "tests/checkout/test_earning.py",
    "tests/checkout/test_spending.py",
    "tests/cashback/test_our_ledger.py",
]
TESTS_FAILED = 1  # pytest's exit status; 2 and above: no test ran


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.mistake)
def test_each_mistake_can_be_made_where_the_list_says(mutant: Mutant):
    assert mutant.source.count(mutant.old) == 1


@pytest.mark.long_faults
@pytest.mark.django_db
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.mistake)
def test_a_mistake_in_the_ledger_is_noticed(mutant: Mutant):
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-x", "-q", "--reuse-db", "-p", "no:cacheprovider"),
            *("-p", "no:schemathesis", "-p", "tests.cashback.mutated", "--tb=line", *NOTICED_BY),
        ],
        cwd=CHECKOUT,
        env=_environment(mutant),
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    print(done.stdout[-1000:])
    assert done.returncode == TESTS_FAILED, done.stdout + done.stderr
    # An error before the test would be none of its findings.
    assert "1 failed" in done.stdout.splitlines()[-1], done.stdout + done.stderr


def _environment(mutant: Mutant) -> dict[str, str]:
    """Our servers, but a database of its own, named after ours; and the quick form of all tests."""
    database = with_database(os.environ["DATABASE_URL"], str(connection.settings_dict["NAME"]))
    own = {"DATABASE_URL": database, "CASHBACK_MISTAKE": mutant.mistake}
    # Nor is it a worker: that would start a PostgreSQL of its own, with all migrations, each time.
    dropped = {
        *("PYTEST_ADDOPTS", "PYTEST_CURRENT_TEST", "PYTEST_XDIST_WORKER"),
        *("SLOW", "FAULTS_LONG"),
    }
    return {name: text for name, text in os.environ.items() if name not in dropped} | own
