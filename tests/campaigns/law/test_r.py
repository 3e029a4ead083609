"""R: the rights of customers (GDPR art. 15 to 21), as docs/law.md numbers them."""

from datetime import datetime

import pytest
from django.db import connection

from config.privacy import TABLES
from customers.domain.reach import obstacle
from customers.models import ContactPreference, Customer
from customers.queries.gate import reachable
from tests.api import NOON, Api
from tests.campaigns.reader import ADA, key_of, make_ada, post, preferring
from tests.campaigns.shop import Marketing
from tests.campaigns.sink import Sink

CONSENTS = "/customers/ada/consents/email/marketing"


@pytest.fixture
def ada(api: Api) -> Api:
    make_ada(api, "email/marketing")
    return api


def why_not(purpose="marketing", *, now: datetime = NOON):
    person = reachable(customer_keys=[key_of("ada")], channel="email")[key_of("ada")]
    return obstacle(person, channel="email", purpose=purpose, min_age=16, today=now.date(), now=now)


def test_r1_one_call_tells_what_was_chosen_too(ada: Api):
    post(preferring(), {"often": "week", "pause": "30"})
    told = ada.get("/customers/ada/export")
    assert told["contact_preferences"] == [
        {"most_per_days": 7, "paused_until": "2026-04-09T12:00:00Z"}
    ]
    assert told["customer"]["is_restricted"] is False
    assert told["consent_history"][0]["state"] == "granted"


def test_r2_who_was_erased_and_comes_back_by_an_import_gets_no_mail(ada: Api):
    post(preferring(), {"often": "week"})
    key = key_of("ada")
    ada.post("/customers/ada/erase", {})
    assert not ContactPreference.objects.filter(customer_id=key).exists()
    gone = reachable(customer_keys=[key], channel="email")[key]
    assert (gone.is_erased, gone.email) == (True, "")
    row = {"customer_id": "ada", "email": "ADA@Example.org"}
    assert ada.post("/customers/batch", {"customers": [row]})["created"] == 1
    ada.put(CONSENTS, {"state": "granted"})
    assert (why_not(), why_not("transactional")) == ("suppressed", "suppressed")


def test_r3_a_restriction_stops_all_marketing(ada: Api):
    assert ada.patch("/customers/ada", {"is_restricted": True})["is_restricted"] is True
    assert (why_not(), why_not("transactional")) == ("restricted", None)
    assert ada.patch("/customers/ada", {"is_restricted": False})["is_restricted"] is False
    assert why_not() is None


def test_r3_no_rule_holds_of_whom_is_restricted(ada: Api):
    everybody = {"not": {"field": "customer.city", "op": "eq", "value": "Nowhere"}}
    ada.put("/segments/all", {"name": "All", "kind": "dynamic", "rule": everybody})
    ada.put("/segments/list", {"name": "List"})
    ada.put("/segments/list/members", {"customer_ids": ["ada"]})
    seen = []
    for is_restricted in (False, True, False):
        ada.patch("/customers/ada", {"is_restricted": is_restricted})
        found = ada.get("/customers/ada/segments")["results"]
        count = ada.post("/segments/preview", {"rule": everybody})["count"]
        seen.append(([one["segment_id"] for one in found], count))
    assert seen == [(["all", "list"], 1), (["list"], 0), (["all", "list"], 1)]


def test_r3_a_restriction_is_lifted_by_nothing_but_a_word(ada: Api):
    ada.put("/customers/ada", {**ADA, "is_restricted": True})
    ada.put("/customers/ada", {**ADA, "city": "Ulm"})
    ada.patch("/customers/ada", {"city": "Jena"})
    ada.patch("/customers/ada", {"is_restricted": None})
    ada.post("/customers/batch", {"customers": [{"customer_id": "ada", **ADA}]})
    assert Customer.objects.get().is_restricted
    assert ada.get("/customers/ada")["is_restricted"] is True
    new = ada.put("/customers/bob", {"is_restricted": True})
    assert (new.status, new["is_restricted"]) == (201, True)


def test_r4_every_table_of_ours_is_in_the_report():
    assert {"customers_contactpreference", "customers_suppression"} <= TABLES.keys()


def test_r5_only_a_part_of_an_address_is_ever_kept_by_our_own_pages(ada: Api):
    post(preferring(), {"shown": "", "email.tracking": "on"}, REMOTE_ADDR="198.51.100.177")
    kept = [row["ip_address"] for row in ada.get("/customers/ada/consents")["history"]]
    assert kept == [None, "198.51.100.0"]


def test_r5_no_rendered_mail_is_kept(marketing: Marketing, sink: Sink):
    marketing.customer("ada", first_name="Augusta")
    marketing.campaign("hello")
    marketing.start("hello")
    marketing.run()
    assert sink.to("ada@example.org")[0]["Subject"] == "Hello Augusta"
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [table for (table,) in cursor.fetchall()]
        for table in tables:
            cursor.execute(
                f"SELECT count(*) FROM {table} AS it WHERE it::text LIKE '%Hello Augusta%'"
            )
            assert cursor.fetchone() == (0,), table
    assert len(tables) > 50
