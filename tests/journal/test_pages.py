"""What staff see and do: endpoints with how they stand, a secret shown once, the log of deliveries."""

import re
from datetime import datetime
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from standardwebhooks import Webhook

from journal.domain.event_types import EVENT_TYPES
from journal.forms.endpoints import EndpointForm
from journal.models import WebhookDelivery, WebhookEndpoint
from journal.queries import history_of
from tests.api import DAY, HOUR, NOON, Api
from tests.journal.receiver import Receiver, happen, listen, run_clock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("inside")]

LIST = "admin:journal_webhookendpoint_changelist"
LOG = "admin:journal_webhookdelivery_changelist"


@pytest.fixture
def staff() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("anna"))
    return client


def page(name: str, key: int) -> str:
    return reverse(f"admin:journal_webhookendpoint_{name}", args=[key])


def act(name: str, key: int) -> str:
    return f"/admin/journal/webhookendpoint/{key}/{name}/"


def text_of(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", answer.content.decode()).split())


def secret_on(answer: Any) -> str:
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    (secret,) = re.findall(r"whsec_[A-Za-z0-9+/=]+", answer.content.decode())
    return secret


def test_an_endpoint_is_made_and_its_secret_shown_once(staff: Client, api: Api, receiver: Receiver):
    typed = {
        "endpoint_id": "crm",
        "url": receiver.url(),
        "event_types": ["promotion.budget_threshold"],
    }
    made = staff.post(reverse("admin:journal_webhookendpoint_add"), typed)
    endpoint = WebhookEndpoint.objects.get()
    assert made.headers["Location"] == act("secret", endpoint.pk)
    secret = secret_on(staff.get(act("secret", endpoint.pk)))
    shown = staff.get(page("change", endpoint.pk))
    assert shown.status_code == 200
    assert secret not in shown.content.decode()

    happen(1)
    run_clock(api, NOON)
    (message,) = receiver.got
    assert Webhook(secret).verify(message.raw, message.headers)
    (made,) = history_of(subject_kind="webhook_endpoint", subject_id="crm")
    assert (made.action, made.actor) == (
        "webhook_endpoint.created", f"staff:{User.objects.get().pk}",
    )  # fmt: skip


def test_an_event_that_nothing_tells_yet_says_so(staff: Client):
    choices = dict(EndpointForm().fields["event_types"].choices)
    assert choices["promotion.ended"] == "A promotion is over. (promotion.ended)"
    silent = {name for name, event in EVENT_TYPES.items() if not event.example}
    assert {name for name, told in choices.items() if told.endswith(" – not sent yet")} == silent


def test_what_the_api_refuses_is_said_at_its_field(staff: Client, api: Api, settings: Any):
    settings.WEBHOOK_ALLOW_PRIVATE = False
    api.put(
        "/webhook-endpoints/crm", {"url": "https://93.184.215.14/", "event_types": ["code.issued"]}
    )
    typed = {"endpoint_id": "crm", "url": "https://127.0.0.1/", "event_types": ["order.exploded"]}
    answer = staff.post(
        reverse("admin:journal_webhookendpoint_add"), typed, headers={"accept-language": "de"}
    )
    errors = answer.context["adminform"].form.errors
    assert list(errors) == ["endpoint_id", "url", "event_types"]
    assert errors["url"] == ["Das führt zu einer Adresse, die nicht öffentlich ist."]
    assert WebhookEndpoint.objects.count() == 1


def test_a_change_is_an_act_and_who_was_overtaken_overwrites_nothing(staff: Client, api: Api):
    url = "https://93.184.215.14/"
    api.put("/webhook-endpoints/crm", {"url": url, "event_types": ["code.issued"]})
    key = WebhookEndpoint.objects.get().pk
    seen = staff.get(page("change", key)).context["adminform"].form["seen"].value()
    typed = {"url": url, "event_types": ["order.returned", "code.issued"], "seen": seen}

    assert staff.post(page("change", key), typed).status_code == 302
    assert WebhookEndpoint.objects.get().event_types == ["order.returned", "code.issued"]
    again = staff.post(page("change", key), typed | {"event_types": ["code.issued"]})
    assert "seen" in again.context["adminform"].form.errors
    assert WebhookEndpoint.objects.get().event_types == ["order.returned", "code.issued"]


def test_an_endpoint_is_disabled_and_enabled_and_its_events_sent_again(
    staff: Client, api: Api, receiver: Receiver
):
    listen(api, receiver.url())
    happen(1)
    run_clock(api, NOON)
    key = WebhookEndpoint.objects.get().pk
    asked = staff.get(act("disable", key))
    assert asked.status_code == 200
    assert WebhookEndpoint.objects.get().status == "active"

    staff.post(act("disable", key))
    assert WebhookEndpoint.objects.get().disabled_reason == "by_hand"
    shown = staff.get(page("change", key)).content.decode()
    assert act("enable", key) in shown
    assert act("disable", key) not in shown
    period = {
        "since_0": "2026-03-10",
        "since_1": "00:00",
        "until_0": "2026-03-11",
        "until_1": "00:00",
    }
    refused = staff.post(act("replay", key), period, follow=True, headers={"accept-language": "en"})
    assert "The webhook endpoint is disabled." in text_of(refused)

    staff.post(act("enable", key))
    wrong = staff.post(act("replay", key), period | {"until_0": "2026-03-09"})
    assert wrong.context["form"].errors.keys() == {"until"}
    told = staff.post(act("replay", key), period, follow=True, headers={"accept-language": "de"})
    assert "1 Ereignis wartet." in text_of(told)
    run_clock(api, NOON + 365 * DAY)
    assert receiver.numbers == [1, 1]


def test_the_period_offered_begins_with_what_was_missed(
    staff: Client, api: Api, receiver: Receiver
):
    def offered() -> datetime:
        shown = staff.get(act("replay", WebhookEndpoint.objects.get().pk))
        found: datetime = shown.context["form"]["since"].value()
        return found

    listen(api, receiver.url(), at=NOON - DAY)
    assert offered() == NOON - DAY
    for number, at in enumerate((NOON, NOON + HOUR, NOON + 2 * HOUR)):
        happen(number, at=at)
    run_clock(api, NOON)
    assert offered() == NOON
    receiver.says(410)
    run_clock(api, NOON + 3 * HOUR)
    assert WebhookEndpoint.objects.get().disabled_reason == "gone"
    assert offered() == NOON + HOUR


def test_a_new_secret_is_shown_once(staff: Client, api: Api, receiver: Receiver):
    listen(api, receiver.url())
    key = WebhookEndpoint.objects.get().pk
    assert "whsec_" not in staff.get(act("rotate-secret", key)).content.decode()
    assert staff.post(act("rotate-secret", key)).headers["Location"] == act("secret", key)
    kept = str(dict(staff.session))
    secret = secret_on(staff.get(act("secret", key)))
    assert secret not in kept
    assert "secret" in kept
    happen(1)
    run_clock(api, NOON)
    assert Webhook(secret).verify(receiver.got[0].raw, receiver.got[0].headers)


def test_a_secret_s_page_that_is_loaded_anew_shows_none_and_makes_none(
    staff: Client, api: Api, receiver: Receiver
):
    listen(api, receiver.url())
    key = WebhookEndpoint.objects.get().pk
    staff.post(act("rotate-secret", key))
    other = Client()
    other.force_login(User.objects.create_superuser("berta"))
    assert "whsec_" not in other.get(act("secret", key), follow=True).content.decode()
    secret_on(staff.get(act("secret", key)))
    again = staff.get(act("secret", key), follow=True, headers={"accept-language": "en"})
    assert "whsec_" not in again.content.decode()
    assert "A secret is shown once." in text_of(again)
    trail = history_of(subject_kind="webhook_endpoint", subject_id="shop")
    assert [row.action for row in trail].count("webhook_endpoint.secret_rotated") == 1


def test_what_the_service_has_disabled_is_marked_in_the_sidebar(
    staff: Client, api: Api, receiver: Receiver
):
    listen(api, receiver.url())
    receiver.says(410, b"no more")
    happen(1)

    def marked() -> int:
        answer = staff.get(reverse("admin:index"))
        groups = answer.context["sidebar_navigation"]
        (item,) = [
            item for group in groups for item in group["items"] if item["link"] == reverse(LIST)
        ]
        count: int = item["badge"]
        return count

    assert marked() == 0
    run_clock(api, NOON)
    assert marked() == 1
    key = WebhookEndpoint.objects.get().pk
    german = text_of(staff.get(page("change", key), headers={"accept-language": "de"}))
    assert "der Empfänger sagt, es gibt ihn nicht mehr (410)" in german
    history = text_of(staff.get(page("history", key), headers={"accept-language": "de"}))
    assert "vom Dienst abgeschaltet" in history
    staff.post(act("enable", key))
    assert marked() == 0


def test_the_log_has_each_attempt_with_its_answer(staff: Client, api: Api, receiver: Receiver):
    listen(api, receiver.url())
    receiver.says(503, b"<b>come back later</b>")
    happen(1)
    run_clock(api, NOON)
    receiver.says(200, b"thanks")
    run_clock(api, NOON + HOUR)
    happen(2)
    receiver.says(500)
    run_clock(api, NOON + HOUR)

    first = WebhookDelivery.objects.earliest("pk")
    shown = staff.get(reverse("admin:journal_webhookdelivery_change", args=[first.pk]))
    html = shown.content.decode()
    for said in ("503", "&lt;b&gt;come back later&lt;/b&gt;", "200", "thanks", receiver.ids[0]):
        assert said in html
    assert "<b>come" not in html

    def found(query: str) -> set[int]:
        answer = staff.get(f"{reverse(LOG)}?{query}")
        assert answer.status_code == 200
        return {row.pk for row in answer.context["cl"].result_list}

    both = set(WebhookDelivery.objects.values_list("pk", flat=True))
    assert found("") == found("q=promotion.budget_threshold") == both
    assert found(f"endpoint__id__exact={first.endpoint_id}") == both
    assert found("state__exact=delivered") == found(f"q={receiver.ids[0]}") == {first.pk}
    assert found("q=order.returned") == found("q=evt_x") == set()
    log = staff.get(act("deliveries", first.endpoint_id))
    assert log.url == f"{reverse(LOG)}?endpoint__id__exact={first.endpoint_id}"


def test_who_may_only_look_changes_nothing(api: Api, receiver: Receiver):
    listen(api, receiver.url())
    before = WebhookEndpoint.objects.get()
    ben = User.objects.create_user("ben", is_staff=True)
    ben.user_permissions.add(Permission.objects.get(codename="view_webhookendpoint"))
    client = Client()
    client.force_login(ben)
    shown = client.get(page("change", before.pk))
    assert shown.status_code == 200
    assert client.get(reverse(LIST)).status_code == 200
    for name in ("disable", "enable", "rotate-secret", "replay"):
        assert client.post(act(name, before.pk)).status_code == 403
        assert act(name, before.pk) not in shown.content.decode()
    assert (
        client.post(page("change", before.pk), {"url": "https://93.184.215.14/"}).status_code == 403
    )
    assert client.get(reverse(LOG)).status_code == 403
    after = WebhookEndpoint.objects.get()
    assert (after.url, after.status, after.revision) == (before.url, before.status, before.revision)
    assert after.secrets.count() == 1
