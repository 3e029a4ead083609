"""A campaign as the contract has it: one declaration for the API, for storage and for us."""

import hashlib
import re
from collections.abc import Iterator
from functools import partial
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from campaigns.domain.letters.content import body_errors
from campaigns.domain.local_times import timezone_errors
from campaigns.domain.notes.content import note_errors
from campaigns.domain.placing import Placement, placement_errors
from campaigns.domain.triggers import CodeExpiring, LocalTime, Trigger, trigger_errors
from common.errors import FieldError
from common.fields import Percent, ShopId, ShortText, spelled
from common.money import Language

Channel = Literal["email", "sms", "push", "in_app", "placement"]
Purpose = Literal["marketing", "transactional"]
Status = Literal[
    "draft", "submitted", "approved", "scheduled", "running", "paused", "finished", "cancelled"
]
#: The languages that customers are written to in.
LANGUAGES: tuple[Language, ...] = ("de", "en")

#: A block of that name, or a variable.
_CODE = re.compile(r"^:::[ \t]*code\b|\{\{[ \t]*code[ \t.}]", re.MULTILINE | re.IGNORECASE)
_END = r"$(?!\n)"
_SegmentIds = Annotated[list[ShopId], Meta(max_length=200)]
Subject = Annotated[
    str,
    spelled(r"^[^\x00-\x1f\x7f]{1,200}" + _END, "One line of 1 to 200 characters.", max_length=200),
]
Body = Annotated[
    str,
    spelled(
        r"^[^\x00]+$", "A text without the control character NUL, and not an empty one.",
        min_length=1, max_length=50_000,
    ),
]  # fmt: skip
HoldoutPercent = Annotated[
    str,
    spelled(
        r"^(0|100|[1-9]?[0-9](\.[0-9]{1,4})?)" + _END,
        'A percentage from 0 to 100 with at most four decimals, as text: "10".',
        description="Who is enlisted and gets nothing, so that the effect can be told.",
        examples=["10"],
    ),
]


class Text(Struct, frozen=True, forbid_unknown_fields=True):
    """What is written, in one language: a subject, and a body of paragraphs and blocks."""

    subject: Subject
    body: Body


