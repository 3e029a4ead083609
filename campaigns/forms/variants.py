"""Variants of a campaign as rows of its form: a name, a share, and other words."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminExpandableTextareaWidget

from campaigns.domain.definition import LANGUAGES
from common.errors import FieldError
from common.forms.amounts import decimal_text
from common.forms.fields import LineField, PercentOrNoneField, TextField
from common.forms.rows import ROWS_REFUSED, RowsField, RowsWidget, kept
from common.words import language_in_use

POINTER = "/variants/"
_FIELDS: Mapping[str, str] = {
    "name": "variant",
    "percent": "share",
    "content": "subject_en",
    **{
        f"content/{language}/{part}": f"{part}_{language}"
        for language in LANGUAGES
        for part in ("subject", "body")
    },
}


def _letter(label: Any, language: str) -> TextField:
    widget = UnfoldAdminExpandableTextareaWidget(
        {"rows": 8, "lang": language, "class": "letter-body", "spellcheck": "true"}
    )
    return TextField(label=label, max_length=50_000, widget=widget)


class VariantForm(forms.Form):
    """Other words for a share of those who are not held out."""

    variant = LineField(label=_("Name of the variant"), max_length=40)
    share = PercentOrNoneField(label=_("Of those who get it, in percent"))
    subject_de = LineField(label=_("Subject in German"), max_length=200)
    body_de = _letter(_("Letter in German"), "de")
    subject_en = LineField(label=_("Subject in English"), max_length=200)
    body_en = _letter(_("Letter in English"), "en")


def variants_field() -> RowsField:
    """All variants; who is in none gets the campaign's own words."""
    return RowsField(
        RowsWidget(VariantForm, add=_("Add a variant")),
        label=_("Variants"),
        help_text=_("Other words for a part of the recipients. Who is in none gets those above."),
    )


def rows_of(variants: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The values of the rows."""
    return [
        {
            "variant": each["name"],
            "share": decimal_text(each["percent"], language=language_in_use()),
            **{
                f"{part}_{language}": (each["content"].get(language) or {}).get(part, "")
                for language in LANGUAGES
                for part in ("subject", "body")
            },
        }
        for each in variants
    ]


def variants_from(rows: Any) -> list[dict[str, Any]]:
    """What cleaned rows say, in the contract's shape."""
    return [_variant(row.cleaned_data) for row in kept(rows)]


def place_in_rows(form: forms.ModelForm, errors: Iterable[FieldError]) -> list[FieldError]:
    """Add what is said of a variant to its row; what is about something else is left."""
    # An error takes the field away from what was cleaned.
    sent = form.cleaned_data.get("variants")
    rows = kept(sent) if isinstance(sent, BaseFormSet) else ()
    left = []
    for error in errors:
        number, _slash, field = error.pointer.removeprefix(POINTER).partition("/")
        if not (error.pointer.startswith(POINTER) and number.isdigit() and int(number) < len(rows)):
            left.append(error)
            continue
        row = rows[int(number)]
        row.add_error(_FIELDS.get(field), error.detail)
        if "variants" not in form.errors:
            form.add_error("variants", ROWS_REFUSED)
    return left


def _variant(told: Mapping[str, Any]) -> dict[str, Any]:
    content = {}
    for language in LANGUAGES:
        text = {part: told.get(f"{part}_{language}", "") for part in ("subject", "body")}
        if any(text.values()):
            content[language] = text
    return {"name": told["variant"], "percent": told["share"], "content": content}
