"""One loaded tea shop for all who only look at it, or walk through it without leaving a trace."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from config.demo.letters import send_letters
from config.demo.load import load
from tests.demo.loaded import NOW


@pytest.fixture(scope="package")
def shop(django_db_setup, django_db_blocker):
    """What the load says of itself.

    For tests that are not marked `django_db`: these run after all that are, and so nobody empties
    the shop, or sees it, who did not ask for it.
    """
    with django_db_blocker.unblock():
        _forget_decisions()
        loaded = load(clock=lambda: NOW)
        send_letters(clock=lambda: NOW, wall=timezone.now)
        yield loaded
        call_command("flush", verbosity=0, interactive=False)
        _forget_decisions()


def _forget_decisions() -> None:
    """Partitions are no tables of Django's own, which `flush` would empty."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE checkout_decision")
