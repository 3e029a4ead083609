"""What a customer wants to hear of the shop, by the link of a mail."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from access.domain.marks import Mark
from access.queries import opened_mark
from campaigns.actions.preferring import leave_everything, save_wish
from campaigns.domain.preferences import CHOICES, Choice, shown_text, wish_of
from campaigns.serializers.preferences import (
    channel_boxes,
    often_boxes,
    pause_boxes,
    preference_words,
)
from campaigns.views.opening import Reader, page, page_of_mark, sent_form
from common.own_pages import caller_ip
from customers.queries.consents import consent_states, contact_preference


def _opened(token: str) -> Mark | None:
    return opened_mark(token, purpose="preferences")


@page_of_mark(_opened)
def preferences(request: HttpRequest, reader: Reader) -> HttpResponse:
    """What holds, to be changed; sent, it is saved and shown again."""
    done = _saved(request, reader) if request.method == "POST" else ""
    key, language = reader.mark.customer_key, reader.language
    granted, preference = _granted(key), contact_preference(key)
    words = preference_words(language, shop=settings.SHOP_NAME)
    return page(
        request,
        reader,
        "preferences",
        here="preferences",
        words=words,
        done=words[done] if done else "",
        shown=shown_text(granted),
        channels=channel_boxes(granted, language=language),
        choices=[
            (words["often"], often_boxes(preference.most_per_days, language=language)),
            (
                words["pause"],
                pause_boxes(preference.paused_until, now=reader.now, language=language),
            ),
        ],
    )


def _saved(request: HttpRequest, reader: Reader) -> str:
    """Do what the form says; which words tell it."""
    key, sent = reader.mark.customer_key, sent_form(request)
    if sent.get("act") == "leave":
        leave_everything(customer_key=key, now=reader.now)
        return "left"
    preference = contact_preference(key)
    wish = wish_of(
        sent,
        granted=_granted(key),
        most_per_days=preference.most_per_days,
        paused_until=preference.paused_until,
        now=reader.now,
    )
    save_wish(customer_key=key, wish=wish, ip=caller_ip(request), now=reader.now)
    return "saved"


def _granted(customer_key: int) -> frozenset[Choice]:
    states = consent_states(customer_key)
    return frozenset(each for each in CHOICES if states.get(each) == "granted")
