"""What a customer can do next, in one friendly sentence that is true at this instant."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from cashback.domain.balances import ExpiringAmount
from common.money import format_money
from common.reasons import Language, end_text, moment_text
from promotions.domain.wallet import WalletStatus

#: A membership that ends within this is worth a word.
SOON = timedelta(days=30)


class Entry(Struct, frozen=True, kw_only=True):
    """An offer of the wallet, with the code that opens it where it needs one."""

    code: str | None
    promotion_id: str
    title: str
    terms: str
    status: WalletStatus
    valid_from: datetime | None
    valid_until: datetime | None
    #: Of one that is upcoming, where that is certain.
    usable_from: datetime | None = None
    #: In which its times are told.
    zone: ZoneInfo


class Ending(Struct, frozen=True):
    """A membership in the caller's language, and its end."""

    name: str
    ends_at: datetime | None


class Credit(Struct, frozen=True, kw_only=True):
    """Cashback that may be spent, minor units, and what of it ends when."""

    currency: str
    available: int
    expiring: Sequence[ExpiringAmount]
    #: By whose clocks it ends.
    zone: ZoneInfo
    #: The least that the shop lets be spent.
    minimum: int = 0


class Saying(Struct, frozen=True, kw_only=True):
    """Whom it is said to, and when."""

    language: Language
    #: Empty where it is not known.
    first_name: str
    now: datetime
    zone: ZoneInfo


def next_step(
    saying: Saying,
    *,
    codes: Sequence[Entry],
    offers: Sequence[Entry],
    memberships: Sequence[Ending],
    credit: Sequence[Credit],
    invitation: str | None,
) -> str:
    """The most pressing first: a code that ends, a membership and cashback that do, other codes and
    offers, other cashback.

    `invitation` is the title of an offer that whoever registers would have.
    """
    usable = [entry for entry in codes if entry.status == "usable"]
    told = (
        _code(saying, usable)
        if any(entry.valid_until for entry in usable)
        else _membership(saying, memberships)
        or _credit_that_ends(saying, credit)
        or _code(saying, usable)
        or _offer(saying, offers)
        or _credit(saying, credit)
        or _upcoming(saying, [*codes, *offers])
        or _invitation(saying, invitation)
        or _say(
            saying,
            "good to have you here. Offers that are meant for you will appear on this page.",
            "schön, dass Sie da sind. Angebote für Sie finden Sie künftig hier.",
        )
    )
    return _addressed(told, saying.first_name)


def _code(saying: Saying, usable: Sequence[Entry]) -> str:
    """The one that ends first, else the first."""
    if not usable:
        return ""
    ending = [entry for entry in usable if entry.valid_until is not None]
    entry = min(ending, key=lambda entry: entry.valid_until or saying.now, default=usable[0])
    until = ""
    if entry.valid_until is not None:
        end = end_text(entry.valid_until.astimezone(entry.zone), language=saying.language)
        until = _say(saying, f" It is valid until {end}.", f" Er gilt bis {end}.")
    return _say(
        saying,
        f"your code {entry.code} is waiting for you: “{entry.title}”.",
        f"Ihr Code {entry.code} wartet auf Sie: „{entry.title}“.",
    ) + (until)


def _membership(saying: Saying, memberships: Sequence[Ending]) -> str:
    ending = [
        (each.ends_at, each.name)
        for each in memberships
        if each.ends_at is not None and each.ends_at - saying.now <= SOON
    ]
    if not ending:
        return ""
    ends_at, name = min(ending)
    end = end_text(ends_at.astimezone(saying.zone), language=saying.language)
    return _say(
        saying,
        f"your membership “{name}” runs until {end}. Thank you for being with us.",
        f"Ihre Mitgliedschaft „{name}“ läuft bis {end}. Danke, dass Sie dabei sind.",
    )


def _credit_that_ends(saying: Saying, credit: Sequence[Credit]) -> str:
    ending = [
        (each.expires_at, own.currency, each.amount, own.zone)
        for own in credit
        if own.available >= own.minimum
        for each in own.expiring
        if each.expires_at - saying.now <= SOON
    ]
    if not ending:
        return ""
    expires_at, currency, amount, zone = min(ending, key=lambda each: each[:3])
    end = end_text(expires_at.astimezone(zone), language=saying.language)
    amount_text = format_money(amount, currency, language=saying.language)
    return _say(
        saying,
        f"{amount_text} of your cashback can be spent until {end}.",
        f"{amount_text} von Ihrem Cashback können Sie noch bis {end} einlösen.",
    )


def _credit(saying: Saying, credit: Sequence[Credit]) -> str:
    own = max(
        (each for each in credit if each.available), key=lambda each: each.available, default=None
    )
    if own is None:
        return ""
    amount_text = format_money(own.available, own.currency, language=saying.language)
    if own.available < own.minimum:
        least = format_money(own.minimum, own.currency, language=saying.language)
        return _say(
            saying,
            f"{amount_text} collected. From {least} on you can pay with it.",
            f"{amount_text} gesammelt. Ab {least} können Sie damit bezahlen.",
        )
    return _say(
        saying,
        f"you have {amount_text} of cashback. Pay with it at the checkout whenever you like.",
        f"Sie haben {amount_text} Cashback. Damit können Sie an der Kasse bezahlen.",
    )


def _offer(saying: Saying, offers: Sequence[Entry]) -> str:
    usable = [entry for entry in offers if entry.status == "usable"]
    if not usable:
        return ""
    return _say(
        saying,
        f"there is something for you: “{usable[0].title}”. You need no code for it.",
        f"hier ist etwas für Sie: „{usable[0].title}“. Sie brauchen dafür keinen Code.",
    )


def _upcoming(saying: Saying, entries: Sequence[Entry]) -> str:
    certain = [(entry.usable_from, entry.title) for entry in entries if entry.usable_from]
    if not certain:
        return ""
    at, title = min(certain)
    zone = next(entry.zone for entry in entries if entry.usable_from == at)
    start = moment_text(at.astimezone(zone), language=saying.language)
    return _say(
        saying,
        f"there is something to look forward to: “{title}”, from {start}.",
        f"freuen Sie sich auf „{title}“, ab {start}.",
    )


def _invitation(saying: Saying, title: str | None) -> str:
    if title is None:
        return ""
    return _say(
        saying,
        f"“{title}” is for registered customers. Register, and it is there for you too.",
        f"„{title}“ gibt es für registrierte Kunden. Registrieren Sie sich, und es gilt auch für Sie.",
    )


def _say(saying: Saying, english: str, german: str) -> str:
    return german if saying.language == "de" else english


def _addressed(told: str, first_name: str) -> str:
    """With the first name before it, where it is known.

    >>> _addressed("good to have you here.", "Ada"), _addressed("ähnlich.", "")
    ('Ada, good to have you here.', 'Ähnlich.')
    """
    return f"{first_name}, {told}" if first_name else told[:1].upper() + told[1:]
