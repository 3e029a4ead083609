"""The whole story over HTTP against a whole stack: generated always, real where the files are."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from stack.paths import CHECKOUT
from stack.processes import manage_command
from stack.testing import Stack, running_stack
from tests.replay import counting
from tests.replay.generated import generate
from tests.replay.real import needs_real_files, real_files

ROW = re.compile(r"^(\S.*?) +([\d,]+) +([\d,]+)( +<- differs)?$")


@pytest.fixture(scope="module")
def shop() -> Iterator[Stack]:
    with running_stack(env={"TEST_CLOCK": "1"}) as stack:
        yield stack


def replay(stack: Stack, folder: Path, *options: str) -> tuple[int, dict[str, int], str]:
    """Exit code, what was found by name, and all that was printed."""
    done = subprocess.run(
        manage_command("replay_complete_journey", str(folder), *options),
        cwd=CHECKOUT,
        env=dict(os.environ) | stack.variables,
        capture_output=True,
        text=True,
        check=False,
    )
    rows = [match for line in done.stdout.splitlines() if (match := ROW.match(line))]
    found = {row[1]: int(row[3].replace(",", "")) for row in rows}
    print(done.stdout, done.stderr)
    return done.returncode, found, done.stdout


def test_a_generated_year_comes_out_as_counted(shop: Stack, tmp_path: Path):
    folder = generate(tmp_path, seed=11)
    one_run = ("--run", "generated", "--api-key", shop.api_key())
    code, found, printed = replay(shop, folder, *one_run)
    assert found == counting.count(folder), printed
    assert code == 0
    assert "no deviation" in printed

    # Played again under the same name, coupons are used up before they are tried in vain.
    code, found, printed = replay(shop, folder, *one_run)
    assert code == 1
    assert "IT DEVIATES" in printed
    assert found["without a covered product: code_already_used"] > 0


def test_another_generated_year_fits_beside_it(shop: Stack, tmp_path: Path):
    folder = generate(tmp_path, seed=12)
    code, found, printed = replay(shop, folder, "--no-orders", "--campaign", "1", "--campaign", "2")
    assert code == 0, printed
    assert "orders" not in found


@needs_real_files
def test_one_real_campaign_comes_out_as_the_files_say(shop: Stack):
    code, found, printed = replay(shop, real_files(), "--campaign", "27")
    assert code == 0, printed
    assert found["personal codes"] == 65_341
    assert found["orders"] == 10_300
    assert found["redemptions: accepted"] == 35
    assert found["by an outsider: code_not_valid"] == 35


@pytest.mark.slow
@needs_real_files
def test_the_whole_real_year_comes_out_as_the_files_say(shop: Stack):
    code, found, printed = replay(shop, real_files())
    assert found == counting.REAL, printed
    assert code == 0
    assert (
        "749,961 personal codes; 529 lines dropped; 46,988 orders; 1,130 redemptions accepted;"
        " 18 repeats refused; before, refused 1,130 times to an outsider, 1,130 on the day before,"
        " 1,130 on the day after, 1,130 without a covered product" in printed
    )


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 102))
def test_other_generated_years_come_out_as_counted(shop: Stack, tmp_path: Path, seed: int):
    folder = generate(tmp_path, seed=seed)
    code, found, printed = replay(shop, folder)
    assert found == counting.count(folder), printed
    assert code == 0


def test_a_service_that_is_away_ends_the_replay_with_a_sentence(tmp_path: Path):
    away = ("--base-url", "http://127.0.0.1:1", "--api-key", "none")
    done = subprocess.run(
        manage_command("replay_complete_journey", str(generate(tmp_path, seed=11)), *away),
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "CommandError: the replay has ended early: POST /customers/batch" in done.stderr
    assert "Traceback" not in done.stderr
