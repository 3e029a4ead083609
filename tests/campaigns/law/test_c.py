"""C: consent (GDPR art. 4, 6, 7, 8; UWG § 7), as docs/law.md numbers it."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest

from customers.actions import confirmations
from customers.domain.reach import is_child, obstacle
from customers.models import ConsentRecord
from customers.queries.gate import reachable
from journal.models import OutboxEvent
from tests.api import DAY, HOUR, NOON, Api
from tests.campaigns.reader import (
    ADA,
    ONE_CLICK,
    confirming,
    get,
    history,
    key_of,
    leaving,
    make_ada,
    post,
    preferring,
    states,
)

MAIL = ("email", "marketing")
PATH = "/customers/ada/consents/email/marketing"


@dataclass
class Post:
    """Whoever sends the mails that ask."""

    asked: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, **asked: Any) -> None:
        self.asked.append(asked)


@pytest.fixture
def mails(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    taken = Post()
    monkeypatch.setattr(confirmations, "_asking", [])
    confirmations.register_confirmation(taken)
    return taken.asked


@pytest.fixture
def ada(api: Api) -> Api:
    make_ada(api)
    return api


def request(api: Api, at=NOON, path: str = PATH, **more: Any) -> ConsentRecord:
    said = {"state": "requested", "text_version": "news-3", **more}
    assert api.put(path, {**said, "at": at.isoformat()}).status in (200, 201)
    return ConsentRecord.objects.latest("id")


def person(channel: str = "email"):
    return reachable(customer_keys=[key_of("ada")], channel=channel)[key_of("ada")]


def why_not(channel: str = "email", *, now=NOON):
    return obstacle(
        person(channel), channel=channel, purpose="marketing", min_age=16, today=now.date(), now=now
    )


def test_c1_what_a_person_does_on_a_page_is_recorded_with_its_evidence(ada: Api):
    record = request(ada, ip_address="192.0.2.1")
    post(confirming(record), {"act": "confirm"}, REMOTE_ADDR="2001:db8:1:2::7")
    asked, confirmed = ada.get("/customers/ada/consents")["history"]
    assert (asked["state"], asked["ip_address"]) == ("requested", "192.0.2.1")
    assert asked["address"] == ADA["email"]
    assert confirmed == asked | {
        "state": "granted", "source": "double opt-in", "ip_address": "2001:db8:1::",
    }  # fmt: skip


def test_c2_nothing_is_sent_without_a_grant(ada: Api):
    assert why_not() == "no_consent"
    request(ada)
    assert why_not() == "no_consent"
    ada.put(PATH, {"state": "granted"})
    assert why_not() is None
    assert why_not("sms") == "no_consent"


def test_c3_nothing_is_ticked_that_was_not_granted(ada: Api):
    assert "checked" not in get(preferring()).markup.partition('type="radio"')[0]
    post(preferring(), {"shown": "", "email.marketing": "on"}, REMOTE_ADDR="203.0.113.77")
    assert 'name="email.marketing" value="on" checked' in get(preferring()).markup
    assert get(preferring()).markup.partition('type="radio"')[0].count("checked") == 1
    assert history(ada) == [("granted", "preferences page")]
    assert ConsentRecord.objects.get().ip_address == "203.0.113.0"


def test_c3_leaving_takes_no_more_clicks_than_joining(ada: Api):
    record = request(ada)
    assert get(confirming(record)).markup.count("<button") == 1
    post(confirming(record))
    assert get(leaving()).markup.count("<button") == 1


def test_c4_a_request_asks_for_a_mail_and_counts_as_none(ada: Api, mails: list):
    record = request(ada)
    assert mails == [
        {"customer_key": key_of("ada"), "record_key": record.pk, "channel": "email",
         "purpose": "marketing", "now": NOON}
    ]  # fmt: skip
    assert states(ada)[MAIL] == "none"


def test_c4_a_second_request_within_the_hour_sends_nothing(ada: Api, mails: list):
    for minutes in (0, 0, 59, 60, 70, 119, 120):
        request(ada, at=NOON + timedelta(minutes=minutes))
    assert [(mail["now"] - NOON).seconds // 60 for mail in mails] == [0, 60, 120]


@pytest.mark.parametrize("path", ["sms/marketing", "push/marketing", "ads/profiling"])
def test_c4_only_a_request_for_email_sends(ada: Api, mails: list, path: str):
    request(ada, path=f"/customers/ada/consents/{path}")
    assert mails == []


def test_c4_nothing_is_asked_that_was_granted_or_is_long_past_or_has_no_address(
    api: Api, mails: list
):
    make_ada(api, "email/marketing")
    request(api)
    request(api, path="/customers/ada/consents/email/tracking",
            recorded_at=(NOON - 7 * DAY).isoformat())  # fmt: skip
    api.put("/customers/bob", {})
    request(api, path="/customers/bob/consents/email/marketing")
    assert mails == []


def test_c4_opening_the_link_confirms_nothing_and_the_button_does_once(ada: Api):
    path = confirming(request(ada))
    page = get(path)
    assert page.status == 200
    assert "Teeladen darf mir Angebote und Neuigkeiten per E-Mail schicken." in page.text
    assert states(ada)[MAIL] == "none"
    for at in (NOON, NOON + HOUR, NOON + 30 * DAY):
        done = post(path, {"act": "confirm"}, at=at)
        assert (done.status, "Danke, das ist bestätigt" in done.text) == (200, True)
    assert "Danke, das ist bestätigt" in get(path).text
    assert history(ada) == [("requested", None), ("granted", "double opt-in")]


def test_c4_after_seven_days_it_says_to_ask_again(ada: Api):
    path = confirming(request(ada))
    late = NOON + 7 * DAY
    for page in (get(path, at=late), post(path, at=late)):
        assert page.status == 410
        assert "noch einmal" in page.text
    assert states(ada)[MAIL] == "none"
    assert post(path, at=late - timedelta(microseconds=1)).status == 200


def test_c4_what_was_withdrawn_since_cannot_be_confirmed(ada: Api):
    path = confirming(request(ada))
    post(leaving(), ONE_CLICK)
    assert (get(path).status, post(path).status) == (410, 410)
    assert states(ada)[MAIL] == "withdrawn"
    again = request(ada, at=NOON + HOUR)
    assert post(path, at=NOON + HOUR).status == 410
    assert post(confirming(again, at=NOON + HOUR), at=NOON + HOUR).status == 200


def test_c4_how_it_was_asked_for_is_forgotten_after_thirty_days_without_an_answer(ada: Api):
    evidence = {"source": "footer", "text_version": "v3", "ip_address": "198.51.100.7"}
    request(ada, path="/customers/ada/consents/email/tracking", **evidence)
    post(confirming(request(ada, **evidence)), {"act": "confirm"})
    for late in (30 * DAY, 30 * DAY + timedelta(seconds=1)):
        kept = [row["source"] for row in evidence_of(ada)]
        assert sorted(kept) == ["double opt-in", "footer", "footer"]
        ada.post("/clock/run", {"at": (NOON + late).isoformat()})
    found = {(row["purpose"], row["state"], row["source"]) for row in evidence_of(ada)}
    assert found == {
        ("tracking", "requested", None), ("marketing", "requested", "footer"),
        ("marketing", "granted", "double opt-in"),
    }  # fmt: skip


def evidence_of(api: Api) -> list:
    return api.get("/customers/ada/consents")["history"]


def test_c4_a_link_to_another_address_confirms_nothing(ada: Api):
    path = confirming(request(ada))
    ada.put("/customers/ada", {**ADA, "email": "eve@example.org"})
    assert post(path).status == 404
    ada.put("/customers/ada", {**ADA, "email": "ADA@example.org"})
    assert post(path).status == 200


def test_c4_a_changed_link_or_one_that_asks_nothing_is_not_found(ada: Api):
    record = request(ada)
    path = confirming(record)
    for place in range(len("/confirm/"), len(path)):
        other = "A" if path[place] != "A" else "B"
        assert post(path[:place] + other + path[place + 1 :]).status == 404
    record.pk += 1
    assert get(confirming(record)).status == 404
    assert states(ada)[MAIL] == "none"


def test_c5_the_proof_shows_every_record(ada: Api):
    record = request(ada, source="footer form", ip_address="192.0.2.1")
    post(confirming(record), at=NOON + HOUR)
    proof = ada.get(
        f"/customers/ada/consents/proof?at={(NOON + DAY).isoformat().replace('+', '%2B')}"
    )
    assert (proof.status, proof["customer_id"], proof["issued_at"]) == (
        200,
        "ada",
        "2026-03-11T12:00:00Z",
    )
    assert proof["consents"] == ada.get("/customers/ada/consents")["consents"]
    assert proof["records"][0] == {
        "channel": "email", "purpose": "marketing", "state": "requested", "source": "footer form",
        "text_version": "news-3", "ip_address": "192.0.2.1", "address": ADA["email"],
        "recorded_at": "2026-03-10T12:00:00Z", "received_at": "2026-03-10T12:00:00Z",
    }  # fmt: skip
    assert [row["source"] for row in proof["records"]] == ["footer form", "double opt-in"]
    assert ada.get("/customers/nobody/consents/proof").status == 404


def test_c6_a_purchase_alone_is_no_consent(ada: Api):
    line = {"line_id": "1", "sku": "TEA", "quantity": 1, "unit_price": 500}
    order = {"customer_id": "ada", "currency": "EUR", "status": "paid", "lines": [line]}
    assert ada.put("/orders/o1", order).status == 201
    assert why_not() == "no_consent"


def test_c7_one_button_ends_marketing_profiling_and_tracking_on_every_way(api: Api):
    make_ada(api, "sms/marketing", "email/profiling", "email/tracking", "ads/marketing")
    page = post(preferring(), {"act": "leave"})
    assert "Alles ist abbestellt." in page.text
    assert states(api) == {
        ("email", "marketing"): "withdrawn", ("sms", "marketing"): "withdrawn",
        ("email", "profiling"): "withdrawn", ("email", "tracking"): "withdrawn",
        ("ads", "marketing"): "withdrawn",
        # Places on the site ask for no consent: they heed a refusal.
        ("in_app", "marketing"): "withdrawn", ("in_app", "profiling"): "withdrawn",
    }  # fmt: skip
    told = OutboxEvent.objects.filter(type="customer.unsubscribed").order_by("id")
    assert [event.payload["channel"] for event in told] == ["email", "sms", "in_app", "ads"]


def test_c8_tracking_is_a_consent_of_its_own(ada: Api):
    ada.put(PATH, {"state": "granted"})
    assert person().allows_tracking is False
    ada.put("/customers/ada/consents/email/tracking", {"state": "granted"})
    assert person().allows_tracking is True
    assert person("sms").allows_tracking is False


def test_c9_children_get_no_marketing(ada: Api, settings):
    ada.put(PATH, {"state": "granted"})
    assert settings.MARKETING_MIN_AGE == 16
    for birth_date, reason in (
        ("2010-03-11", "under_age"), ("2010-03-10", None), ("1990-12-10", None), (None, None),
    ):  # fmt: skip
        ada.put("/customers/ada", {**ADA, "birth_date": birth_date})
        assert why_not() == reason


def test_c9_who_was_born_on_29_february_is_a_year_older_on_1_march():
    born = date(2012, 2, 29)
    assert is_child(birth_date=born, today=date(2026, 2, 28), age_limit=14)
    assert not is_child(birth_date=born, today=date(2026, 3, 1), age_limit=14)
    assert not is_child(birth_date=born, today=date(2028, 2, 29), age_limit=16)
