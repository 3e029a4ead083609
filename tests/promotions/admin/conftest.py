"""A shop with promotions, and somebody of its staff."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.api import Api


@pytest.fixture
def shop(api: Api) -> Api:
    """Two segments; promotions come with each test."""
    for number in range(3):
        api.put(f"/customers/c{number}", {"city": "Berlin"})
    for name, members in (("regulars", ["c0", "c1", "c2"]), ("staff", ["c0"])):
        api.put(f"/segments/{name}", {"name": name.title(), "kind": "static"})
        api.put(f"/segments/{name}/members", {"customer_ids": members})
    return api


@pytest.fixture
def staff(db: None) -> Client:
    """Somebody who may do everything."""
    client = Client()
    client.force_login(User.objects.create_superuser("anna"))
    return client
