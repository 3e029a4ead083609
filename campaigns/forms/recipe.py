"""What a recipe still lacks: a name, where it leads, to whom, and when."""

import re
from collections.abc import Mapping
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelect2MultipleWidget, UnfoldAdminSelect2Widget

from campaigns.domain.definition import CampaignDefinition, definition_errors
from campaigns.domain.letters.addresses import is_web_address
from campaigns.domain.local_times import instant_at
from campaigns.domain.recipes.feasts import Coming, coming_feasts
from campaigns.domain.recipes.recipe import Recipe, draft
from campaigns.domain.triggers import Once, SegmentEntered, Trigger
from campaigns.forms.choices import promotion_choices
from campaigns.queries.campaigns import campaign_by_id
from common.api.problems import told
from common.forms.fields import InstantField, LineField, SegmentsField, text_input
from common.money import Language
from common.words import day, language_in_use

#: When a letter to a feast goes out, by the shop's clock.
_MORNING = time(9)


class RecipeForm(forms.Form):
    """From a recipe to a draft."""

    name = LineField(label=_("Name"), required=True, max_length=255, help_text=_("For staff only."))
    campaign_id = forms.RegexField(
        r"^[A-Za-z0-9._:-]{1,128}\Z",
        label=_("Id"),
        help_text=_("For the shop: letters, digits and ._:- ; it stays as it is."),
        widget=text_input(),
    )
    link = forms.CharField(
        label=_("Where the button leads"),
        max_length=500,
        help_text=_("A page of the shop: https://…"),
        widget=text_input(type="url", inputmode="url"),
    )
    feast = forms.ChoiceField(label=_("Which day"), widget=UnfoldAdminSelect2Widget())
    at = InstantField(label=_("When"))
    entered = forms.ChoiceField(
        label=_("On coming into the segment"), widget=UnfoldAdminSelect2Widget()
    )
    segments = SegmentsField(
        label=_("To members of"),
        required=False,
        help_text=_("Empty: to everybody."),
        widget=UnfoldAdminSelect2MultipleWidget(),
    )
    promotion_id = forms.ChoiceField(
        label=_("Promotion"),
        required=False,
        help_text=_("Each recipient gets a personal code of it, and the letter tells of it."),
        widget=UnfoldAdminSelect2Widget(),
    )

    def __init__(
        self,
        *args: Any,
        recipe: Recipe,
        today: date,
        segments: tuple[tuple[str, str], ...],
        **kwargs: Any,
    ) -> None:
        self.recipe = recipe
        self.feasts: Mapping[str, Coming] = {
            coming.key: coming
            for coming in coming_feasts(after=today)
            if coming.feast.is_sale == (recipe.asks == "sale")
        }
        language = language_in_use()
        kwargs["initial"] = {
            "name": recipe.title.told(language),
            "campaign_id": _free_id(recipe.key.replace("_", "-")),
            "link": settings.SHOP_URL,
            **(kwargs.get("initial") or {}),
        }
        super().__init__(*args, **kwargs)
        self._choose("segments", segments)
        self._choose("entered", [("", "–"), *segments])
        self._choose("promotion_id", promotion_choices())
        self._choose("feast", [(key, _feast(each, language)) for key, each in self.feasts.items()])
        wanted = {"feast": "feast", "sale": "feast", "instant": "at", "segment": "entered"}
        for name in {"feast", "at", "entered"} - {wanted.get(recipe.asks, "")}:
            del self.fields[name]
        if "at" in self.fields:
            self.fields["at"].required = True
        if not recipe.takes_promotion:
            del self.fields["promotion_id"]
        if recipe.asks == "segment":
            del self.fields["segments"]

    def clean_campaign_id(self) -> str:
        campaign_id: str = self.cleaned_data["campaign_id"]
        if campaign_by_id(campaign_id) is not None:
            raise ValidationError(_("This id is taken."))
        return campaign_id

    def clean_link(self) -> str:
        link: str = self.cleaned_data["link"]
        if not is_web_address(link) or re.search(r"[\s(){}<>]", link):
            raise ValidationError(_("An address begins with https:// or http://."))
        return link

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            for error in told(definition_errors(self.definition)):
                self.add_error(None, error.detail)
        return cleaned

    @property
    def definition(self) -> CampaignDefinition:
        """Once valid: the draft."""
        cleaned = self.cleaned_data
        coming = self.feasts.get(cleaned.get("feast", ""))
        greetings: dict[Language, str] = {}
        if coming is not None:
            said = coming.feast.greeting
            greetings = {"de": said.de, "en": said.en}
        return draft(
            self.recipe,
            name=cleaned["name"],
            link=cleaned["link"],
            trigger=self._trigger(coming),
            promotion_id=cleaned.get("promotion_id") or None,
            segments=cleaned.get("segments", ()),
            greetings=greetings,
        )

    def _trigger(self, coming: Coming | None) -> Trigger | None:
        cleaned = self.cleaned_data
        if coming is not None:
            zone = ZoneInfo(settings.SHOP_TIME_ZONE)
            return Once(at=instant_at(coming.sent_on, _MORNING, zone=zone))
        if cleaned.get("at") is not None:
            return Once(at=cleaned["at"])
        if cleaned.get("entered"):
            return SegmentEntered(segment_id=cleaned["entered"])
        return None

    def _choose(self, name: str, choices: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


def _feast(coming: Coming, language: Language) -> Any:
    name = coming.feast.name.told(language)
    return format_lazy(
        _("{name}, {day} (goes out on {sent})"),
        name=name,
        day=day(coming.day),
        sent=day(coming.sent_on),
    )


def _free_id(wanted: str) -> str:
    """The first of `birthday`, `birthday-2` and so on that is not taken."""
    number, name = 1, wanted
    while campaign_by_id(name) is not None:
        number += 1
        name = f"{wanted}-{number}"
    return name
