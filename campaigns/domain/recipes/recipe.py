"""What a recipe is, and how it becomes a campaign."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from campaigns.domain.definition import (
    CampaignAudience,
    CampaignDefinition,
    Content,
    Purpose,
    QuietHours,
    Text,
)  # fmt: skip
from campaigns.domain.triggers import Trigger
from common.money import Language

#: What a recipe leaves open beside its audience: an instant, a feast, a day of sales, or a dynamic
#: segment.
Asks = Literal["", "instant", "feast", "sale", "segment"]
Group = Literal["greetings", "offers", "orders", "reminders"]

#: Stands in a body where the gift is told of; with a promotion alone.
GIFT = "<gift>"
#: Stands in an address: the page of the shop that the letter leads to.
LINK = "<link>"

_CODE: Mapping[Language, str] = {
    "de": ":::code\nIhr persönlicher Code:\n:::",
    "en": ":::code\nYour personal code:\n:::",
}
_TERMS = ":::footer\n{{ promotion.terms }}\n:::"
_NIGHT = QuietHours(from_="21:00", until="08:00")
#: In so far as an effect can be told at all, a tenth is enough to tell it.
_HOLDOUT = "10"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A letter in one language. `gift` is the sentence about the promotion, above its code; `gift_subject`
    takes the subject's place where there is one.
    """

    subject: str
    body: str
    gift: str = ""
    gift_subject: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A text for staff."""

    de: str
    en: str

    def told(self, language: Language) -> str:
        """In the language."""
        return self.de if language == "de" else self.en


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """A campaign that lacks only whom it is for, and what `asks` says.

    `trigger` is None where what is asked for makes it. A promotion is welcome where the words have a gift.
    """

    key: str
    group: Group
    icon: str
    title: Said
    about: Said
    purpose: Purpose = "marketing"
    trigger: Trigger | None = None
    asks: Asks = ""
    expires_after_hours: int = 48
    code_valid_days: int = 14
    de: Words
    en: Words

    @property
    def takes_promotion(self) -> bool:
        """Whether the letter has a place for a gift."""
        return bool(self.de.gift)

    def words(self) -> Mapping[Language, Words]:
        """By language."""
        return {"de": self.de, "en": self.en}


def draft(
    recipe: Recipe,
    *,
    name: str,
    link: str,
    trigger: Trigger | None = None,
    promotion_id: str | None = None,
    segments: Sequence[str] = (),
    exclude_segments: Sequence[str] = (),
    greetings: Mapping[Language, str] | None = None,
) -> CampaignDefinition:
    """The campaign that a marketer begins with. `link` is a web address of the shop, `trigger` what the
    recipe asks for; `greetings` are those of a feast.

    >>> from campaigns.domain.recipes.book import RECIPES
    >>> made = draft(RECIPES["birthday"], name="Birthday", link="https://shop.example")
    >>> made.trigger, made.content.en.subject
    (Birthday(days_before=0, local_time='09:00'), 'Happy birthday, {{ customer.first_name | "from all of us" }}!')
    """
    chosen = trigger or recipe.trigger
    assert chosen is not None, "what the recipe asks for"
    promotion = promotion_id if recipe.takes_promotion else None
    is_marketing = recipe.purpose == "marketing"
    texts = {
        language: _text(
            words,
            language=language,
            link=link,
            has_gift=promotion is not None,
            greeting=(greetings or {}).get(language, ""),
        )
        for language, words in recipe.words().items()
    }
    return CampaignDefinition(
        name=name,
        purpose=recipe.purpose,
        audience=CampaignAudience(segments=list(segments), exclude_segments=list(exclude_segments)),
        promotion_id=promotion,
        code_valid_days=recipe.code_valid_days if promotion else None,
        trigger=chosen,
        content=Content(de=texts["de"], en=texts["en"]),
        holdout_percent=_HOLDOUT if is_marketing else "0",
        quiet_hours=_NIGHT if is_marketing else None,
        expires_after_hours=recipe.expires_after_hours,
    )


def _text(words: Words, *, language: Language, link: str, has_gift: bool, greeting: str) -> Text:
    gift = f"{words.gift}\n\n{_CODE[language]}" if has_gift else ""
    body = words.body.strip().replace(GIFT, gift).replace(LINK, link)
    if has_gift:
        body += f"\n\n{_TERMS}"
    subject = words.gift_subject if has_gift and words.gift_subject else words.subject
    # What was left out leaves no gap.
    while "\n\n\n" in body:
        body = body.replace("\n\n\n", "\n\n")
    return Text(subject=_greeted(subject, greeting), body=_greeted(body, greeting))


def _greeted(text: str, greeting: str) -> str:
    return text.replace("<greeting>", greeting)
