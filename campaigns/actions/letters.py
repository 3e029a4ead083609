"""Acts: write letters; here is what they are filled with, for a few recipients at a time.

A letter is compiled once in each process for a campaign as it stands, and asks for no more than what is
in it: who writes no word of cashback reads no wallet.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

from django.conf import settings
from msgspec import Struct

from access.actions.links import make_link
from campaigns.actions.addresses import confirm_url, preferences_url, unsubscribe_url
from campaigns.actions.tracking import UNTRACKED, Tracking
from campaigns.domain.definition import LANGUAGES, Content
from campaigns.domain.letters.brand import Brand
from campaigns.domain.letters.confirmation import confirmation_letter
from campaigns.domain.letters.letter import Letter, Rendered, compile_letter
from campaigns.domain.letters.values import CashbackCard, CodeCard, Links, ProductCard, Values
from campaigns.models import Campaign
from campaigns.queries.campaigns import definition_of
from cashback.queries.balances import balances
from catalog.queries.recommendations import recommendations
from common.money import Language, format_money
from common.reasons import day_text
from customers.domain.reach import Reachable
from promotions.queries.wallet import words_in

_ACCOUNT_LASTS = timedelta(days=30)


class Addressee(Struct, frozen=True, kw_only=True):
    """Whom a letter is for, and what was made for them."""

    person: Reachable
    #: The delivery's key; 0 for a test or a preview.
    delivery_key: int = 0
    variant: str = ""
    code: str | None = None
    code_valid_until: datetime | None = None
    #: It is only looked at: links to the customer's own pages open nothing.
    is_preview: bool = False
    facts: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Letters:
    """A campaign's letters by variant and language."""

    by_variant: Mapping[str, Mapping[Language, Letter]]
    #: None: links are as they were written.
    tracking: Tracking | None
    promotion_words: Mapping[Language, tuple[str, str]] = field(default_factory=dict)

    def for_person(self, person: Reachable, variant: str) -> tuple[Language, Letter]:
        """In the person's language, else in the shop's first, else in the one that there is."""
        letters = self.by_variant.get(variant) or self.by_variant[""]
        language = language_among(letters, spoken(person.locale))
        return language, letters[language]


class Asks(Protocol):
    """What a text asks for, beside what everybody has."""

    @property
    def variables(self) -> frozenset[str]: ...

    @property
    def products(self) -> int: ...

    @property
    def shows_cashback(self) -> bool: ...


def letters_of(campaign: Campaign) -> Letters:
    """The letters of a campaign as it is: compiled again only where it was changed since."""
    compiled = _compiled(campaign.pk, campaign.revision)
    return Letters(compiled, Tracking(campaign), promotion_words(campaign))


def promotion_words(campaign: Campaign) -> Mapping[Language, tuple[str, str]]:
    """Title and terms of its promotion by language; empty where it has none."""
    words: dict[Language, tuple[str, str]] = {}
    if campaign.promotion_id is not None:
        for language in LANGUAGES:
            told = words_in(language, [campaign.promotion_id])[campaign.promotion_id]
            words[language] = (told.title, told.terms)
    return words


def values_of(
    addressee: Addressee, letter: Asks, letters: Letters, *, language: Language, now: datetime
) -> Values:
    """All that the letter asks for, of one person at this instant."""
    person = addressee.person
    texts = {"customer.first_name": person.first_name, "customer.last_name": person.last_name}
    title, terms = letters.promotion_words.get(language, ("", ""))
    texts |= {"promotion.title": title, "promotion.terms": terms, **addressee.facts}
    code = None
    if addressee.code is not None:
        ends = addressee.code_valid_until
        code = CodeCard(
            code=addressee.code,
            valid_until=_last_whole_day(ends, person, language) if ends is not None else None,
        )
    tracks = UNTRACKED
    if letters.tracking is not None:
        tracks = letters.tracking.of(person, delivery_key=addressee.delivery_key, now=now)
    return Values(
        texts={name: text for name, text in texts.items() if text},
        wrap_link=tracks.wrap_link,
        pixel_url=tracks.pixel_url,
        links=links_of(
            0 if addressee.is_preview else person.customer_key,
            delivery_key=addressee.delivery_key,
            now=now,
        ),
        products=_products(person, letter.products, language, now) if letter.products else (),
        cashback=_cashback(person, language, now) if _asks_for_cashback(letter) else None,
        code=code,
    )


