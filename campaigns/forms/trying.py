"""Where a test goes, and as whom a letter is looked at."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms.fields import choice, text_input
from common.money import Language


def variant_choices(variants: Sequence[str]) -> list[tuple[str, Any]]:
    """The campaign's own letter, and those that are tried beside it."""
    return [("", _("the letter of the campaign itself")), *((name, name) for name in variants)]


class TestMailForm(forms.Form):
    """One address."""

    to = forms.EmailField(
        label=_("To"), max_length=254, widget=text_input(type="email", autocomplete="email")
    )
    language = choice(_("Language"), [("de", _("German")), ("en", _("English"))])

    def __init__(self, *args: Any, variants: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if variants:
            self.fields["variant"] = choice(_("Variant"), variant_choices(variants), required=False)

    @property
    def chosen(self) -> Language:
        """Once valid."""
        return "de" if self.cleaned_data["language"] == "de" else "en"
