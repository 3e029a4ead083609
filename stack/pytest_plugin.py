"""Gives every pytest run servers of its own, before Django reads its settings.

PostgreSQL, Valkey and the mail sink are started once, by the controlling process. Of xdist's workers
the first uses that PostgreSQL, and each further one starts its own, since what waits for the end of
older transactions would wait for those of other databases too; each has its own Valkey database number.
Where DATABASE_URL, REDIS_URL or EMAIL_URL are set, those servers are used by all.
"""

import gc
import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest
import redis
from django.conf import settings
from django.db import connection

from stack.errors import StackError
from stack.testing import OWN, start_given_or_own, web_processes, with_database

_open = ExitStack()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """A wrapper, so that it runs before pytest-django imports the settings."""
    # On a busy machine Redis may be slow; to the tests that is not the same as being away.
    os.environ.setdefault("REDIS_PATIENCE_MS", "10000")
    try:
        if worker := os.environ.get("PYTEST_XDIST_WORKER"):
            _use_own_redis_database(worker)
            _use_own_postgres(worker)
        elif not _only_asks(early_config):
            start_given_or_own(_open)
    except StackError as error:
        raise pytest.UsageError(str(error)) from None
    return (yield)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what takes long, unless its variable or `-m` asks for it; else the longest come first."""
    for marker, variable in (("slow", "SLOW"), ("long_faults", "FAULTS_LONG")):
        if os.environ.get(variable) == "1" or marker in config.option.markexpr:
            continue
        left_out = [item for item in items if item.get_closest_marker(marker)]
        if left_out:
            config.hook.pytest_deselected(items=left_out)
            items[:] = [item for item in items if item not in set(left_out)]
    # At the end one process would have them in hand while the others have nothing left.
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def pytest_collection_finish() -> None:
    """What is there now stays to the end: collecting garbage need not look at it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


def pytest_report_header() -> str:
    """Which servers the tests run on."""
    return f"servers: {server_versions()}" if "DATABASE_URL" in os.environ else "servers: none"


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Name what fails at once: a run that is stopped tells nothing at its end."""
    if report.failed and "PYTEST_XDIST_WORKER" not in os.environ:
        print(f" {report.nodeid} ", end="", flush=True)


def pytest_unconfigure() -> None:
    """End what was started here; in xdist workers that is nothing."""
    _open.close()


def server_versions() -> str:
    """As the servers say themselves."""
    own = os.environ.get(OWN, "")
    with psycopg2.connect(os.environ["DATABASE_URL"]) as database, database.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), current_setting('fsync')")
        version, fsync = cursor.fetchone() or ("?", "?")
    database.close()
    client = redis.Redis.from_url(os.environ["REDIS_URL"])
    told = client.info("server")
    client.close()
    cache = told.get("valkey_version") or told["redis_version"]
    name = "Valkey" if "valkey_version" in told else "Redis"
    origin = "own" if "DATABASE_URL" in own else "given"
    return f"PostgreSQL {version} ({origin}, fsync {fsync}), {name} {cache}"


@pytest.fixture(scope="session")
def web(django_db_setup: None) -> Iterator[list[str]]:
    """Addresses of two web processes over this worker's test database.

    For tests marked `django_db(transaction=True)`: what such a test commits, they see.
    """
    with _web_over_test_database(test_clock=False) as urls:
        yield urls


@pytest.fixture(scope="session")
def clocked_web(django_db_setup: None) -> Iterator[list[str]]:
    """The same, started with TEST_CLOCK=1."""
    with _web_over_test_database(test_clock=True) as urls:
        yield urls


@contextmanager
def _web_over_test_database(*, test_clock: bool) -> Iterator[list[str]]:
    name = str(connection.settings_dict["NAME"])
    with web_processes(
        database_url=with_database(os.environ["DATABASE_URL"], name),
        redis_url=os.environ["REDIS_URL"],
        # The keys that a test makes are hashed with our secret.
        env={
            "TEST_CLOCK": str(int(test_clock)),
            "EMAIL_URL": os.environ["EMAIL_URL"],
            "SECRET_KEY": settings.SECRET_KEY,
        },
    ) as urls:
        yield urls


def _use_own_redis_database(worker: str) -> None:
    """gw0 takes database 1, gw1 database 2; 0 belongs to whoever runs without xdist."""
    number = int(re.sub(r"\D", "", worker)) + 1
    url = urlsplit(os.environ["REDIS_URL"])
    os.environ["REDIS_URL"] = urlunsplit(url._replace(path=f"/{number}"))


def _use_own_postgres(worker: str) -> None:
    """One of ours, unless all are to use the one that was given."""
    if worker != "gw0" and "DATABASE_URL" in os.environ.get(OWN, ""):
        del os.environ["DATABASE_URL"]
        start_given_or_own(_open)


def _only_asks(config: pytest.Config) -> bool:
    """`--help`, `--version` and `--collect-only` need no server."""
    asked = config.known_args_namespace
    return any(getattr(asked, name, False) for name in ("help", "version", "collectonly"))
