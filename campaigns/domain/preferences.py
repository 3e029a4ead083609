"""What a customer can choose on the page of their preferences, and what a sent form comes to."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

_PURPOSES = ("marketing", "profiling", "tracking")
#: What can be agreed to on each way; networks for advertising are told of people, or are not.
PURPOSES_OF: Mapping[str, tuple[str, ...]] = {
    "email": _PURPOSES,
    "sms": _PURPOSES,
    "push": _PURPOSES,
    "in_app": _PURPOSES,
    "ads": ("marketing",),
}
#: At most one message in so many days; None: as often as there is something.
FREQUENCIES: Mapping[str, int | None] = {"any": None, "week": 7, "month": 30}
PAUSES: Mapping[str, timedelta] = {"30": timedelta(days=30), "90": timedelta(days=90)}

Choice = tuple[str, str]
CHOICES: tuple[Choice, ...] = tuple(
    (channel, purpose) for channel, purposes in PURPOSES_OF.items() for purpose in purposes
)


class Wish(NamedTuple):
    """What is to change: of consent only what the person changed; the rest as it is to be."""

    consents: Mapping[Choice, bool]
    most_per_days: int | None
    paused_until: datetime | None


def choice_name(choice: Choice) -> str:
    """What the form calls it.

    >>> choice_name(("email", "marketing"))
    'email.marketing'
    """
    return ".".join(choice)


def shown_text(granted: frozenset[Choice]) -> str:
    """What the form showed as granted, as it sends it back."""
    return " ".join(choice_name(each) for each in CHOICES if each in granted)


def wish_of(
    sent: Mapping[str, str],
    *,
    granted: frozenset[Choice],
    most_per_days: int | None,
    paused_until: datetime | None,
    now: datetime,
) -> Wish:
    """What a form asks for, beside what holds; what it does not speak of stays.

    A box that was left as the form showed it changes nothing: who left by a mail meanwhile is not
    brought back by an old page.
    """
    shown = sent["shown"].split() if "shown" in sent else [choice_name(each) for each in granted]
    changed = {
        each: choice_name(each) in sent
        for each in CHOICES
        if (choice_name(each) in sent) != (choice_name(each) in shown)
    }
    often = sent.get("often", "")
    pause = sent.get("pause", "")
    if pause in PAUSES:
        paused_until = now + PAUSES[pause]
    elif pause == "none" or (paused_until is not None and paused_until <= now):
        paused_until = None
    return Wish(changed, FREQUENCIES.get(often, most_per_days), paused_until)
