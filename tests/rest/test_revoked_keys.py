"""A key that is revoked opens nothing from the next call on, whatever a process has seen of it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from access.actions import revoke_api_key
from access.models import ApiKey
from tests.api import NOON, Api
from tests.checkout.till import Till, cart


def price(api: Api, body=None):
    """Without an idempotency key, as a storefront asks."""
    return api.post("/checkout/validate", cart() if body is None else body, idempotency_key=None)


@pytest.fixture
def seen(api: Api) -> Api:
    """A caller whose key this process has just used, in a shop with an offer."""
    Till(api).offer()
    for _ in range(2):
        assert price(api).status == 200
    return api


def revoke():
    assert revoke_api_key(key_id=ApiKey.objects.get().pk, now=NOON)


def test_a_key_that_was_seen_is_confirmed_by_the_statement_of_the_facts(seen):
    with CaptureQueriesContext(connection) as told:
        assert price(seen).status == 200

    assert len(told) == 1
    assert "access_apikey" not in told[0]["sql"]


@pytest.mark.parametrize("body", [None, {}, b"{", b"", {"lines": "none"}])
def test_a_revoked_key_is_refused_at_the_very_next_call(seen, body):
    revoke()

    refused = [price(seen, body) for _ in range(2)]

    assert [answer.status for answer in refused] == [401, 401]
    assert refused[0]["code"] == "authentication_required"
    assert refused[0].headers["WWW-Authenticate"] == "Bearer"


def test_nothing_is_written_for_a_revoked_key(seen):
    revoke()
    body = cart(codes=["NOSUCHCODE"])
    with CaptureQueriesContext(connection) as told:
        assert price(seen, body).status == 401

    assert not any("INSERT" in query["sql"] for query in told)


def test_an_answer_that_was_kept_is_not_given_to_a_revoked_key(seen):
    key = "a-key-of-16-signs"
    first = seen.post("/checkout/validate", cart(), idempotency_key=key)
    assert first.status == 200
    revoke()

    assert seen.post("/checkout/validate", cart(), idempotency_key=key).status == 401


def test_a_key_that_lost_its_scope_or_secret_is_read_again(seen):
    ApiKey.objects.update(scopes=["reports"])
    assert [price(seen).status for _ in range(2)] == [401, 403]
    ApiKey.objects.update(scopes=["checkout"], digest=b"another")
    assert [price(seen).status for _ in range(2)] == [401, 401]


def test_a_wrong_secret_is_refused_though_the_key_was_seen(seen):
    forged = Api(f"{seen.key[:-4]}AAAA")

    assert price(forged).status == 401
    assert price(seen).status == 200


def test_other_methods_and_other_paths_are_refused_too(seen):
    revoke()

    assert seen.get("/checkout/validate").status == 401
    assert seen.get("/promotions").status == 401
