"""Each guard is taken out of a copy of the tree; the race that it guards must be lost there.

    FAULTS_LONG=1 python -m pytest tests/races/test_mutants.py -k reservation

Only through actions: it is there that the guards stand, and no web process has to be started.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from stack.paths import CHECKOUT
from stack.testing import with_database
from tests.races.campaign_mutants import CAMPAIGN_MUTANTS
from tests.races.cashback_mutants import CASHBACK_MUTANTS
from tests.races.channel_mutants import CHANNEL_MUTANTS
from tests.races.mutants import MUTANTS as MUTANTS_OF_MONEY
from tests.races.mutants import Mutant, write
from tests.races.payout_mutants import PAYOUT_MUTANTS
from tests.races.webhook_mutants import WEBHOOK_MUTANTS

MUTANTS = [
    *MUTANTS_OF_MONEY,
    *WEBHOOK_MUTANTS,
    *PAYOUT_MUTANTS,
    *CASHBACK_MUTANTS,
    *CAMPAIGN_MUTANTS,
    *CHANNEL_MUTANTS,
]
#: Through actions, where a race has several ways; whole files, where it has one.
CHOSEN = (
    "actions or test_steps or test_cashback or test_webhooks or test_deliveries or test_job"
    " or test_races or test_stripe or test_campaigns or test_sending or test_mail_servers"
    " or test_tracking or test_placement_offers or test_sms"
)
NOT_COPIED = (".git", ".venv", ".local", ".*_cache", ".hypothesis")
TESTS_FAILED = 1  # pytest's exit status; 2 and above: no test ran


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy of the checkout."""
    copy = tmp_path_factory.mktemp("mutants") / "tree"
    shutil.copytree(CHECKOUT, copy, ignore=shutil.ignore_patterns(*NOT_COPIED))
    yield copy
    shutil.rmtree(copy)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.guard)
def test_every_guard_stands_where_the_list_says(mutant: Mutant):
    """So that nobody moves a guard and forgets to show that it is needed."""
    for name, old, _ in mutant.changes:
        assert (CHECKOUT / name).read_text().count(old) == 1, (name, old)
    name, _, function = mutant.test.partition("::")
    assert f"def {function}(" in (CHECKOUT / name).read_text()


def test_the_documented_table_is_this_list():
    """Guard by guard, in the same order, each with the test that fell."""
    text = (CHECKOUT / "docs" / "reliability.md").read_text()
    _, _, table = text.partition("| guard removed |")
    rows = [line.split(" | ") for line in table.split("\n\n")[0].splitlines()[2:]]
    told = [(guard.removeprefix("| "), test.strip("`")) for guard, test, *_ in rows]
    listed: list[tuple[str, str]] = []
    for mutant in MUTANTS:
        test = mutant.test.partition("::")[2]
        is_again = bool(listed) and test == _last_test(listed)
        listed.append((mutant.guard, "the same" if is_again else test))
    assert told == listed


def _last_test(listed: list[tuple[str, str]]) -> str:
    return next(test for _, test in reversed(listed) if test != "the same")


@pytest.mark.long_faults
@pytest.mark.django_db
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.guard)
def test_without_its_guard_the_race_is_lost(mutant: Mutant, tree: Path):
    before = mutant.apply(tree)
    try:
        done = subprocess.run(
            [
                *(sys.executable, "-m", "pytest", "-x", "-q", "--reuse-db"),
                *("-p", "no:cacheprovider", "-p", "no:schemathesis", "-k", CHOSEN, mutant.test),
            ],
            cwd=tree,
            env=_environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
    finally:
        for path, text in before.items():
            write(path, text)
    print(done.stdout[-2000:])
    assert done.returncode == TESTS_FAILED, done.stdout + done.stderr


def _environment() -> dict[str, str]:
    """Our servers, but a database of its own, named after ours, and all seeds: a race is lost by
    chance, and the first loss ends the run.
    """
    database = with_database(os.environ["DATABASE_URL"], str(connection.settings_dict["NAME"]))
    own = {"DATABASE_URL": database, "SLOW": "1"}
    # Nor is it a worker: that would start a PostgreSQL of its own, with all migrations, each time.
    dropped = {
        *("PYTEST_ADDOPTS", "PYTEST_CURRENT_TEST", "PYTEST_XDIST_WORKER"),
        "PYTHONDONTWRITEBYTECODE",
        "FAULTS_LONG",
    }
    return {name: text for name, text in os.environ.items() if name not in dropped} | own
