"""The whole stack, as `make up` and `make down` run it, in a folder with an unkind name."""

import http.client
import json
import shutil
import signal
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from stack.paths import CHECKOUT
from stack.pids import wait_until
from stack.ports import any_free
from stack.testing import running_stack, servers
from tests.stack.conftest import everything_of, listens, process, run_stack

UNKIND = "a shop in a folder with spaces " + "and-a-very-long-name-" * 5
DEBIAN_15 = Path("/usr/lib/postgresql/15/bin")


@pytest.fixture
def unkind_checkout(tmp_path) -> Path:
    """A copy of what git knows, under a path with spaces and over 120 characters."""
    target = tmp_path / UNKIND
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for name in filter(None, names.split("\0")):
        if (CHECKOUT / name).exists():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(CHECKOUT / name, target / name)
    assert len(str(target)) > 120
    return target


def test_a_shop_survives_the_death_of_its_supervisor(unkind_checkout, data_dir):
    port = any_free()
    env = {"DATA_DIR": str(data_dir), "PORT": str(port), "TEST_CLOCK": "1"}

    def stack(*arguments):
        return run_stack(*arguments, env=env, checkout=unkind_checkout)

    up = stack("up")
    assert up.returncode == 0, up.stderr
    assert f"ready: http://127.0.0.1:{port}" in up.stdout
    key = stack("manage", "create_api_key", "test").stdout.splitlines()[-1]
    assert _get(port, "/api/v1/error-codes", key=key)[0] == 200
    assert _clock_runs(port, key=key), "TEST_CLOCK of `make up` has reached the processes"

    supervisor, web = process(data_dir, "supervisor"), process(data_dir, "web")
    for victim in (supervisor, web):
        victim.send(signal.SIGKILL)
    assert wait_until(lambda: not supervisor.is_alive() and not web.is_alive(), 5)
    orphans = everything_of(data_dir)
    assert len(orphans) > 5, "workers, beat and servers have outlived it"

    down = stack("down")
    assert (down.returncode, down.stdout) == (0, "stopped\n")
    assert not any(orphan.is_alive() for orphan in orphans)
    assert not listens(f"http://127.0.0.1:{port}")
    assert stack("status").returncode == 1

    assert stack("up").returncode == 0
    assert _get(port, "/api/v1/error-codes", key=key)[0] == 200, "the data are still there"
    process(data_dir, "web").send(signal.SIGKILL)
    again = stack("up")
    assert "already running" in again.stdout
    assert _get(port, "/health/ready")[0] == 200, "up has started what was missing"
    assert stack("down").returncode == 0
    assert not listens(f"http://127.0.0.1:{port}")


def test_a_taken_port_is_said_at_once(data_dir):
    with servers() as other:
        port = urlsplit(other.redis_url).port
        refused = run_stack("up", env={"DATA_DIR": str(data_dir), "PORT": str(port)})
    assert refused.returncode == 1
    assert f"port {port} is taken" in refused.stderr
    assert not everything_of(data_dir)


@pytest.mark.skipif(not DEBIAN_15.exists(), reason="NO POSTGRESQL 15 HERE: not tried on it")
def test_the_shop_runs_on_a_given_postgresql_15():
    with (
        servers(env={"POSTGRES_BIN": str(DEBIAN_15)}) as given,
        running_stack(postgres=given.database_url) as shop,
    ):
        port = urlsplit(shop.base_url).port
        status, body = _get(port, "/health/ready")
        assert (status, body["database"]) == (200, "ok")
        assert not (shop.data_dir / "run" / "postgres.pid").exists()


def test_two_web_processes_share_the_test_database(web, transactional_db):
    assert len(set(web)) == 2
    for url in web:
        assert _get(urlsplit(url).port, "/health/ready")[1]["database"] == "ok"


def _get(port, path, *, key=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()


def _clock_runs(port, *, key):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request(
            "POST",
            "/api/v1/clock/run",
            body=json.dumps({"at": "2026-01-01T12:00:00Z"}),
            headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
        )
        return connection.getresponse().status == 200
    finally:
        connection.close()
