"""The page of a customer's preferences: what holds is shown, what was changed is saved."""

from datetime import timedelta

import pytest
from django.test import Client

from customers.domain.reach import obstacle
from customers.models import ContactPreference
from customers.queries.gate import reachable
from journal.models import AuditEntry
from tests.api import DAY, NOON, Api
from tests.campaigns.reader import (
    ONE_CLICK,
    get,
    history,
    key_of,
    leaving,
    make_ada,
    post,
    preferring,
    states,
)

ALL = {
    f"{channel}.{purpose}"
    for channel in ("email", "sms", "push", "in_app")
    for purpose in ("marketing", "profiling", "tracking")
}


@pytest.fixture
def ada(api: Api) -> Api:
    make_ada(api, "email/marketing", "sms/marketing")
    return api


def chosen() -> ContactPreference:
    return ContactPreference.objects.get()


def test_it_shows_what_holds(ada: Api):
    page = get(preferring())
    assert page.status == 200
    for name in ALL:
        is_on = name in ("email.marketing", "sms.marketing")
        ticked = " checked" if is_on else ""
        assert f'name="{name}" value="on"{ticked}>' in page.markup
    assert 'value="any" checked' in page.markup
    assert 'value="none" checked' in page.markup
    assert "Set-Cookie" not in page.headers
    assert "What would you like to hear from us?" in get(page.address("English")).text


def test_only_what_was_changed_is_recorded(ada: Api):
    sent = {
        "shown": "email.marketing sms.marketing",
        "email.marketing": "on",
        "push.tracking": "on",
    }
    page = post(preferring(), sent)
    assert "Gespeichert." in page.text
    assert states(ada) == {
        ("email", "marketing"): "granted", ("sms", "marketing"): "withdrawn",
        ("push", "tracking"): "granted",
    }  # fmt: skip
    post(preferring(), {**sent, "shown": "email.marketing push.tracking"})
    assert len(history(ada)) == 4


def test_an_old_page_does_not_bring_back_who_left_meanwhile(ada: Api):
    post(leaving(), ONE_CLICK)
    post(preferring(), {"shown": "email.marketing sms.marketing", "email.marketing": "on",
                        "sms.marketing": "on", "often": "month"})  # fmt: skip
    assert states(ada)[("email", "marketing")] == "withdrawn"


def test_a_form_that_does_not_say_what_it_showed_is_read_beside_what_holds(ada: Api):
    post(preferring(), {"email.marketing": "on"})
    assert states(ada) == {("email", "marketing"): "granted", ("sms", "marketing"): "withdrawn"}


def test_how_often_and_a_break_are_kept(ada: Api):
    post(preferring(), {"often": "week", "pause": "30"})
    assert (chosen().most_per_days, chosen().paused_until) == (7, NOON + 30 * DAY)
    page = get(preferring())
    assert 'value="week" checked' in page.markup
    assert "Pause bis 9. April 2026" in page.text
    post(preferring(), {"often": "month", "pause": "keep"}, at=NOON + DAY)
    assert (chosen().most_per_days, chosen().paused_until) == (30, NOON + 30 * DAY)
    post(preferring(), {"often": "any", "pause": "none"})
    assert (chosen().most_per_days, chosen().paused_until) == (None, None)


def test_a_break_ends_by_itself(ada: Api):
    post(preferring(), {"shown": "", "pause": "90"})
    key = key_of("ada")
    person = reachable(customer_keys=[key], channel="email")[key]

    def why_not(now):
        return obstacle(
            person, channel="email", purpose="marketing", min_age=16, today=now.date(), now=now
        )

    end = NOON + 90 * DAY
    assert (why_not(end - timedelta(microseconds=1)), why_not(end)) == ("paused", None)
    assert 'value="none" checked' in get(preferring(), at=end).markup


def test_what_is_none_of_the_form_changes_nothing(ada: Api):
    post(preferring(), {"shown": "email.marketing sms.marketing x.y", "email.marketing": "on",
                        "sms.marketing": "on", "often": "never", "pause": "9999",
                        "ads.tracking": "on"})  # fmt: skip
    assert len(history(ada)) == 2
    assert not ContactPreference.objects.exists()


def test_who_chose_is_in_the_trail_without_what(ada: Api):
    post(preferring(), {"often": "week"})
    entry = AuditEntry.objects.get(action="preference.changed")
    assert entry.actor == f"customer:{key_of('ada')}"
    assert entry.after == {"fields": ["most_per_days", "paused_until"]}


def test_a_changed_link_is_not_found_and_no_other_method_is_taken(ada: Api):
    assert get(preferring()[:-1] + "!").status == 404
    assert Client().put(preferring()).status_code == 405
