"""Acts: write notes: what is told within the shop, or on a phone. They write nothing down."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from campaigns.actions.letters import (
    Addressee,
    Letters,
    brand,
    language_among,
    promotion_words,
    spoken,
    values_of,
)
from campaigns.actions.tracking import Tracking
from campaigns.domain.definition import Content
from campaigns.domain.letters.values import RenderFailed
from campaigns.domain.notes.content import is_too_long
from campaigns.domain.notes.note import Note, Told, compile_note
from campaigns.models import Campaign
from campaigns.queries.campaigns import definition_of
from common.money import Language


@dataclass(frozen=True, slots=True)
class Notes:
    """A campaign's notes by variant and language."""

    by_variant: Mapping[str, Mapping[Language, Note]]
    #: None: links are as they were written.
    tracking: Tracking | None
    promotion_words: Mapping[Language, tuple[str, str]]


def notes_of(campaign: Campaign, words: Mapping[Language, tuple[str, str]] | None = None) -> Notes:
    """The notes of a campaign as it is: compiled again only where it was changed since.

    `words` are those of its promotion, where they are known already.
    """
    told = promotion_words(campaign) if words is None else words
    # Each letter of a text message is paid for, and a push message leads where it says.
    is_in_shop = campaign.channel in {Campaign.Channel.IN_APP, Campaign.Channel.PLACEMENT}
    tracking = Tracking(campaign) if is_in_shop else None
    return Notes(_compiled(campaign.pk, campaign.revision), tracking, told)


def told_to(addressee: Addressee, notes: Notes, campaign: Campaign, *, now: datetime) -> Told:
    """A campaign's note to one person, in their language.

    Raises:
        RenderFailed: something is missing that has no fallback, or it has become too long ("size").
    """
    written = notes.by_variant.get(addressee.variant) or notes.by_variant[""]
    language = language_among(written, spoken(addressee.person.locale))
    note, words = written[language], Letters({}, notes.tracking, notes.promotion_words)
    told = note.render(values_of(addressee, note, words, language=language, now=now))
    if is_too_long(told, channel=campaign.channel):
        raise RenderFailed("size")
    return told


@lru_cache(maxsize=500)
def _compiled(campaign_key: int, revision: int) -> dict[str, dict[Language, Note]]:
    # Whoever holds a revision that was left meanwhile gets the notes that are approved.
    definition = definition_of(Campaign.objects.select_related("promotion").get(pk=campaign_key))
    contents: dict[str, Content] = {"": definition.content}
    contents |= {variant.name: variant.content for variant in definition.variants}
    return {
        name: {
            language: compile_note(text.subject, text.body, brand=brand())
            for language, text in content.texts().items()
        }
        for name, content in contents.items()
    }
