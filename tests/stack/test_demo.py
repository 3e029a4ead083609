"""`make demo` from nothing: it fills, walks, serves, and leaves nothing behind."""

import os
import signal
import subprocess
import sys

import pytest

from config.demo import load
from stack import demo
from stack.paths import CHECKOUT
from stack.ports import any_free
from tests.stack.conftest import everything_of, listens, run_stack

DEMO = [sys.executable, "-m", "stack", "demo"]


def test_it_serves_after_the_walk_until_it_is_interrupted(data_dir):
    port = any_free()
    env = dict(os.environ) | {"DATA_DIR": str(data_dir), "PORT": str(port), "SERVE": "1"}
    with subprocess.Popen(
        DEMO, cwd=CHECKOUT, env=env, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as running:
        said = []
        for line in running.stdout:
            said.append(line)
            if "Ctrl-C" in line:
                break
        assert listens(f"http://127.0.0.1:{port}"), "".join(said)
        os.killpg(running.pid, signal.SIGINT)
        said.append(running.stdout.read())

    assert running.returncode == 0
    assert f"http://127.0.0.1:{port}/admin/" in "".join(said)
    assert said[-1].endswith("stopped\n")
    assert not listens(f"http://127.0.0.1:{port}")
    assert not everything_of(data_dir)


def test_the_logins_that_it_prints_are_those_that_it_made():
    assert demo.STAFF_NAMES == load.STAFF_NAMES


@pytest.mark.slow
def test_it_fails_with_the_walk_and_leaves_nothing_behind(data_dir):
    """The demo shop refuses to be filled where TLS is asked for."""
    env = {"DATA_DIR": str(data_dir), "PORT": str(any_free()), "SERVE": "0", "SECURE_TLS": "1"}
    assert run_stack("demo", env=env).returncode == 1
    assert not everything_of(data_dir)
