"""What all tests of the service share."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import override_settings
from django.utils import translation

from common.redis import ask
from common.structs import learn_all
from tests import emptying
from tests.api import Api, make_key

emptying.install()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Append-only tables stay so, but for TRUNCATE, by which transactional tests clean up."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for trigger, table in truncate_guards():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")


def truncate_guards() -> list[tuple[str, str]]:
    """The triggers that refuse TRUNCATE, each with its table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname, tgrelid::regclass::text FROM pg_trigger"
            " WHERE NOT tgisinternal AND tgtype & 32 = 32 ORDER BY 2"
        )
        return list(cursor.fetchall())


@pytest.fixture(scope="session", autouse=True)
def passwords_cost_nothing() -> Iterator[None]:
    """They are made to be slow to guess: half a second for whoever logs in here."""
    quick = "django.contrib.auth.hashers.MD5PasswordHasher"
    with override_settings(PASSWORD_HASHERS=[quick, *django_settings.PASSWORD_HASHERS]):
        yield


@pytest.fixture(scope="session", autouse=True)
def structs_are_learned() -> None:
    """As in a web process before it serves: our threads may be the first that decode any."""
    import_module(django_settings.ROOT_URLCONF)
    learn_all()


@pytest.fixture(autouse=True)
def english() -> None:
    """A call in German leaves its thread in German."""
    translation.activate(django_settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def nothing_waits() -> None:
    """Decisions of an earlier test, whose database is gone, are not written into this one's."""
    place = f"promotions:decisions:{connection.settings_dict['NAME']}"
    ask("DEL", place)


@pytest.fixture
def clock(settings: Any) -> None:
    """The service takes `at`."""
    settings.TEST_CLOCK = True


@pytest.fixture
def api(db: None, clock: None) -> Api:
    """A caller with every scope but `payouts`, on the test clock."""
    return Api(make_key())


@pytest.fixture
def api_without_scope(db: None, clock: None) -> Api:
    """A caller who may only read reports."""
    return Api(make_key("reports", name="reports"))


@pytest.fixture
def nobody(db: None) -> Api:
    """A caller without a key."""
    return Api(None)
