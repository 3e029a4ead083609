"""What is wrong with the content of a note, told when it is saved."""

from collections.abc import Mapping
from functools import partial
from typing import Literal

from campaigns.domain.letters.blocks import Block, Body, Button, Code, Header, Inline, Text
from campaigns.domain.letters.content import MEASURED, body_errors
from campaigns.domain.letters.sample import sample_values
from campaigns.domain.letters.values import RenderFailed
from campaigns.domain.notes.note import Told, note_of
from common.errors import FieldError
from common.money import Language

NoteChannel = Literal["in_app", "placement", "sms", "push"]

_IN_THE_SHOP: tuple[type[Block], ...] = (Header, Text, Code, Button)
_ON_A_PHONE: tuple[type[Block], ...] = (Text, Code, Button)
#: Which blocks a message by each channel may have.
_BLOCKS: Mapping[str, tuple[type[Block], ...]] = {
    "in_app": _IN_THE_SHOP,
    "placement": _IN_THE_SHOP,
    "sms": _ON_A_PHONE,
    "push": _ON_A_PHONE,
}
#: Characters of the words.
_LONGEST: Mapping[str, int] = {"in_app": 4_000, "placement": 4_000, "sms": 1_000, "push": 500}


def note_errors(
    content: Mapping[str, Mapping[str, str]], *, channel: NoteChannel
) -> list[FieldError]:
    """All mistakes of a content `{"de": {"subject", "body"}, "en": ...}`; empty when all is well.

    >>> text = {"en": {"subject": "Tea", "body": ":::products 3\\n:::"}}
    >>> [(wrong.pointer, wrong.detail) for wrong in note_errors(text, channel="in_app")]
    [('/content/en/body', 'This channel has no block “products”. It has: header, text, code, button.')]
    """
    return body_errors(content, further=partial(_errors, channel)) if content else []


def is_too_long(told: Told, *, channel: str) -> bool:
    """Whether nobody would read so much there."""
    return len(told.text) > _LONGEST[channel]


def _errors(
    channel: NoteChannel, subject: Inline, body: Body, language: Language, pointer: str
) -> list[FieldError]:
    allowed = _BLOCKS[channel]
    for block in body.blocks:
        if not isinstance(block, allowed):
            known = ", ".join(_name(each) for each in allowed)
            detail = f"This channel has no block “{_name(type(block))}”. It has: {known}."
            return [FieldError(pointer, "not_allowed", detail)]
    if sum(isinstance(block, Button) for block in body.blocks) > 1:
        return [FieldError(pointer, "not_allowed", "A message leads to one place: one button.")]
    if sum(isinstance(block, Header) for block in body.blocks) > 1:
        return [FieldError(pointer, "not_allowed", "A message has one heading.")]
    note = note_of(subject, body, brand=MEASURED)
    try:
        is_long = is_too_long(note.render(sample_values(language=language)), channel=channel)
    except RenderFailed:
        is_long = False
    if is_long:
        detail = f"By this channel a text has at most {_LONGEST[channel]} characters."
        return [FieldError(pointer, "invalid", detail)]
    return []


def _name(block: type[Block]) -> str:
    """As it is typed."""
    return block.__name__.lower()
