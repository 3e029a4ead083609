"""PUT, PATCH, GET, DELETE and the list of partners."""

import pytest

from cashback.models import Partner
from journal.models import AuditEntry
from tests.api import Api
from tests.cashback import money
from tests.cashback.api.shapes import PARTNER, PLAIN


def test_what_was_put_is_what_is_read(api: Api):
    put = api.put("/cashback/partners/acme", PARTNER)
    read = api.get("/cashback/partners/acme")
    assert (put.status, read.status) == (201, 200)
    assert read.raw == put.raw
    assert read.etag == put.etag
    assert read.body == PARTNER | {"partner_id": "acme"}


def test_put_again_and_patch_change_it(api: Api):
    first = api.put("/cashback/partners/acme", PARTNER)
    again = api.put("/cashback/partners/acme", {"name": "Acme AG", "share_percent": "12.5"})
    assert (again.status, again["share_percent"]) == (200, "12.5")
    patched = api.patch("/cashback/partners/acme", {"name": "Acme SE"}, if_match=again.etag)
    assert patched.body == {"partner_id": "acme", "name": "Acme SE", "share_percent": "12.5"}
    stale = api.put("/cashback/partners/acme", PARTNER, if_match=first.etag)
    assert stale.status == 412


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"name": ""}, "/name"),
        ({"name": "  "}, "/name"),
        ({"share_percent": "0"}, "/share_percent"),
        ({"share_percent": "101"}, "/share_percent"),
        ({"share_percent": 50}, "/share_percent"),
        ({"iban": "x"}, "/iban"),
        ({"partner_id": "acme"}, "/partner_id"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_written(api: Api, fields: dict, pointer: str):
    got = api.put("/cashback/partners/acme", PARTNER | fields)
    assert (got.status, got.pointers) == (422, [pointer])
    assert not Partner.objects.exists()


def test_a_partner_whom_a_rule_names_is_not_deleted(api: Api):
    api.put("/cashback/partners/acme", PARTNER)
    api.put("/cashback/rules/basis", PLAIN | {"partner_id": "acme"})
    refused = api.delete("/cashback/partners/acme")
    assert (refused.status, refused["code"]) == (409, "in_use")
    assert "cashback/rules/basis" in refused["detail"]
    api.delete("/cashback/rules/basis")
    assert api.delete("/cashback/partners/acme").status == 204
    assert api.get("/cashback/partners/acme").status == 404


def test_a_partner_who_paid_a_share_is_not_deleted(api: Api):
    partner = money.kept_partner("acme")
    money.buy(money.customer(), money.kept_rule(), partner=partner)
    refused = api.delete("/cashback/partners/acme")
    assert (refused.status, refused["code"]) == (409, "in_use")


def test_partners_are_listed_by_id_and_edits_stand_in_the_trail(api: Api):
    for name in ("b", "a"):
        api.put(f"/cashback/partners/{name}", PARTNER)
    api.patch("/cashback/partners/a", {"share_percent": "10"})
    assert [row["partner_id"] for row in api.get("/cashback/partners")["results"]] == ["a", "b"]
    trail = AuditEntry.objects.filter(subject_kind="cashback_partner", subject_id="a")
    assert [entry.action for entry in trail.order_by("id")] == [
        "cashback_partner.created", "cashback_partner.changed",
    ]  # fmt: skip
