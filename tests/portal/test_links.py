"""Links to the customer's own pages: who gets one, what opens, and what does not any more."""

import string
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from access.domain.links import Link, parse_link, spell_link
from access.models import KeptAnswer
from journal.models import AuditEntry
from tests.api import DAY, HOUR, NOON, Api
from tests.portal.pages import link, visit

AT = {"at": NOON.isoformat()}
MICROSECOND = timedelta(microseconds=1)


@pytest.fixture
def ada(api: Api) -> Api:
    api.put("/customers/ada", {"first_name": "Ada", "locale": "en"})
    return api


def test_a_link_begins_with_the_public_address_and_ends_when_it_says(ada: Api, settings):
    settings.PUBLIC_URL = "https://tea.example"
    settings.PORTAL_LINK_DAYS = 3

    made = ada.post("/customers/ada/portal-links", AT)

    assert made.status == 201
    assert made.body.keys() == {"url", "expires_at"}
    assert made["url"].startswith("https://tea.example/account/")
    assert made["expires_at"] == "2026-03-13T12:00:00Z"
    path = urlsplit(made["url"]).path
    assert visit(path, at=NOON + 3 * DAY - MICROSECOND).status == 200
    assert visit(path, at=NOON + 3 * DAY).status == 404


def test_it_needs_the_scope_of_customers_and_a_customer(ada: Api, api_without_scope, nobody):
    assert api_without_scope.post("/customers/ada/portal-links", {}).status == 403
    assert nobody.post("/customers/ada/portal-links", {}).status == 401
    assert ada.post("/customers/bob/portal-links", {}).status == 404
    assert ada.post("/customers/ada/portal-links", {"days": 9}).pointers == ["/days"]
    assert ada.post("/customers/ada/portal-links").status == 201


def test_asked_again_with_the_same_key_it_is_the_same_link_and_kept_unreadable(ada: Api):
    key = "the-same-key-each-time"
    first = ada.post("/customers/ada/portal-links", {}, idempotency_key=key)
    again = ada.post("/customers/ada/portal-links", {}, idempotency_key=key)
    other = ada.post("/customers/ada/portal-links", {})

    assert again.raw == first.raw
    assert other["url"] != first["url"]
    kept = KeptAnswer.objects.all()
    assert not any(b"/account/" in bytes(row.body) for row in kept)


def test_any_changed_character_is_not_found(ada: Api):
    path = link(ada)
    alphabet = string.ascii_letters + string.digits + "-_"
    start = len("/account/")
    for place in (start, start + 31, start + 32, len(path) - 1):
        now = path[place]
        other = alphabet[(alphabet.index(now) + 1) % 64]
        assert visit(path[:place] + other + path[place + 1 :]).status == 404
    for wrong in (path[:-1], path + "A", path + "=", "/account/" + "A" * 64, "/account/%00"):
        assert visit(wrong).status == 404
    assert visit(path).status == 200


def test_the_page_of_a_link_that_opens_nothing_is_friendly_and_says_nothing_of_why(ada: Api):
    path = link(ada)
    ended = visit(path, at=NOON + 400 * DAY, accept_language="de")
    changed = visit(path[:-2] + "__", accept_language="de")

    assert ended.status == changed.status == 404
    assert ended.body == changed.body
    assert "Dieser Link gilt nicht mehr" in ended.text
    assert "Ada" not in ended.text


def test_a_token_is_of_one_purpose_and_one_secret_alone():
    made = Link(7, NOON, NOON + DAY)
    token = spell_link(made, purpose="account", secret="s" * 50)

    assert parse_link(token, purpose="account", secret="s" * 50) == made
    assert parse_link(token, purpose="account", secret="t" * 50) is None
    assert parse_link(token, purpose="unsubscribe", secret="s" * 50) is None  # type: ignore[arg-type]


def test_ending_ends_all_that_were_made_and_none_that_come(ada: Api):
    ada.put("/customers/bob", {})
    first, second, bobs = link(ada), link(ada), link(ada, "bob")

    at = (NOON + HOUR).isoformat().replace("+", "%2B")
    assert ada.delete(f"/customers/ada/portal-links?at={at}").status == 204

    later = NOON + 2 * HOUR
    assert visit(first, at=later).status == visit(second, at=later).status == 404
    assert visit(bobs, at=later).status == 200
    assert visit(link(ada, at=later), at=later).status == 200
    assert AuditEntry.objects.filter(action="portal_links.ended").count() == 1
    assert ada.delete("/customers/eve/portal-links").status == 404


def test_an_erasure_ends_all_links_for_whoever_comes_after(ada: Api):
    path = link(ada)
    ada.delete(f"/customers/ada/portal-links?at={(NOON - HOUR).isoformat().replace('+', '%2B')}")
    export = ada.get("/customers/ada/export")
    assert export["ended_links"] == [{"purpose": "account", "ended_at": "2026-03-10T11:00:00Z"}]
    assert export["kept_answers"][0]["body"] is None

    assert ada.post("/customers/ada/erase", {}).status == 200
    ada.put("/customers/ada", {"first_name": "Another"})

    assert visit(path).status == 404
    assert visit(f"{path}/purchases").status == 404


def test_only_reading_is_done_at_the_address(ada: Api, client):
    path = link(ada)
    for method in ("post", "put", "delete", "patch"):
        assert getattr(client, method)(path).status_code == 405
    assert client.head(path, {"at": NOON.isoformat()}).status_code == 200
