"""A web process does not die of two first calls at once."""

import os
import subprocess
import sys

import pytest

from stack.paths import CHECKOUT

# Looking into `Deep` takes a while, in which three other threads come by.
FIRST_CALLS = """
from __future__ import annotations
import sys, threading, time, msgspec
from common.structs import learn_all

def slowly():
    time.sleep(0.3)
    return int

class Deep(msgspec.Struct):
    number: slowly()

class Body(msgspec.Struct):
    deep: Deep

if "learn" in sys.argv:
    learn_all()
told = []
read = lambda: told.append(msgspec.json.decode(b'{"deep": {"number": 1}}', type=Body))
threads = [threading.Thread(target=read) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(len(told))
"""


def run(code: str, *arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", code, *arguments]
    environment = dict(os.environ) | more
    return subprocess.run(
        command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False
    )


def test_what_was_learned_is_decoded_by_four_threads_at_once():
    done = run(FIRST_CALLS, "learn")
    assert (done.returncode, done.stdout) == (0, "4\n"), done.stderr


@pytest.mark.slow
def test_without_learning_the_process_dies():
    """When it does not any more, `learn_all` may go."""
    assert run(FIRST_CALLS).returncode < 0


def test_a_web_process_has_learned_all_that_it_takes_before_it_serves():
    code = "from config import wsgi; from common.structs import learn_all; print(wsgi.LEARNED, learn_all())"
    done = run(code, DJANGO_SETTINGS_MODULE="config.settings")
    before, after = map(int, done.stdout.split()[-2:])
    assert before == after > 200, done.stderr
