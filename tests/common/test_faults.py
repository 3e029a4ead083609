"""Fail points strike only where a test has prepared everything for it."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from common.faults import POINTS, asked_of
from stack.paths import CHECKOUT

_PASSES = """
from common import faults
for name in faults.POINTS * 3:
    faults.point(name)
print("lives")
"""


def run(asked: str | None) -> "subprocess.CompletedProcess[str]":
    own = {name: text for name, text in os.environ.items() if name != "FAULTS"}
    return subprocess.run(
        [sys.executable, "-c", _PASSES],
        cwd=CHECKOUT,
        env=own if asked is None else own | {"FAULTS": asked},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_process_dies_at_its_point_and_the_next_one_lives(tmp_path: Path) -> None:
    (tmp_path / "1.kill").touch()
    assert run(f"sent:3:{tmp_path}").returncode == -signal.SIGKILL
    assert list(tmp_path.iterdir()) == []
    assert run(f"sent:3:{tmp_path}").stdout == "lives\n"


def test_a_point_that_is_passed_too_seldom_kills_nobody(tmp_path: Path) -> None:
    (tmp_path / "1.kill").touch()
    assert run(f"sent:4:{tmp_path}").stdout == "lives\n"
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    "asked",
    ["", "1", "sent", "sent:1", "sent:1:", "sent:x:{here}", "nowhere:1:{here}", "sent:1:{here}/no"],
)
def test_nothing_but_the_whole_of_it_asks_for_anything(asked: str, tmp_path: Path) -> None:
    (tmp_path / "1.kill").touch()
    assert asked_of(asked.format(here=tmp_path)) is None


def test_files_of_another_name_kill_nobody(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    assert run(f"sent:1:{tmp_path}").stdout == "lives\n"


def test_without_the_variable_nothing_is_looked_for() -> None:
    assert run(None).stdout == "lives\n"


def test_every_point_stands_in_the_way_of_a_letter_once_and_nowhere_stands_another() -> None:
    others = {"http.py", "provider.py"}
    code = {
        path.name: re.findall(r'faults\.point\("(\w+)"\)', path.read_text())
        for path in (CHECKOUT / "campaigns").rglob("*.py")
    }
    # Letters and notes are rendered in two places of one room.
    letters = [name for file, names in code.items() if file not in others for name in names]
    letters.remove("rendered")
    assert sorted(letters) == sorted(POINTS)
    assert {name for names in code.values() for name in names} == set(POINTS)