def confirmation_of(person: Reachable, occurrence: str, *, now: datetime) -> Rendered:
    """The letter that asks to confirm a consent; the occurrence names the record of the request."""
    _, record_key, purpose = occurrence.split(":")
    link = confirm_url(
        customer_key=person.customer_key, record_key=int(record_key), email=person.email, now=now
    )
    language = spoken(person.locale) or "en"
    return confirmation_letter(
        language=language,
        shop=brand(),
        link=link,
        purpose=purpose,  # type: ignore[arg-type]  # one of three
    )


def links_of(customer_key: int, *, delivery_key: int, now: datetime) -> Links:
    """The addresses of the customer's own pages."""
    account, _ = make_link(
        subject_key=customer_key, purpose="account", lasts=_ACCOUNT_LASTS, now=now
    )
    return Links(
        unsubscribe=unsubscribe_url(customer_key=customer_key, delivery_key=delivery_key, now=now),
        preferences=preferences_url(customer_key=customer_key, delivery_key=delivery_key, now=now),
        account=f"{settings.PUBLIC_URL}/account/{account}",
    )


def brand() -> Brand:
    """The shop as it signs."""
    return Brand(
        shop_name=settings.SHOP_NAME,
        imprint=settings.SHOP_IMPRINT or settings.SHOP_NAME,
        colour=settings.SHOP_COLOUR,
        public_url=settings.PUBLIC_URL,
    )


def language_among(written: Container[Language], spoken: Language | None) -> Language:
    """The one that is spoken, else the shop's first one, else the one that there is."""
    wanted: Sequence[Language | None] = (spoken, "en", "de")
    return next(each for each in wanted if each is not None and each in written)


def spoken(locale: str) -> Language | None:
    """The customer's language, where it is one of ours."""
    found = locale.replace("_", "-").partition("-")[0].lower()
    return next((each for each in ("de", "en") if found == each), None)


@lru_cache(maxsize=200)
def _compiled(campaign_key: int, revision: int) -> dict[str, dict[Language, Letter]]:
    # Whoever holds a revision that was left meanwhile gets the letters that are approved.
    definition = definition_of(Campaign.objects.select_related("promotion").get(pk=campaign_key))
    contents: dict[str, Content] = {"": definition.content}
    contents |= {variant.name: variant.content for variant in definition.variants}
    return {
        name: {
            language: compile_letter(
                text.subject,
                text.body,
                language=language,
                purpose=definition.purpose,
                brand=brand(),
            )
            for language, text in content.texts().items()
        }
        for name, content in contents.items()
    }


def _asks_for_cashback(letter: Asks) -> bool:
    return letter.shows_cashback or any(name.startswith("cashback.") for name in letter.variables)


def _cashback(person: Reachable, language: Language, now: datetime) -> CashbackCard | None:
    for balance in balances(customer_key=person.customer_key, at=now):
        if balance.available <= 0:
            continue
        next_one = balance.expiring[0] if balance.expiring else None
        return CashbackCard(
            available=format_money(balance.available, balance.currency, language=language),
            expiring=format_money(next_one.amount, balance.currency, language=language)
            if next_one
            else None,
            expires_at=_last_day(next_one.expires_at, person, language) if next_one else None,
        )
    return None


def _products(
    person: Reachable, most: int, language: Language, now: datetime
) -> Sequence[ProductCard]:
    found = recommendations(customer_id=person.customer_id, limit=most, now=now).found[:most]
    return [
        ProductCard(
            name=product.name.told(language),
            price=""
            if product.price is None
            else format_money(product.price, product.currency, language=language),
            url=product.url,
            image_url=product.image_url or None,
        )
        for product in found
        if product.url
    ]


def _last_day(ends: datetime, person: Reachable, language: Language) -> str:
    """Of a time that ends before this instant, by the customer's clock."""
    zone = ZoneInfo(person.timezone or settings.SHOP_TIME_ZONE)
    return day_text((ends - timedelta(microseconds=1)).astimezone(zone), language=language)


def _last_whole_day(ends: datetime, person: Reachable, language: Language) -> str:
    """The last day by the customer's clock on which it holds to the end."""
    zone = ZoneInfo(person.timezone or settings.SHOP_TIME_ZONE)
    there = ends.astimezone(zone)
    return day_text(there - timedelta(days=1), language=language)
