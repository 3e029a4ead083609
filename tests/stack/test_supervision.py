"""What dies is started again; what is ended stays ended, however it came to its end."""

import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import psycopg2
import pytest
import redis

from stack import launch
from stack.paths import CHECKOUT, Folders
from stack.pids import read, wait_until
from stack.plan import SERVERS, Plan
from tests.stack.conftest import everything_of, listens, process

HOLD_SERVERS = """
import time
from stack.testing import servers
with servers() as own:
    print(own.data_dir, own.redis_url, flush=True)
    time.sleep(60)
"""


def test_a_killed_server_is_started_again_at_the_same_address(data_dir, servers_up):
    state = servers_up()
    before = process(data_dir, "valkey")
    _kill(before)

    def is_back():
        after = read(data_dir / "run" / "valkey.pid")
        return after not in (None, before) and listens(state.variables["REDIS_URL"])

    assert wait_until(is_back, 10)
    with redis.Redis.from_url(state.variables["REDIS_URL"]) as client:
        assert client.ping()


def test_a_killed_postgres_comes_back_with_what_was_committed(data_dir, servers_up):
    url = servers_up().variables["DATABASE_URL"]
    _execute(url, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)")
    _kill(process(data_dir, "postgres"))
    rows = []

    def answers_again():
        try:
            rows[:] = _execute(url, "SELECT n FROM kept")
        except psycopg2.OperationalError:
            return False
        return True

    assert wait_until(answers_again, 30)
    assert rows == [(7,)]


def test_down_ends_every_server_after_the_supervisor_was_killed(data_dir, servers_up):
    state = servers_up()
    _kill(process(data_dir, "supervisor"))
    assert len(everything_of(data_dir)) >= 3
    assert listens(state.variables["REDIS_URL"])

    assert launch.bring_down(Folders(data_dir=data_dir))

    assert not everything_of(data_dir)
    assert not listens(state.variables["REDIS_URL"])
    assert not listens(state.variables["EMAIL_URL"])


def test_up_starts_clean_after_the_supervisor_was_killed(data_dir, servers_up):
    first = servers_up()
    _execute(first.variables["DATABASE_URL"], "CREATE TABLE kept (n int)")
    orphan = process(data_dir, "valkey")
    _kill(process(data_dir, "supervisor"))

    second = servers_up()

    assert not orphan.is_alive()
    assert _execute(second.variables["DATABASE_URL"], "SELECT count(*) FROM kept") == [(0,)]


def test_down_finds_the_servers_when_their_pid_files_are_gone(data_dir, servers_up):
    servers_up()
    _kill(process(data_dir, "supervisor"))
    for pid_file in (data_dir / "run").glob("*.pid"):
        pid_file.unlink()

    assert launch.bring_down(Folders(data_dir=data_dir))

    assert not everything_of(data_dir)


def test_deleting_the_data_folder_ends_the_stack_by_itself(data_dir, servers_up):
    state = servers_up()
    running = everything_of(data_dir)
    # PostgreSQL still writes: it may make a file in a folder that was just found empty.
    assert wait_until(
        lambda: shutil.rmtree(data_dir, ignore_errors=True) or not data_dir.exists(), 40
    )

    assert wait_until(lambda: not any(one.is_alive() for one in running), 40)
    assert not listens(state.variables["REDIS_URL"])


def test_down_on_nothing_says_so(data_dir):
    assert not launch.bring_down(Folders(data_dir=data_dir))


def test_a_pid_that_was_given_to_somebody_else_is_not_killed(data_dir, servers_up):
    servers_up()
    launch.bring_down(Folders(data_dir=data_dir))
    (data_dir / "run" / "web.pid").write_text(f"{os.getpid()} another-boot/1\n")

    assert not launch.bring_down(Folders(data_dir=data_dir))


def test_two_calls_of_up_at_once_make_one_stack(data_dir):
    plan = Plan(data_dir=str(data_dir), parts=SERVERS)
    outcomes = []
    callers = [
        threading.Thread(target=lambda: outcomes.append(launch.bring_up(plan))) for _ in range(2)
    ]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()

    states, is_new = zip(*outcomes, strict=True)
    assert sorted(is_new) == [False, True]
    assert states[0].variables == states[1].variables


def test_two_stacks_side_by_side_do_not_disturb_each_other(data_dir, servers_up):
    state = servers_up()
    other = data_dir / "other"
    elsewhere, _ = launch.bring_up(Plan(data_dir=str(other), parts=SERVERS))
    _execute(state.variables["DATABASE_URL"], "CREATE TABLE mine (n int)")

    with pytest.raises(psycopg2.errors.UndefinedTable):
        _execute(elsewhere.variables["DATABASE_URL"], "SELECT * FROM mine")
    launch.bring_down(Folders(data_dir=other))

    assert not listens(elsewhere.variables["REDIS_URL"])
    assert listens(state.variables["REDIS_URL"])
    assert _execute(state.variables["DATABASE_URL"], "SELECT * FROM mine") == []


def test_servers_of_a_test_that_was_killed_end_with_it():
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            HOLD_SERVERS,
        ],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        text=True,
    )
    with holder:
        folder, url = holder.stdout.readline().split()
        running = everything_of(Path(folder))
        assert len(running) >= 3
        holder.kill()

    assert wait_until(lambda: not any(one.is_alive() for one in running), 20)
    assert not listens(url)
    shutil.rmtree(folder, ignore_errors=True)


def _kill(victim):
    victim.send(signal.SIGKILL)
    assert wait_until(lambda: not victim.is_alive(), 5)


def _execute(url, statement):
    connection = psycopg2.connect(url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()
