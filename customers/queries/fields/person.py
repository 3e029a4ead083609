"""Fields of who the customer is."""

from functools import partial

from django.conf import settings
from msgspec import Struct

from common.fields import Word
from customers.domain.rules import Leaf, Words
from customers.models.people import Channel, ConsentState, Purpose
from customers.queries.fields.field import NOW, Field, Found, literal, whole_days


class ConsentOptions(Struct, frozen=True, forbid_unknown_fields=True):
    """Consent to what."""

    channel: Channel
    purpose: Purpose


class SampleOptions(Struct, frozen=True, forbid_unknown_fields=True):
    """Another salt draws another sample."""

    salt: Word | None = None


def fields() -> list[Field]:
    """Place, language, age, registration, the shop's own attributes, consent, and a sample."""
    columns = {
        "country": ("country", Words("Country", "Land")),
        "city": ("city", Words("City", "Ort")),
        "postal_code": ("postal_code", Words("Postal code", "Postleitzahl")),
        "locale": ("locale", Words("Language", "Sprache")),
        "gender": ("gender", Words("Gender", "Geschlecht")),
    }
    return [
        *(
            Field(f"customer.{name}", "text", words, partial(_column, column))
            for name, (column, words) in columns.items()
        ),
        Field(
            "customer.email_domain", "text", Words("E-mail domain", "E-Mail-Domain"), _email_domain
        ),
        Field("customer.age", "number", Words("Age", "Alter"), _age),
        Field(
            "customer.days_since_registered",
            "number",
            Words("Days since registration", "Tage seit der Anmeldung"),
            lambda leaf: Found(whole_days("customer.registered_at")),
            is_plural=True,
        ),
        Field(
            "customer.birth_month",
            "number",
            Words("Month of birth", "Geburtsmonat"),
            lambda leaf: Found("extract(month FROM customer.birth_date)"),
        ),
        Field(
            "customer.birthday_in_days",
            "number",
            Words("Days until the birthday", "Tage bis zum Geburtstag"),
            _birthday_in_days,
            is_plural=True,
        ),
        Field(
            "customer.attributes.",
            "attribute",
            Words("Attribute", "Merkmal"),
            lambda leaf: Found(f"customer.attributes -> {literal(leaf.attribute)}"),
        ),
        Field(
            "customer.consent",
            "consent",
            Words("Consent", "Einwilligung"),
            _consent,
            options=ConsentOptions,
            choices=("granted", "withdrawn", "none"),
        ),
        Field("sample", "share", Words("Sample", "Stichprobe"), _sample, options=SampleOptions),
    ]


def _column(name: str, leaf: Leaf) -> Found:
    return Found(f"nullif(customer.{name}, '')")


def _email_domain(leaf: Leaf) -> Found:
    return Found("nullif(lower(split_part(customer.email, '@', 2)), '')")


def _today() -> str:
    """The date where the customer is: by their own time zone, else by the shop's."""
    shop = literal(settings.SHOP_TIME_ZONE)
    return f"({NOW} AT TIME ZONE coalesce(nullif(customer.timezone, ''), {shop}))::date"


def _birthday(year: str) -> str:
    """The birthday in that year. PostgreSQL, too, moves 29 February to the 28th in common years."""
    born = "extract(year FROM customer.birth_date)::integer"
    return f"(customer.birth_date + make_interval(years => {year} - {born}))::date"


def _age(leaf: Leaf) -> Found:
    today = _today()
    year = f"extract(year FROM {today})::integer"
    born = "extract(year FROM customer.birth_date)::integer"
    return Found(f"({year} - {born} - ({_birthday(year)} > {today})::integer)")


def _birthday_in_days(leaf: Leaf) -> Found:
    today = _today()
    year = f"extract(year FROM {today})::integer"
    here, following = _birthday(year), _birthday(f"{year} + 1")
    return Found(f"(CASE WHEN {here} >= {today} THEN {here} ELSE {following} END - {today})")


def _consent(leaf: Leaf) -> Found:
    options: ConsentOptions = leaf.options
    state = f"nullif(state, '{ConsentState.REQUESTED.value}')"
    return Found(
        f"coalesce((SELECT {state} FROM customers_consent WHERE customer_id = customer.id"
        f" AND channel = '{options.channel.value}' AND purpose = '{options.purpose.value}'), 'none')"
    )


def _sample(leaf: Leaf) -> Found:
    """A share between 0 and 100 that stays with the customer, in steps of a ten-thousandth."""
    salt = literal(leaf.options.salt or "")
    drawn = f"('x' || left(md5({salt} || ':' || customer.reference), 8))::bit(32)::bigint"
    return Found(f"(mod({drawn}, 1000000) / 10000.0)")
