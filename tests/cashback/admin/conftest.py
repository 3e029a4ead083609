"""Finance: somebody who may do everything, a colleague, and a customer with money."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from tests.api import NOON
from tests.cashback.money import customer, give


@pytest.fixture
def anna(db: None) -> User:
    return User.objects.create_superuser("anna")


@pytest.fixture
def staff(anna: User) -> Client:
    """Anna's browser."""
    client = Client()
    client.force_login(anna)
    return client


@pytest.fixture
def looker(db: None) -> Client:
    """Somebody who may look at all pages of finance, and do nothing."""
    user = User.objects.create_user("liv", is_staff=True)
    user.user_permissions.set(
        Permission.objects.filter(codename__startswith="view_", content_type__app_label="cashback")
    )
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def stranger(db: None) -> Client:
    """Somebody of the staff who has nothing to do with finance."""
    client = Client()
    client.force_login(User.objects.create_user("sam", is_staff=True))
    return client


@pytest.fixture
def ada(db: None) -> int:
    """A customer with 100.00."""
    key = customer("ada")
    give(key, 10_000, now=NOON)
    return key
