"""The page of a customer's preferences: its words and its boxes."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from django.utils import timezone

from campaigns.domain.preferences import (
    FREQUENCIES,
    PAUSES,
    PURPOSES_OF,
    Choice,
    choice_name,
)
from common.reasons import Language, day_text

_WORDS: Mapping[Language, Mapping[str, str]] = {
    "de": {
        "title": "Was möchten Sie von uns hören?",
        "lead": "Sie bestimmen, worüber {shop} Ihnen schreibt, wo und wie oft. Nachrichten zu Ihren "
        "Bestellungen bekommen Sie in jedem Fall.",
        "email": "E-Mail",
        "sms": "SMS",
        "push": "Push-Nachrichten",
        "in_app": "In der App",
        "ads": "Werbung anderswo",
        "ads.marketing": "Werbenetzwerke dürfen mir Angebote zeigen; sie bekommen dafür meine Adresse "
        "in unkenntlicher Form",
        "marketing": "Angebote und Neuigkeiten",
        "profiling": "Passend zu dem, was ich kaufe",
        "tracking": "Messen, was ich lese und anklicke",
        "often": "Wie oft?",
        "any": "So oft es etwas gibt",
        "week": "Höchstens einmal in der Woche",
        "month": "Höchstens einmal im Monat",
        "pause": "Eine Pause?",
        "none": "Keine Pause",
        "keep": "Pause bis {day}",
        "30": "30 Tage Pause ab heute",
        "90": "90 Tage Pause ab heute",
        "save": "Speichern",
        "saved": "Gespeichert. Das gilt ab sofort.",
        "leave": "Oder ganz aufhören",
        "leave_lead": "Keine Werbung mehr, kein Auswerten, kein Messen, auf keinem Weg.",
        "leave_button": "Alles abbestellen",
        "left": "Alles ist abbestellt. Das gilt ab sofort.",
    },
    "en": {
        "title": "What would you like to hear from us?",
        "lead": "You choose what {shop} writes to you about, where and how often. Messages about your "
        "orders come in any case.",
        "email": "E-mail",
        "sms": "Text messages",
        "push": "Push messages",
        "in_app": "In the app",
        "ads": "Advertising elsewhere",
        "ads.marketing": "Advertising networks may show me offers; for that they get my address in an "
        "unrecognisable form",
        "marketing": "Offers and news",
        "profiling": "Suited to what I buy",
        "tracking": "Measure what I read and click",
        "often": "How often?",
        "any": "As often as there is something",
        "week": "At most once a week",
        "month": "At most once a month",
        "pause": "A break?",
        "none": "No break",
        "keep": "A break until {day}",
        "30": "A break of 30 days from today",
        "90": "A break of 90 days from today",
        "save": "Save",
        "saved": "Saved. It holds from this moment on.",
        "leave": "Or stop altogether",
        "leave_lead": "No more advertising, no looking at purchases, no measuring, in no way.",
        "leave_button": "Unsubscribe from everything",
        "left": "You are unsubscribed from everything, from this moment on.",
    },
}


class Box(NamedTuple):
    """A box to tick, or one of several to choose."""

    name: str
    value: str
    label: str
    is_on: bool


class ChannelBoxes(NamedTuple):
    """A channel and what may be sent there."""

    label: str
    boxes: list[Box]


def preference_words(language: Language, *, shop: str) -> Mapping[str, str]:
    """What stands on the page."""
    words = _WORDS[language]
    return {**words, "lead": words["lead"].format(shop=shop)}


def channel_boxes(granted: frozenset[Choice], *, language: Language) -> list[ChannelBoxes]:
    """What holds now, by channel; nothing is ticked that was not granted."""
    words = _WORDS[language]
    return [
        ChannelBoxes(
            words[channel],
            [
                Box(
                    name=choice_name((channel, purpose)),
                    value="on",
                    label=words.get(choice_name((channel, purpose)), words[purpose]),
                    is_on=(channel, purpose) in granted,
                )
                for purpose in purposes
            ],
        )
        for channel, purposes in PURPOSES_OF.items()
    ]


def often_boxes(most_per_days: int | None, *, language: Language) -> list[Box]:
    """How often; none is chosen where another number of days holds."""
    words = _WORDS[language]
    return [
        Box("often", name, words[name], days == most_per_days) for name, days in FREQUENCIES.items()
    ]


def pause_boxes(paused_until: datetime | None, *, now: datetime, language: Language) -> list[Box]:
    """Whether there is a break, and which could begin."""
    words = _WORDS[language]
    is_paused = paused_until is not None and now < paused_until
    boxes = [Box("pause", "none", words["none"], not is_paused)]
    if paused_until is not None and is_paused:
        day = day_text(timezone.localtime(paused_until), language=language)
        boxes.append(Box("pause", "keep", words["keep"].format(day=day), is_on=True))
    return boxes + [Box("pause", name, words[name], is_on=False) for name in PAUSES]
