"""Campaigns are shown, written, approved and stopped on the staff's pages as over the API."""

import re
from typing import Any

import pytest
from django.test import Client

from campaigns.models import Campaign
from journal.models import AuditEntry
from tests.api import DAY, NOON
from tests.campaigns.admin.conftest import Staff
from tests.campaigns.admin.pages import ADD, LIST, act_url, buttons, text_of, told, url_of
from tests.campaigns.shop import Marketing, at
from tests.campaigns.sink import Sink
from tests.promotions.admin.pages import open_page, send

LETTER = {"subject": "Hello {{ customer.first_name }}", "body": "Good to have you."}
FULL = {
    "name": "Full", "purpose": "transactional",
    "audience": {"segments": ["regulars", "gone"], "exclude_segments": ["staff"]},
    "promotion_id": "tea-20", "code_valid_days": 14,
    "trigger": {"kind": "order", "status": "paid", "delay_minutes": 90},
    "timezone": "Europe/London", "holdout_percent": "12.5",
    "variants": [{"name": "b", "percent": "50", "content": {"en": LETTER}}],
    "content": {"en": LETTER}, "quiet_hours": {"from": "22:00", "until": "07:30"},
    "expires_after_hours": None, "priority": 7,
}  # fmt: skip
TRIGGERS: list[dict[str, Any]] = [
    {"kind": "once", "at": "2027-03-01T09:30:00+01:00"},
    {"kind": "recurring", "rrule": "FREQ=WEEKLY;BYDAY=MO", "local_time": "08:00"},
    {"kind": "birthday", "days_before": 3, "local_time": "10:15"},
    {"kind": "anniversary", "days_before": 0, "local_time": "09:00"},
    {"kind": "inactive", "days": 60, "local_time": "09:00"},
    {"kind": "order", "status": "shipped", "delay_minutes": 0},
    {"kind": "event", "name": "cart_abandoned", "delay_minutes": 180},
    {"kind": "segment_entered", "segment_id": "best"},
    {"kind": "code_expiring", "days_before": 7, "local_time": "09:00"},
    {"kind": "cashback_available"},
    {"kind": "cashback_expiring", "days_before": 14, "local_time": "09:00"},
    {"kind": "membership_ending", "days_before": 30, "local_time": "09:00"},
]


def shape(shop: Marketing, campaign_id: str) -> dict[str, Any]:
    body = shop.api.get(f"/campaigns/{campaign_id}").body
    told_only = {"campaign_id", "status", "scheduled_at", "finished_at"}
    return {name: value for name, value in body.items() if name not in told_only}


def errors_of(answer: Any) -> dict[str, list[str]]:
    assert answer.status_code == 200, "it was saved"
    return dict(answer.context["adminform"].form.errors)


def test_the_list_says_what_each_does_and_how_far_it_is(shop: Marketing, staff: Client) -> None:
    shop.campaign("spring", audience={"segments": ["regulars"]})
    shop.campaign("birthday", trigger={"kind": "birthday"})
    shop.start("spring")
    shop.run()

    text = text_of(staff.get(LIST, headers={"accept-language": "en"}))

    assert "by e-mail to “regulars”, as far as they have agreed." in text
    told = (
        "On the birthday, at 09:00 by the customer's clock, by e-mail to everybody who has agreed."
    )
    assert told in text
    assert "2 / 2" in text


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize(
    "fields", [FULL, *({"trigger": trigger} for trigger in TRIGGERS)],
    ids=["full", *(trigger["kind"] for trigger in TRIGGERS)],
)  # fmt: skip
def test_a_page_that_is_sent_back_untouched_changes_nothing(
    shop: Marketing, staff: Client, language: str, fields: dict[str, Any]
) -> None:
    staff.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    shop.campaign("c", **{name: value for name, value in fields.items() if name != "name"})
    before = shape(shop, "c")
    page = open_page(staff, url_of("c"))

    assert send(staff, url_of("c"), page.form).status_code == 302

    assert shape(shop, "c") == before
    assert Campaign.objects.get().status == "draft"


@pytest.mark.parametrize("trigger", TRIGGERS, ids=lambda trigger: trigger["kind"])
def test_every_trigger_can_be_typed(
    shop: Marketing, staff: Client, trigger: dict[str, Any]
) -> None:
    shop.api.put("/segments/best", {"name": "Best", "kind": "static"})
    page = open_page(staff, ADD)
    names = {"status": "order_status", "name": "event_name", "segment_id": "entered_segment"}
    typed = {
        names.get(name, name): str(value)
        for name, value in trigger.items()
        if name not in {"kind", "at"}
    }
    if "at" in trigger:
        typed |= {"at_0": "2027-03-01", "at_1": "09:30"}

    answer = send(
        staff, ADD, page.form, campaign_id="c", name="C", trigger_kind=trigger["kind"],
        subject_en="Hello", body_en="Good to have you.", **typed,
    )  # fmt: skip

    assert answer.status_code == 302, errors_of(answer)
    made = shape(shop, "c")["trigger"]
    if "at" in trigger:
        assert made == {"kind": "once", "at": "2027-03-01T09:30:00+01:00"}
    else:
        assert made == trigger


