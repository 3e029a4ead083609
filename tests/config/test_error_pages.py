"""Whoever comes to a page that does not open is told why, in their language, and where to go on."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import include, path

from config.urls import handler400, handler403, handler404, handler500, urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler500"]


def broken(request: Any) -> None:
    raise RuntimeError


class WithBroken:
    """The service with two addresses that fail."""

    urlpatterns = [
        path("admin/broken", broken),
        path("api/broken", broken),
        path("", include(urlpatterns)),
    ]
    handler400, handler403 = handler400, handler403
    handler404, handler500 = handler404, handler500


@pytest.fixture
def somebody(db: None) -> Client:
    """Logged in, without any right."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.create_user("otto", is_staff=True))
    return client


def told(answer: Any) -> str:
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    return str(answer.content.decode())


@pytest.mark.parametrize(
    ("language", "title", "leads"),
    [("de", "Das dürfen Sie nicht öffnen", "Zu den Seiten"), ("en", "This is not yours", "To the")],
)
def test_a_right_that_lacks_is_named(
    somebody: Client, language: str, title: str, leads: str
) -> None:
    answer = somebody.get("/admin/cashback/payout/", headers={"Accept-Language": language})
    assert answer.status_code == 403
    page = told(answer)
    assert title in page
    assert leads in page
    assert f'lang="{language}"' in page


def test_a_form_without_its_token_says_that_nothing_was_changed(somebody: Client) -> None:
    answer = somebody.post("/admin/logout/", headers={"Accept-Language": "en"})
    assert answer.status_code == 403
    assert "nothing was changed" in told(answer)


def test_strangers_are_not_led_to_the_staff(client: Client) -> None:
    answer = client.get("/nowhere", headers={"Accept-Language": "de"})
    assert answer.status_code == 404
    page = told(answer)
    assert "Hier ist nichts" in page
    assert "/admin/" not in page


def test_another_host_is_told_what_to_set(client: Client, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["shop.example"]
    answer = client.get("/admin/", headers={"Host": "other.example"})
    assert answer.status_code == 400
    assert "ALLOWED_HOSTS" in told(answer)


def test_what_broke_has_a_number_to_ask_for(settings: Any, db: None) -> None:
    settings.ROOT_URLCONF = WithBroken
    client = Client(raise_request_exception=False)
    answer = client.get("/admin/broken", headers={"Accept-Language": "en"})
    assert answer.status_code == 500
    page = told(answer)
    assert answer.headers["X-Request-Id"] in page
    assert "RuntimeError" not in page
    problem = client.get("/api/broken")
    assert problem.headers["Content-Type"] == "application/problem+json"
    assert problem.json()["code"] == "internal_error"
