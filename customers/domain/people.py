"""What a shop may tell of a person, and what is wrong with it beyond the form of its fields."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Annotated, Any

from msgspec import Meta, Struct

from common.errors import FieldError
from common.fields import NO_NUL, Country, Instant, ShortText, spelled
from common.instants import instant_errors
from common.zones import known_time_zones

MAX_ATTRIBUTES = 100
MAX_ATTRIBUTE_NAME = 128
MAX_ATTRIBUTE_TEXT = 1_000
MAX_ATTRIBUTE_LIST = 100
#: Whole numbers up to here are the same in every JSON parser.
MAX_ATTRIBUTE_NUMBER = 2**53 - 1

_SCALAR = "Text, a number, or true or false."
_ATTRIBUTE = "Text, a number, true or false, or a list of these."
_END = r"$(?!\n)"

Email = Annotated[
    str,
    spelled(
        r"^[^@\s\x00-\x1f\x7f<>,;\"]+@[^@\s\x00-\x1f\x7f<>,;\"]+" + _END,
        "An e-mail address: ada@example.org.",
        max_length=254,
        description="Kept as given; its form is checked loosely.",
        examples=["ada@example.org"],
    ),
]
Code = Annotated[str, NO_NUL, Meta(max_length=50)]
Locale = Annotated[
    str,
    spelled(
        r"^[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*" + _END,
        "A language, BCP 47: de or de-AT.",
        max_length=35,
        description="BCP 47.",
        examples=["de", "de-AT"],
    ),
]
PostalCode = Annotated[str, NO_NUL, Meta(max_length=20)]
Zone = Annotated[str, Meta(max_length=64, description="IANA.", examples=["Europe/Berlin"])]


class Profile(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the shop knows of a customer; null is unknown. `attributes` are the shop's own fields."""

    email: Email | None = None
    first_name: ShortText | None = None
    last_name: ShortText | None = None
    birth_date: date | None = None
    gender: Code | None = None
    phone: Code | None = None
    locale: Locale | None = None
    timezone: Zone | None = None
    country: Country | None = None
    postal_code: PostalCode | None = None
    city: ShortText | None = None
    registered_at: Instant | None = None
    attributes: Annotated[
        dict[str, Any],
        Meta(
            max_length=MAX_ATTRIBUTES,
            description="Text, numbers, booleans and lists of them, by name; null is left out.",
            examples=[{"interests": ["tea"], "household_size": 2}],
        ),
    ] = {}
    is_restricted: Annotated[
        bool | None,
        Meta(
            description=(
                "GDPR art. 18: no marketing, no profiling. Null, or left out, leaves it as it is, "
                "so that only `false` lifts it."
            ),
            examples=[True],
        ),
    ] = None

    @property
    def known_attributes(self) -> dict[str, Any]:
        """The attributes without those that are null."""
        return {name: value for name, value in self.attributes.items() if value is not None}


def profile_errors(profile: Profile, *, now: datetime) -> list[FieldError]:
    """Everything that is wrong with a profile."""
    errors = instant_errors({"/registered_at": profile.registered_at})
    # Somewhere on earth it may already be the day after.
    if profile.birth_date is not None and profile.birth_date > (now + timedelta(days=1)).date():
        errors.append(FieldError("/birth_date", "invalid", "This day is still to come."))
    if profile.timezone is not None and profile.timezone not in known_time_zones():
        errors.append(
            FieldError("/timezone", "unknown_time_zone", "An IANA time zone: Europe/Berlin.")
        )
    return errors + _attribute_errors(profile.attributes)


def _attribute_errors(attributes: Mapping[str, Any]) -> list[FieldError]:
    errors = []
    for name, value in attributes.items():
        pointer = "/attributes/" + name.replace("~", "~0").replace("/", "~1")
        if not 1 <= len(name) <= MAX_ATTRIBUTE_NAME or "\x00" in name:
            detail = f"A name has 1 to {MAX_ATTRIBUTE_NAME} characters, none of them NUL."
            errors.append(FieldError("/attributes", "invalid", detail))
        elif isinstance(value, list):
            if len(value) > MAX_ATTRIBUTE_LIST:
                detail = f"At most {MAX_ATTRIBUTE_LIST} entries."
                errors.append(FieldError(pointer, "invalid", detail))
            errors += [
                FieldError(f"{pointer}/{index}", "invalid", wrong)
                for index, entry in enumerate(value[:MAX_ATTRIBUTE_LIST])
                if (wrong := _wrong_scalar(entry))
            ]
        elif value is not None and (wrong := _wrong_scalar(value)):
            detail = _ATTRIBUTE if wrong is _SCALAR else wrong
            errors.append(FieldError(pointer, "invalid", detail))
    return errors


def _wrong_scalar(value: object) -> str | None:
    if isinstance(value, str):
        if "\x00" in value:
            return "NUL is no text."
        return (
            f"At most {MAX_ATTRIBUTE_TEXT} characters." if len(value) > MAX_ATTRIBUTE_TEXT else None
        )
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        # Comparing holds for whole numbers of any length, and for infinity.
        return (
            None
            if abs(value) <= MAX_ATTRIBUTE_NUMBER
            else f"A number up to {MAX_ATTRIBUTE_NUMBER}."
        )
    return _SCALAR
