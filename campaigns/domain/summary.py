"""What a campaign does, as a plain sentence in both languages."""

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from campaigns.domain.definition import CampaignDefinition
from campaigns.domain.trigger_words import when
from common.sentence_words import Language, listed, percent_text


def summary(definition: CampaignDefinition, *, shop_zone: ZoneInfo, language: Language) -> str:
    """When, to whom, with what, and who is left out.

    >>> from campaigns.domain.triggers import Birthday
    >>> told = CampaignDefinition(name="x", trigger=Birthday(), holdout_percent="10")
    >>> summary(told, shop_zone=ZoneInfo("Europe/Berlin"), language="en")
    "On the birthday, at 09:00 by the customer's clock, by e-mail to everybody who has agreed. 10\\xa0% get nothing, so that the effect can be told."
    """
    german = language == "de"
    begins = when(
        definition.trigger, timezone=definition.timezone, shop_zone=shop_zone, language=language
    )
    sentences = [f"{begins}, {_way(definition, language)} {_to_whom(definition, language)}."]
    if definition.variants:
        sentences.append(_variants(definition, language))
    if definition.promotion_id is not None:
        sentences.append(_code(definition, language))
    if definition.holdout_percent != "0":
        share = percent_text(definition.holdout_percent, language=language)
        sentences.append(
            f"{share} bekommen nichts, damit sich die Wirkung zeigt."
            if german
            else f"{share} get nothing, so that the effect can be told."
        )
    return " ".join(sentences)


def _to_whom(definition: CampaignDefinition, language: Language) -> str:
    german = language == "de"
    audience = definition.audience
    if audience.segments:
        names = _quoted(audience.segments, language)
        whom = f"an {names}" if german else f"to {names}"
    else:
        whom = "an alle" if german else "to everybody"
    if audience.exclude_segments:
        names = _quoted(audience.exclude_segments, language)
        whom += f" außer {names}" if german else f" but {names}"
    if definition.purpose == "transactional":
        whom += (
            ", auch ohne Einwilligung: Es darf nicht werben"
            if german
            else ", whether they have agreed or not: it must not advertise"
        )
    elif definition.channel != "placement":
        if audience.segments:
            whom += ", soweit sie zugestimmt haben" if german else ", as far as they have agreed"
        else:
            whom += ", die zugestimmt haben" if german else " who has agreed"
    return whom


def _way(definition: CampaignDefinition, language: Language) -> str:
    if definition.channel == "placement":
        slot = _quoted([definition.slot or ""], language)
        return f"auf der Website an {slot}" if language == "de" else f"on the site at {slot}"
    german, english = _WAYS[definition.channel]
    return german if language == "de" else english


#: How it comes, in German and English.
_WAYS: Mapping[str, tuple[str, str]] = {
    "email": ("per E-Mail", "by e-mail"),
    "sms": ("per SMS", "by text message"),
    "push": ("als Push-Nachricht", "as a push message"),
    "in_app": ("in den Posteingang im Shop", "into the inbox in the shop"),
}


def _variants(definition: CampaignDefinition, language: Language) -> str:
    shares = listed(
        [
            f"{percent_text(each.percent, language=language)} „{each.name}“"
            if language == "de"
            else f"{percent_text(each.percent, language=language)} “{each.name}”"
            for each in definition.variants
        ],
        language=language,
    )
    return f"In anderen Worten: {shares}." if language == "de" else f"In other words: {shares}."


def _quoted(names: Sequence[str], language: Language) -> str:
    marks = "„{}“" if language == "de" else "“{}”"
    return listed([marks.format(name) for name in names], language=language)


def _code(definition: CampaignDefinition, language: Language) -> str:
    german = language == "de"
    promotion, days = definition.promotion_id, definition.code_valid_days
    if days is None:
        return (
            f"Dazu ein persönlicher Code von „{promotion}“."
            if german
            else f"With a personal code of “{promotion}”."
        )
    if german:
        lasts = "einen Tag" if days == 1 else f"{days} Tage"
        return f"Dazu ein persönlicher Code von „{promotion}“, {lasts} gültig."
    lasts = "a day" if days == 1 else f"{days} days"
    return f"With a personal code of “{promotion}”, valid for {lasts}."
