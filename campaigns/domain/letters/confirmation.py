"""The letter that asks whether a consent was really given: double opt-in.

It is no advertising: no offer, no picture, no link but the one that confirms, no tracking.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal, NamedTuple

from campaigns.domain.letters.addresses import is_web_address
from campaigns.domain.letters.blocks import Block, Body, Button, Header, Inline, Link, Text, Words
from campaigns.domain.letters.brand import Brand
from campaigns.domain.letters.letter import Rendered, letter_of
from campaigns.domain.letters.values import Links, Values, one_line
from common.money import Language

#: What is agreed to.
ConfirmedPurpose = Literal["marketing", "profiling", "tracking"]


class _Words(NamedTuple):
    """`{shop}` and `{what}` are filled in."""

    subject: str
    heading: str
    asked: str
    button: str
    otherwise: str
    ignore: str
    what: Mapping[ConfirmedPurpose, str]


_WORDS: Mapping[Language, _Words] = {
    "de": _Words(
        subject="Bitte bestätigen: {shop}",
        heading="Bitte bestätigen Sie",
        asked="Mit dieser E-Mail-Adresse wurde bei {shop} um Folgendes gebeten: {what}.",
        button="Ja, das möchte ich",
        otherwise="Öffnet sich die Seite nicht, kopieren Sie diese Adresse in Ihren Browser:",
        ignore=(
            "Das waren nicht Sie? Dann brauchen Sie nichts zu tun: "
            "Ohne Ihre Bestätigung gilt die Bitte nicht."
        ),
        what={
            "marketing": "Angebote per E-Mail zu erhalten",
            "profiling": "Angebote nach den eigenen Einkäufen auszuwählen",
            "tracking": "zu messen, welche E-Mails gelesen werden",
        },
    ),
    "en": _Words(
        subject="Please confirm: {shop}",
        heading="Please confirm",
        asked="Somebody gave this e-mail address to {shop} and asked for this: {what}.",
        button="Yes, I want this",
        otherwise="If the page does not open, copy this address into your browser:",
        ignore=(
            "That was not you? Then there is nothing to do: "
            "without your confirmation the request does not count."
        ),
        what={
            "marketing": "offers by e-mail",
            "profiling": "offers chosen by your purchases",
            "tracking": "measuring which e-mails are read",
        },
    ),
}


def confirmation_letter(
    *, language: Language, shop: Brand, link: str, purpose: ConfirmedPurpose = "marketing"
) -> Rendered:
    """Who asked for what, the link to confirm it, and that ignoring it is enough.

    Raises:
        ValueError: the link is no web address.
    """
    if not is_web_address(link):
        raise ValueError("the link is no web address")
    words = _WORDS[language]
    name = one_line(shop.shop_name)
    asked = words.asked.format(shop=name, what=words.what[purpose])
    blocks = (
        Header(_plain(words.heading)),
        Text((_plain(asked),)),
        Button(_plain(words.button), (link,)),
        Text((_plain(words.ignore),)),
    )
    # In plain text the address is written out anyway.
    address = Text(((Words(f"{words.otherwise}\n"), Link(_plain(link), (link,))),))
    subject = _plain(words.subject.format(shop=name))

    def rendered(blocks: tuple[Block, ...]) -> Rendered:
        body = Body(blocks)
        letter = letter_of(subject, body, language=language, purpose="transactional", brand=shop)
        return letter.render(Values(texts={}, links=Links()))

    return replace(rendered((*blocks, address)), text=rendered(blocks).text)


def _plain(text: str) -> Inline:
    return (Words(text),)
