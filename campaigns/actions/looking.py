"""Acts: look at a letter as somebody writes it, before it is saved."""

import dataclasses
from datetime import datetime

import msgspec
from msgspec import Struct

from campaigns.actions.letters import Addressee, Letters, brand, links_of, spoken, values_of
from campaigns.actions.trying import SAMPLE_CODE
from campaigns.domain.definition import CampaignDefinition, Content
from campaigns.domain.letters.letter import Letter, compile_letter
from campaigns.domain.letters.sample import sample_facts, sample_values
from campaigns.domain.letters.values import RenderFailed, Values
from common.errors import FieldError, NotFound, ValidationFailed
from common.money import Language
from customers.domain.masking import mask_text
from customers.domain.reach import Reachable
from customers.queries.gate import reachable
from customers.queries.people import customer_by_reference
from promotions.queries.definitions import promotion_key
from promotions.queries.wallet import words_in


class Look(Struct, frozen=True, kw_only=True):
    """A letter as it would be read."""

    subject: str
    html: str
    text: str
    language: Language


def look(
    definition: CampaignDefinition,
    *,
    customer_id: str | None,
    variant: str = "",
    is_masked: bool = False,
    language: Language,
    now: datetime,
) -> Look:
    """The letter as this customer would get it now, with the name masked where asked for; without one, with
    sample values in `language` or the one that there is. The definition has passed its own checks. Writes
    nothing, and its links open nobody's pages.

    Raises:
        NotFound: there is no such customer, or no such variant.
        ValidationFailed: it is no letter, or something is missing that has no fallback.
    """
    if definition.channel != "email":
        raise ValidationFailed(
            errors=[FieldError("/channel", "not_a_letter", "Only e-mail is a letter.")]
        )
    person = _person(customer_id, is_masked=is_masked) if customer_id else None
    wanted = (spoken(person.locale) if person else language) or "en"
    texts = _content(definition, variant).texts()
    chosen = next((each for each in (wanted, "en", "de") if each in texts), None)
    if chosen is None:
        detail = "Write it in one language at least."
        raise ValidationFailed(errors=[FieldError("/content", "required", detail)])
    letter = compile_letter(
        texts[chosen].subject,
        texts[chosen].body,
        language=chosen,
        purpose=definition.purpose,
        brand=brand(),
    )
    try:
        values = (
            sample_values(language=chosen, offer=_words(definition, chosen))
            if person is None
            else _values(definition, letter, person, language=chosen, now=now)
        )
        links = links_of(0, delivery_key=0, now=now)
        rendered = letter.render(dataclasses.replace(values, links=links))
    except RenderFailed as failed:
        detail = f"{failed.name} is missing, and has no fallback."
        raise ValidationFailed(errors=[FieldError("/content", "render_failed", detail)]) from None
    return Look(subject=rendered.subject, html=rendered.html, text=rendered.text, language=chosen)


def _content(definition: CampaignDefinition, variant: str) -> Content:
    if not variant:
        return definition.content
    found = next((each for each in definition.variants if each.name == variant), None)
    if found is None:
        raise NotFound("There is no such variant.")
    return found.content


def _words(definition: CampaignDefinition, language: Language) -> tuple[str, str] | None:
    """Title and terms of the promotion that it is about."""
    key = promotion_key(definition.promotion_id) if definition.promotion_id else None
    if key is None:
        return None
    told = words_in(language, [key])[key]
    return told.title, told.terms


def _person(customer_id: str, *, is_masked: bool) -> Reachable:
    customer = customer_by_reference(customer_id)
    people = reachable(customer_keys=[customer.pk], channel="email") if customer else {}
    if customer is None or people[customer.pk].is_erased:
        raise NotFound("There is no such customer.")
    person = people[customer.pk]
    if is_masked:
        names = {name: mask_text(getattr(person, name)) for name in ("first_name", "last_name")}
        return msgspec.structs.replace(person, **names)
    return person


def _values(
    definition: CampaignDefinition,
    letter: Letter,
    person: Reachable,
    *,
    language: Language,
    now: datetime,
) -> Values:
    addressee = Addressee(
        person=person,
        code=SAMPLE_CODE if definition.promotion_id is not None else None,
        facts=sample_facts(str(definition.trigger.__struct_config__.tag), language=language),
    )
    words = _words(definition, language)
    letters = Letters({"": {language: letter}}, None, {language: words} if words else {})
    return values_of(addressee, letter, letters, language=language, now=now)