class Content(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is written, in each language; who speaks none of them gets the shop's first one."""

    de: Text | None = None
    en: Text | None = None

    def texts(self) -> dict[Language, Text]:
        """Those that there are, by language."""
        both: dict[Language, Text | None] = {"de": self.de, "en": self.en}
        return {language: text for language, text in both.items() if text is not None}


class CampaignAudience(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who is meant: members of any of `segments`, everybody where there are none."""

    segments: _SegmentIds = []
    exclude_segments: _SegmentIds = []


class Variant(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Another content for a share of those who are not held out."""

    name: Annotated[ShopId, Meta(max_length=40)]
    percent: Percent
    content: Content


class QuietHours(
    Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, rename={"from_": "from"}
):
    """When nobody is disturbed, by the recipient's own clock; it may last over midnight."""

    from_: LocalTime
    until: LocalTime


class CampaignDefinition(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A whole campaign, without its id, its status and what came of it."""

    name: Annotated[ShortText, Meta(min_length=1)]
    channel: Channel = "email"
    purpose: Purpose = "marketing"
    audience: CampaignAudience = CampaignAudience()
    #: Each recipient gets a personal code of it.
    promotion_id: ShopId | None = None
    #: Days that a personal code is valid, to the end of the last one by the shop's clock; null: as long as
    #: its promotion.
    code_valid_days: Annotated[int, Meta(ge=1, le=3650)] | None = None
    slot: ShopId | None = None
    #: Where in the slot it is shown; null: everywhere.
    placement: Placement | None = None
    trigger: Trigger
    timezone: Annotated[str, Meta(max_length=64, examples=["customer", "Europe/Berlin"])] = (
        "customer"
    )
    content: Content = Content()
    variants: Annotated[list[Variant], Meta(max_length=10)] = []
    holdout_percent: HoldoutPercent = "0"
    quiet_hours: QuietHours | None = None
    #: What could not be sent for so long is not sent any more; null: it is sent however late.
    expires_after_hours: Annotated[int, Meta(ge=1, le=8760)] | None = 48
    priority: Annotated[int, Meta(ge=-1_000_000, le=1_000_000)] = 0


def definition_errors(definition: CampaignDefinition) -> list[FieldError]:
    """What no single field can tell. Empty when all is well."""
    errors = [*trigger_errors(definition.trigger), *_variant_errors(definition.variants)]
    errors += timezone_errors(definition.timezone)
    errors += _content_errors(definition)
    if (definition.channel == "placement") != (definition.slot is not None):
        detail = "A placement has a slot, and nothing else has one."
        errors.append(FieldError("/slot", "invalid", detail))
    if definition.channel == "placement":
        errors += placement_errors(definition.trigger)
    elif definition.placement is not None:
        detail = "A placement has a slot, and nothing else has one."
        errors.append(FieldError("/placement", "not_allowed", detail))
    if definition.code_valid_days is not None and definition.promotion_id is None:
        detail = "Without a promotion there are no codes."
        errors.append(FieldError("/code_valid_days", "invalid", detail))
    for at, each in enumerate(definition.variants):
        missing = definition.content.texts().keys() - each.content.texts().keys()
        if missing:
            detail = "A variant has the same languages as the content."
            errors.append(FieldError(f"/variants/{at}/content", "required", detail))
    return errors


def readiness_errors(definition: CampaignDefinition) -> list[FieldError]:
    """What a draft may lack, but nothing that is to be approved."""
    # A place on the site may show a promotion in its own words.
    is_offer = definition.channel == "placement" and definition.promotion_id is not None
    if not definition.content.texts() and not is_offer:
        detail = "Write it in one language at least."
        return [FieldError("/content", "required", detail)]
    # What is about a code that the customer has already shows that one.
    is_about_code = isinstance(definition.trigger, CodeExpiring)
    lacks_promotion = definition.promotion_id is None and not is_about_code
    if lacks_promotion and any(map(_shows_code, _contents(definition))):
        detail = "The content shows a code: name the promotion that it is of."
        return [FieldError("/promotion_id", "required", detail)]
    return []


def _contents(definition: CampaignDefinition) -> Iterator[Content]:
    yield definition.content
    yield from (variant.content for variant in definition.variants)


def _shows_code(content: Content) -> bool:
    return any(
        _CODE.search(part)
        for text in content.texts().values()
        for part in (text.subject, text.body)
    )


def content_hash(definition: CampaignDefinition) -> bytes:
    """Of all that is approved; the name alone may be changed."""
    shape = msgspec.to_builtins(definition)
    del shape["name"]
    if shape["placement"] is None:
        # As it was hashed before there were conditions.
        del shape["placement"]
    return hashlib.sha256(msgspec.json.encode(shape, order="deterministic")).digest()


def _content_errors(definition: CampaignDefinition) -> list[FieldError]:
    """Mistakes in what is written: a letter, or what is told without one."""
    channel, shape = definition.channel, msgspec.to_builtins(definition)
    mistakes = body_errors if channel == "email" else partial(note_errors, channel=channel)
    errors = mistakes(shape["content"])
    for at, variant in enumerate(shape["variants"]):
        errors += [
            FieldError(f"/variants/{at}{error.pointer}", error.code, error.detail)
            for error in mistakes(variant["content"])
        ]
    return errors


def _variant_errors(variants: list[Variant]) -> list[FieldError]:
    errors = []
    names = [variant.name for variant in variants]
    for at, name in enumerate(names):
        if name in names[:at]:
            errors.append(
                FieldError(f"/variants/{at}/name", "duplicate", "This name stands twice.")
            )
    if sum(float(variant.percent) for variant in variants) > 100:
        errors.append(FieldError("/variants", "out_of_range", "Together they are above 100 %."))
    return errors
