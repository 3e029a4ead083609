"""Stacks of the tests' own: their servers are not those that the test run itself uses."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from stack import launch
from stack.paths import CHECKOUT, Folders
from stack.pids import Process, marked, read
from stack.plan import SERVERS, Plan
from stack.shelter import existing_shelter, postmaster_in
from stack.state import State
from stack.testing import GIVEN, OWN, temporary_folder

PLAIN_SETTINGS = ("TEST_CLOCK", "PORT", "HOST", "DATA_DIR", "SECRET_KEY", "PUBLIC_URL", OWN)


@pytest.fixture(autouse=True)
def _no_server_is_given(monkeypatch):
    """The test run's own servers are in the environment; a stack must not take them for given."""
    for name in (*GIVEN, *PLAIN_SETTINGS):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """An empty data folder; whatever runs for it afterwards is ended, or the test has failed."""
    with temporary_folder() as folder:
        yield folder
        launch.bring_down(Folders(data_dir=folder))
        assert not everything_of(folder)


@pytest.fixture
def servers_up(data_dir) -> Callable[[], State]:
    """`make up`, for the three servers only: the fast part of a stack."""
    return lambda: launch.bring_up(Plan(data_dir=str(data_dir), parts=SERVERS))[0]


def process(data_dir: Path, name: str) -> Process:
    """The living process of this name."""
    found = read(data_dir / "run" / f"{name}.pid")
    assert found is not None, f"{name} does not run"
    return found


def everything_of(data_dir: Path) -> list[Process]:
    """Every living process of the stack, by its mark, and its PostgreSQL."""
    folders = Folders(data_dir=data_dir)
    homes = [home for home in (data_dir, existing_shelter(folders)) if home]
    postmasters = [postmaster_in(home / "postgres") for home in homes]
    return [*marked(str(data_dir)), *(found for found in postmasters if found)]


def listens(url: str) -> bool:
    """Whether somebody answers at the host and port of the URL."""
    parts = urlsplit(url)
    try:
        with socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 0), timeout=1):
            return True
    except OSError:
        return False


def run_stack(
    *arguments: str, env: dict[str, str], checkout: Path = CHECKOUT
) -> subprocess.CompletedProcess[str]:
    """`python -m stack ...` as the Makefile calls it."""
    return subprocess.run(
        [sys.executable, "-m", "stack", *arguments],
        cwd=checkout,
        env=dict(os.environ) | env,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