def test_what_is_wrong_stands_at_its_field_in_the_language_of_the_page(
    shop: Marketing, staff: Client
) -> None:
    page = open_page(staff, ADD)
    typed = {
        "campaign_id": "c", "name": "C", "trigger_kind": "recurring", "rrule": "FREQ=HOURLY",
        "subject_de": "Hallo", "body_de": "Hallo\n\n{{ customer.nam }}", "holdout_percent": "200",
    }  # fmt: skip
    for language, line in (("en", "Line 3"), ("de", "Zeile 3")):
        staff.defaults["HTTP_ACCEPT_LANGUAGE"] = language
        errors = errors_of(send(staff, ADD, page.form, **typed))
        assert errors.keys() == {"rrule", "body_de", "holdout_percent"}
        assert line in errors["body_de"][0]
    assert not Campaign.objects.exists()


def test_somebody_was_faster_and_nothing_is_lost(shop: Marketing, staff: Client) -> None:
    shop.campaign("c")
    page = open_page(staff, url_of("c"))
    shop.api.patch("/campaigns/c", {"priority": 5})

    answer = send(staff, url_of("c"), page.form, name="Late")

    (text,) = answer.context["adminform"].form.non_field_errors()
    assert "It has been changed meanwhile." in text
    assert "Priority: 5" in text
    assert shape(shop, "c")["name"] == "c"


def test_what_runs_can_only_be_given_another_name(shop: Marketing, staff: Client) -> None:
    shop.campaign("c", trigger={"kind": "birthday"})
    shop.start("c")
    shop.run()
    before = shape(shop, "c")
    page = open_page(staff, url_of("c"))

    assert send(staff, url_of("c"), page.form, name="New", priority="9").status_code == 302

    assert shape(shop, "c") == before | {"name": "New"}
    assert Campaign.objects.get().status == "running"


def test_four_eyes_take_it_from_draft_to_running(shop: Marketing, member: Staff) -> None:
    writer = member("writer", "view_campaign", "change_campaign", "add_campaign")
    boss = member("boss", "view_campaign", "change_campaign", "approve_campaign")
    shop.campaign("c", trigger={"kind": "birthday"})
    assert buttons(writer, "c") == {"submit", "cancel", "test"}
    assert "Nobody gets anything yet" in text_of(writer.get(url_of("c")))

    assert writer.get(act_url("c", "submit")).status_code == 200
    assert Campaign.objects.get().status == "draft", "GET only asks"
    assert writer.post(act_url("c", "submit")).status_code == 302
    assert "somebody else has to approve it" in text_of(writer.get(url_of("c")))
    assert buttons(writer, "c") == {"cancel", "test"}
    assert writer.post(act_url("c", "approve")).status_code == 403

    assert "writer has handed it in" in text_of(boss.get(url_of("c")))
    assert buttons(boss, "c") == {"approve", "cancel", "test"}
    assert boss.post(act_url("c", "approve")).status_code == 302
    assert writer.post(act_url("c", "schedule")).status_code == 302
    assert Campaign.objects.get().status == "scheduled"
    for act, status in (("pause", "paused"), ("resume", "running"), ("cancel", "cancelled")):
        assert act in buttons(writer, "c")
        writer.post(act_url("c", act))
        assert Campaign.objects.get().status == status
    assert buttons(writer, "c") == {"test"}
    acts = AuditEntry.objects.filter(subject_id="c", actor__startswith="staff:").order_by("id")
    assert list(acts.values_list("action", flat=True)) == [
        f"campaign.{act}"
        for act in ("submitted", "approved", "scheduled", "paused", "running", "cancelled")
    ]
    assert "writer" in text_of(boss.get(url_of("c", "history")))


def test_whoever_approves_cannot_have_handed_it_in(shop: Marketing, staff: Client) -> None:
    shop.campaign("c")
    staff.post(act_url("c", "submit"))

    assert buttons(staff, "c") == {"cancel", "remove", "test"}
    assert staff.post(act_url("c", "approve")).status_code == 403
    assert Campaign.objects.get().status == "submitted"


def test_an_act_that_came_too_late_says_so(shop: Marketing, staff: Client) -> None:
    shop.campaign("c")
    shop.api.post("/campaigns/c/cancel", {})

    answer = staff.post(act_url("c", "pause"))

    assert answer.status_code == 302
    (text,) = told(answer)
    assert text == "The state does not allow this."
    assert Campaign.objects.get().status == "cancelled"


