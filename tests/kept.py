"""What many tests of a module ask about, told to the service once.

    @pytest.fixture(scope="module")
    def people(django_db_setup, django_db_blocker):
        with kept(django_db_blocker) as api:
            yield tell(api)

Each test runs in a savepoint of it. Transactional tests, which empty all tables, stand in other modules.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.test import override_settings

from tests.api import Api, make_key


@contextmanager
def kept(blocker: Any) -> Iterator[Api]:
    """A caller on the test clock; all of its doing is taken back at the end."""
    world = transaction.atomic()
    # To acts that open the outermost transaction themselves it looks as those of tests do.
    world._from_testcase = True
    with blocker.unblock(), world:
        try:
            with override_settings(TEST_CLOCK=True):
                api = Api(make_key())
                yield api
        finally:
            transaction.set_rollback(True)
