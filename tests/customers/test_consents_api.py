"""Consent over REST: a history that grows, and what it comes to."""

import itertools

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError

from customers.models import ConsentRecord
from tests.api import DAY, NOON

EMAIL = "/customers/c1/consents/email/marketing"


@pytest.fixture
def ada(api):
    api.put("/customers/c1", {})
    return api


def state(api):
    (consent,) = api.get("/customers/c1/consents")["consents"]
    return consent["state"]


@pytest.mark.parametrize(
    ("said", "comes_to"),
    {
        "a grant": (["granted"], "granted"),
        "a withdrawal": (["withdrawn"], "withdrawn"),
        "a request counts as none": (["requested"], "none"),
        "a request that is confirmed": (["requested", "granted"], "granted"),
        "a grant that is withdrawn": (["granted", "withdrawn"], "withdrawn"),
        "a request never undoes a grant": (["granted", "requested"], "granted"),
        "a request after a withdrawal": (["granted", "withdrawn", "requested"], "none"),
        "and its confirmation": (["withdrawn", "requested", "granted"], "granted"),
    }.values(),
)
def test_what_a_history_comes_to_in_whatever_order_it_arrives(ada, said, comes_to):
    told = [{"state": word, "recorded_at": (NOON + nth * DAY).isoformat(), "at": "2026-04-01T00:00:00Z"}
            for nth, word in enumerate(said)]  # fmt: skip
    for number, arrival in enumerate(itertools.permutations(told)):
        ada.put(f"/customers/p{number}", {})
        for record in arrival:
            made = ada.put(f"/customers/p{number}/consents/email/marketing", record)
        assert made["state"] == comes_to
        shown = ada.get(f"/customers/p{number}/consents")
        assert [record["state"] for record in shown["history"]] == said


def test_the_history_holds_the_evidence(ada):
    record = {
        "state": "granted", "source": "checkout", "text_version": "2026-01",
        "recorded_at": "2026-03-01T10:00:00Z", "ip_address": "2001:db8::7",
    }  # fmt: skip
    made = ada.put(EMAIL, record)
    assert (made.status, made["state"]) == (201, "granted")
    shown = ada.get("/customers/c1/consents")
    told = {"channel": "email", "purpose": "marketing", "address": None, **record}
    assert shown["history"] == [told]
    assert ada.put(EMAIL, {"state": "withdrawn"}).status == 200


def test_the_same_record_told_again_changes_nothing(ada):
    record = {"state": "granted", "recorded_at": "2026-03-01T10:00:00Z"}
    ada.put(EMAIL, record)
    assert ada.put(EMAIL, record).status == 200
    assert len(ada.get("/customers/c1/consents")["history"]) == 1


def test_without_an_instant_it_is_the_calls(ada):
    ada.put(EMAIL, {"state": "granted", "at": NOON.isoformat()})
    (record,) = ada.get("/customers/c1/consents")["history"]
    assert record["recorded_at"] == "2026-03-10T12:00:00Z"


def test_channels_and_purposes_are_apart(ada):
    ada.put(EMAIL, {"state": "granted"})
    ada.put("/customers/c1/consents/ads/profiling", {"state": "withdrawn"})
    states = {(row["channel"], row["purpose"]): row["state"]
              for row in ada.get("/customers/c1/consents")["consents"]}  # fmt: skip
    assert states == {("email", "marketing"): "granted", ("ads", "profiling"): "withdrawn"}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/state"),
        ({"state": "none"}, "/state"),
        ({"state": "granted", "source": "a\x00"}, "/source"),
        ({"state": "granted", "source": "a" * 256}, "/source"),
        ({"state": "granted", "text_version": 1}, "/text_version"),
        ({"state": "granted", "ip_address": "here"}, "/ip_address"),
        ({"state": "granted", "ip_address": "192.0.2.256"}, "/ip_address"),
        ({"state": "granted", "ip_address": "192.0.2"}, "/ip_address"),
        ({"state": "granted", "ip_address": "cafe"}, "/ip_address"),
        ({"state": "granted", "recorded_at": "yesterday"}, "/recorded_at"),
        ({"state": "granted", "recorded_at": "2026-03-10T13:00:00Z"}, "/recorded_at"),
        ({"state": "granted", "recorded_at": "0001-01-01T00:00:00+14:00"}, "/recorded_at"),
        ({"state": "granted", "channel": "email"}, "/channel"),
    ],
)
def test_bad_records_are_refused(ada, body, pointer):
    refused = ada.put(EMAIL, body | {"at": NOON.isoformat()})
    assert (refused.status, refused.pointers) == (422, [pointer])
    assert not ConsentRecord.objects.exists()


@pytest.mark.parametrize(
    "path",
    ["/customers/c2/consents/email/marketing", "/customers/c1/consents/fax/marketing",
     "/customers/c1/consents/email/selling", "/customers/%00/consents/email/marketing"],
)  # fmt: skip
def test_unknown_customers_channels_and_purposes_are_not_found(ada, path):
    assert ada.put(path, {"state": "granted"}).status == 404


def test_nobodys_consents_are_not_found(api):
    assert api.get("/customers/c1/consents").status == 404


@pytest.mark.postgres15
def test_of_a_record_only_the_evidence_can_be_blanked(ada):
    ada.put(EMAIL, {"state": "granted", "ip_address": "192.0.2.1", "source": "shop"})
    rows = ConsentRecord.objects.all()
    for change in (
        {"state": "withdrawn"}, {"ip_address": "192.0.2.2"}, {"recorded_at": NOON},
        {"ip_address": "", "purpose": "tracking"}, {"address": "ben@example.org"},
    ):  # fmt: skip
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            rows.update(**change)
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM customers_consentrecord")
    rows.update(ip_address="", source="", address="")
    assert rows.get().ip_address == ""


def test_a_record_keeps_the_address_that_it_was_about(api):
    """Whatever the customer's is later; and an advertising network needs none."""
    api.put("/customers/c1", {"email": "ada@example.org", "phone": "+4930123456"})
    for channel in ("email", "sms", "ads"):
        api.put(f"/customers/c1/consents/{channel}/marketing", {"state": "granted"})
    api.put("/customers/c1", {"email": "countess@example.org"})
    api.put("/customers/c1/consents/email/marketing", {"state": "withdrawn"})
    proof = api.get("/customers/c1/consents/proof")
    assert [(record["channel"], record["address"]) for record in proof["records"]] == [
        ("email", "ada@example.org"), ("sms", "+4930123456"), ("ads", None),
        ("email", "countess@example.org"),
    ]  # fmt: skip