def test_whoever_may_only_look_sees_all_and_changes_nothing(shop: Marketing, member: Staff) -> None:
    shop.campaign("c")
    guest = member("guest", "view_campaign")

    page = open_page(guest, url_of("c"))
    assert "disabled" in page.html
    assert buttons(guest, "c") == set()
    for act in ("submit", "approve", "cancel", "remove", "test"):
        assert guest.post(act_url("c", act)).status_code == 403, act
    assert guest.post(url_of("c"), page.form).status_code == 403
    assert guest.get(ADD).status_code == 403
    assert Campaign.objects.get().status == "draft"


def test_nobody_without_the_right_sees_any_of_it(shop: Marketing, member: Staff) -> None:
    shop.campaign("c")
    stranger = member("stranger", "view_promotion")

    for url in (LIST, url_of("c"), url_of("c", "progress"), url_of("c", "letter")):
        assert stranger.get(url).status_code == 403, url


def test_only_what_nobody_was_enlisted_for_is_deleted(shop: Marketing, staff: Client) -> None:
    shop.campaign("sent")
    shop.campaign("never")
    shop.start("sent")
    shop.run()

    assert staff.post(act_url("sent", "remove")).status_code == 403
    assert staff.post(act_url("never", "remove")).status_code == 302
    assert list(Campaign.objects.values_list("reference", flat=True)) == ["sent"]


def test_a_test_goes_to_one_address_and_a_refusal_is_told(
    shop: Marketing, staff: Client, sink: Sink
) -> None:
    shop.campaign("c")
    page = staff.get(act_url("c", "test"))
    assert 'value="anna@example.org"' in page.content.decode()

    done = staff.post(act_url("c", "test"), {"to": "me@example.org", "language": "de"})
    assert told(done)[-1] == "The test is on its way to me@example.org."
    assert sink.to("me@example.org")[0]["Subject"] == "Hallo Ada"

    sink.on_recipient = lambda address: "550 5.1.1 no such user"
    done = staff.post(act_url("c", "test"), {"to": "no@example.org", "language": "en"})
    text = told(done)[-1]
    assert text.startswith("The test did not go to no@example.org.")
    assert "knows no such address" in text


def test_the_bar_is_a_piece_of_the_page_that_says_whether_more_comes(
    shop: Marketing, staff: Client
) -> None:
    shop.campaign("c", trigger={"kind": "once", "at": at(NOON)}, quiet_hours=None)
    shop.start("c")
    before = staff.get(url_of("c", "progress")).content.decode()
    shop.run()
    after = staff.get(url_of("c", "progress")).content.decode()

    assert 'data-more=""' in before
    assert "3 of 3" in after
    assert 'aria-valuenow="100"' in after
    assert 'data-more=""' in after


def test_the_bar_is_asked_for_again_while_something_waits(
    shop: Marketing, staff: Client, sink: Sink
) -> None:
    shop.campaign("c")
    shop.start("c")
    sink.on_recipient = lambda address: "450 later" if address.startswith("ada") else None
    shop.run()

    piece = staff.get(url_of("c", "progress")).content.decode()

    assert "2 of 3" in piece
    assert 'data-more="1"' in piece


def test_whoever_approves_is_told_what_it_does_and_how_many_it_reaches(
    shop: Marketing, staff: Client
) -> None:
    shop.customer("zoe", consent=None)
    shop.campaign("c", audience={"exclude_segments": ["regulars"]})
    text = text_of(staff.get(act_url("c", "submit")))
    everybody = shop.api.get("/customers/zoe").status
    assert everybody == 200
    assert "by e-mail to everybody but “regulars” who has agreed." in text
    assert re.search(r"At this moment \d+ customers are meant; \d+ of them have agreed\.", text)
    meant, agreed = (int(each) for each in re.findall(r"(\d+) (?:customers|of them)", text))
    assert meant == agreed + 1
    shop.campaign("d", purpose="transactional")
    assert "have agreed." not in text_of(staff.get(act_url("d", "submit")))


def test_one_that_reached_nobody_says_so(shop: Marketing, staff: Client) -> None:
    gone = {"name": "Gone", "kind": "static"}
    assert shop.api.put("/segments/gone", gone).status in {200, 201}
    shop.campaign("nobody", audience={"segments": ["gone"]})
    body = {"subject": "Your order", "body": "{{ order.id }}"}
    shop.campaign("broken", content={"en": body})
    shop.campaign("fine")
    for name in ("nobody", "broken", "fine"):
        shop.start(name)
    shop.run()
    shop.run(NOON + DAY)
    texts = {name: text_of(staff.get(url_of(name))) for name in ("nobody", "broken", "fine")}
    assert "Nobody got it: nobody was in its audience." in texts["nobody"]
    assert "Nobody got it: their rows below say why." in texts["broken"]
    assert "Nobody got it" not in texts["fine"]
