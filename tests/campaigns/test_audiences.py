"""Audiences for advertising networks: only with consent, only as hashes, and kept in step."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from campaigns.actions import audiences
from campaigns.actions.audiences import forget_removed, run_export
from campaigns.models import AudienceExport, AudienceMember
from journal.actions import run_next_job
from journal.models import Job
from tests.api import DAY, NOON, Api, make_key
from tests.campaigns.reader import get, post, preferring
from tests.campaigns.shop import Marketing, at

pytestmark = pytest.mark.django_db


def hashed(email: str) -> str:
    return hashlib.sha256(email.encode()).hexdigest()


def consent(api: Api, name: str, state: str = "granted", *, days: int = 1) -> None:
    said = {"state": state, "source": "form", "recorded_at": at(NOON - days * DAY)}
    put = api.put(f"/customers/{name}/consents/ads/marketing", said)
    assert put.status in {200, 201}, put.body


@pytest.fixture
def shop(marketing: Marketing) -> Api:
    """Ada, Ben and Cai, who agree to advertising, in one segment."""
    api = marketing.api
    api.put("/segments/all", {"name": "all"})
    for name in ("ada", "ben", "cai"):
        marketing.customer(name, consent=None)
        consent(api, name)
    fill(api, "ada", "ben", "cai")
    return api


def fill(api: Api, *names: str) -> None:
    put = api.put("/segments/all/members", {"customer_ids": list(names)})
    assert put.status == 200, put.body


def export(api: Api, network: str = "meta") -> tuple[dict[str, Any], set[str], set[str]]:
    """What the job says, and the hashes of both files."""
    ordered = api.post("/segments/all/audience-exports", {"network": network})
    assert ordered.status == 202, ordered.body
    while run_next_job(now=timezone.now):
        pass
    job = api.get(f"/jobs/{ordered['job_id']}")
    assert job["status"] == "succeeded", job.body
    return job["result"], *(
        {line.split(",")[0] for line in lines(api, job["result"][name])[1:]}
        for name in ("members_url", "removed_url")
    )


def lines(api: Api, address: str) -> list[str]:
    got = api.get(address.removeprefix("/api/v1"))
    assert got.status == 200, got.body
    return got.raw.decode().split("\r\n")[:-1]


def test_the_file_holds_hashes_of_normalised_addresses_and_nothing_else(shop: Api) -> None:
    shop.patch("/customers/ada", {"email": "Ada.Lovelace@Example.ORG"})
    told, members, removed = export(shop)
    expected = {"ada.lovelace@example.org", "ben@example.org", "cai@example.org"}
    assert members == {hashed(email) for email in expected}
    assert removed == set()
    assert (told["members"], told["removed"]) == (3, 0)
    [header, *rows] = lines(shop, told["members_url"])
    assert header == "email_sha256"
    assert all(len(row) == 64 for row in rows)
    seen = shop.get(f"/audience-exports/{told['export_id']}")
    assert (seen["segment_id"], seen["network"], seen["members"]) == ("all", "meta", 3)


SILENT = {
    "without consent": lambda api: consent(api, "ben", "withdrawn", days=0),
    "restricted": lambda api: api.patch("/customers/ben", {"is_restricted": True}),
    "a child": lambda api: api.patch("/customers/ben", {"birth_date": "2020-01-01"}),
    "without an address": lambda api: api.patch("/customers/ben", {"email": None}),
    "erased": lambda api: api.post("/customers/ben/erase"),
    "no member any more": lambda api: fill(api, "ada", "cai"),
}


@pytest.mark.parametrize("name", SILENT)
def test_who_must_not_be_told_of_is_left_out_and_named_once_to_be_dropped(
    shop: Api, name: str
) -> None:
    export(shop)
    SILENT[name](shop)
    told, members, removed = export(shop)
    assert members == {hashed("ada@example.org"), hashed("cai@example.org")}
    assert removed == {hashed("ben@example.org")}
    assert told["members"] == 2


def test_a_suppressed_address_is_left_out(shop: Api) -> None:
    other = {"email": "ben@example.org"}
    shop.put("/customers/former", other)
    assert shop.post("/customers/former/erase").status == 200
    _, members, _ = export(shop)
    assert members == {hashed("ada@example.org"), hashed("cai@example.org")}


def test_whoever_withdraws_is_out_of_the_file_before_the_next_export(shop: Api) -> None:
    told, _, _ = export(shop)
    consent(shop, "ada", "withdrawn", days=0)
    left = {line for line in lines(shop, told["members_url"])[1:]}
    assert left == {hashed("ben@example.org"), hashed("cai@example.org")}


def test_a_customer_can_take_it_back_on_the_page_of_their_preferences(shop: Api) -> None:
    for ticked, state in (("", "withdrawn"), ("on", "granted")):
        form = {"shown": "" if ticked else "ads.marketing", "often": "any", "pause": "none"}
        if ticked:
            form["ads.marketing"] = "on"
        assert post(preferring("ada"), form).status == 200
        consents = shop.get("/customers/ada/consents")["consents"]
        assert {each["channel"]: each["state"] for each in consents} == {"ads": state}
    assert "unrecognisable" in get(preferring("ada")).text
    assert post(preferring("ada"), {"act": "leave"}).status == 200
    assert hashed("ada@example.org") not in export(shop)[1]


def test_another_address_is_another_hash_and_the_former_is_dropped(shop: Api) -> None:
    export(shop)
    shop.patch("/customers/ada", {"email": "new@example.org"})
    _, members, removed = export(shop)
    assert hashed("new@example.org") in members
    assert removed == {hashed("ada@example.org")}


def test_whoever_comes_back_is_not_dropped(shop: Api) -> None:
    export(shop)
    fill(shop, "ada")
    _, _, removed = export(shop)
    assert removed == {hashed("ben@example.org"), hashed("cai@example.org")}
    fill(shop, "ada", "ben")
    told, members, removed = export(shop)
    assert removed == {hashed("cai@example.org")}
    assert members == {hashed("ada@example.org"), hashed("ben@example.org")}
    assert told["removed"] == 0


def test_each_network_has_its_own_state(shop: Api) -> None:
    export(shop, "meta")
    fill(shop, "ada")
    assert export(shop, "google-ads")[2] == set()
    assert len(export(shop, "meta")[2]) == 2


def test_one_address_of_two_customers_stands_there_once(shop: Api) -> None:
    shop.put("/customers/twin", {"email": "ADA@example.org"})
    consent(shop, "twin")
    fill(shop, "ada", "ben", "cai", "twin")
    assert export(shop)[0]["members"] == 3


def test_a_dynamic_segment_is_filled_before(shop: Api) -> None:
    rule = {"field": "customer.city", "op": "eq", "value": "Berlin"}
    shop.put("/segments/all", {"name": "all", "kind": "dynamic", "rule": rule})
    shop.patch("/customers/cai", {"city": "Berlin"})
    assert export(shop)[1] == {hashed("cai@example.org")}


def test_an_older_file_is_not_handed_on_any_more(shop: Api) -> None:
    first, _, _ = export(shop)
    export(shop)
    for name in ("members_url", "removed_url"):
        got = shop.get(first[name].removeprefix("/api/v1"))
        assert (got.status, got["detail"]) == (404, "A newer export has taken its place.")


def test_before_it_is_finished_there_is_no_file(shop: Api) -> None:
    ordered = shop.post("/segments/all/audience-exports", {"network": "meta"})
    assert (ordered["members"], ordered["finished_at"]) == (None, None)
    got = shop.get(f"/audience-exports/{ordered['export_id']}/members.csv")
    assert (got.status, got["detail"]) == (404, "It is not finished yet.")


def test_a_killed_worker_s_successor_goes_on_and_ends_with_the_same(
    shop: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audiences, "MEMBERS_A_STEP", 1)
    ordered = shop.post("/segments/all/audience-exports", {"network": "meta"})
    job = Job.objects.get(kind="audience_export")
    calls = 0

    def clock() -> Any:
        nonlocal calls
        calls += 1
        if calls == 4:
            raise KeyboardInterrupt
        return timezone.now()

    with pytest.raises(KeyboardInterrupt):
        run_export(job_id=job.job_id, clock=clock)
    job.refresh_from_db()
    assert (job.done, AudienceMember.objects.count()) == (2, 2)
    done = run_export(job_id=job.job_id, clock=timezone.now)
    again = run_export(job_id=job.job_id, clock=timezone.now)
    assert done == again
    assert (done["members"], done["removed"]) == (3, 0)
    assert shop.get(f"/audience-exports/{ordered['export_id']}")["members"] == 3


def test_who_has_left_is_forgotten_after_a_month(shop: Api) -> None:
    export(shop)
    assert shop.post("/customers/ben/erase").status == 200
    [gone] = AudienceMember.objects.filter(left_at__isnull=False)
    assert gone.customer_id is None
    assert gone.left_at is not None
    month = gone.left_at + timedelta(days=30)
    assert forget_removed(now=month) == 0
    assert forget_removed(now=month + timedelta(seconds=1)) == 1
    assert AudienceMember.objects.count() == 2


def test_what_cannot_be_exported_is_refused_and_changes_nothing(shop: Api) -> None:
    assert shop.post("/segments/none/audience-exports", {"network": "meta"}).status == 404
    for body, pointer in (({}, "/network"), ({"network": "a b"}, "/network"), ({"net": 1}, "/net")):
        got = shop.post("/segments/all/audience-exports", body)
        assert got.status == 422
        assert pointer in got.pointers
    stranger = Api(make_key("campaigns", name="campaigns"))
    assert stranger.post("/segments/all/audience-exports", {"network": "meta"}).status == 403
    assert shop.get("/audience-exports/aud_0").status == 404
    assert AudienceExport.objects.count() == 0


def test_the_same_call_twice_is_one_export(shop: Api) -> None:
    key = "audience-export-1"
    calls = [
        shop.post("/segments/all/audience-exports", {"network": "meta"}, idempotency_key=key)
        for _ in range(2)
    ]
    assert calls[0].raw == calls[1].raw
    assert AudienceExport.objects.count() == 1
