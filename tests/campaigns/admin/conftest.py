"""A shop that writes to its customers, and people of its staff."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from tests.api import Api
from tests.campaigns.shop import Marketing

Staff = Callable[..., Client]


@pytest.fixture
def shop(marketing: Marketing) -> Marketing:
    """Two segments, a promotion, and three customers."""
    api: Api = marketing.api
    for name in ("ada", "ben", "cai"):
        marketing.customer(name)
    for segment, members in (("regulars", ["ada", "ben"]), ("staff", ["ben"])):
        api.put(f"/segments/{segment}", {"name": segment.title(), "kind": "static"})
        api.put(f"/segments/{segment}/members", {"customer_ids": members})
    promotion = {
        "name": "Tea", "title": {"de": "20 % auf Tee", "en": "20 % off tea"}, "status": "active",
        "effect": {"kind": "percentage", "percent": "20"},
    }  # fmt: skip
    assert api.put("/promotions/tea-20", promotion).status == 201
    return marketing


@pytest.fixture
def staff(db: None) -> Client:
    """Somebody who may do everything."""
    client = Client()
    client.force_login(User.objects.create_superuser("anna", email="anna@example.org"))
    return client


@pytest.fixture
def member(db: None) -> Staff:
    """Somebody with these rights alone."""

    def made(name: str, *rights: str) -> Client:
        user: Any = User.objects.create_user(name, is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename__in=rights))
        client = Client()
        client.force_login(user)
        return client

    return made
