"""Fields of our own: money, percentages, lists of names, and rows that can be added."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import BaseFormSet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminExpandableTextareaWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminTextInputWidget,
)

from promotions.domain.wording import Language
from promotions.forms.amounts import NoAmount, TooManyDecimals, parse_amount

MAX_ROWS = 50

_PERCENT = re.compile(r"(?=.*[1-9])(100(\.0{1,4})?|[1-9]?[0-9](\.[0-9]{1,4})?)")
_SHOP_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")


def language_in_use() -> Language:
    """The language of the page."""
    return "de" if (get_language() or "").startswith("de") else "en"


class MoneyField(forms.CharField):
    """An amount in the currency of the form: `in_minor_units` knows it once the form is cleaned."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off", "data-money": ""}
        kwargs.setdefault("widget", UnfoldAdminTextInputWidget(attrs))
        super().__init__(required=False, max_length=40, **kwargs)


def in_minor_units(text: str, *, currency: str) -> int | None:
    """What was typed into a `MoneyField`; None where nothing was.

    Raises:
        ValidationError
    """
    if not text:
        return None
    try:
        return parse_amount(text, currency=currency, language=language_in_use())
    except NoAmount:
        raise ValidationError(_("This is no amount of money.")) from None
    except TooManyDecimals:
        raise ValidationError(
            _("%(currency)s has fewer decimals."), params={"currency": currency}
        ) from None


class PercentField(forms.CharField):
    """A percentage, kept as it was typed but for the decimal comma."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off"}
        kwargs.setdefault("widget", UnfoldAdminTextInputWidget(attrs))
        super().__init__(required=False, max_length=10, **kwargs)

    def clean(self, value: Any) -> str:
        text = str(super().clean(value)).removesuffix("%").strip().replace(",", ".")
        if text and not _PERCENT.fullmatch(text):
            raise ValidationError(_("A percentage is above 0, up to 100, with 4 decimals at most."))
        return text


class CountField(forms.IntegerField):
    """A whole number from 1."""

    def __init__(self, *, max_value: int = 10**9, **kwargs: Any) -> None:
        widget = UnfoldAdminIntegerFieldWidget()
        super().__init__(required=False, min_value=1, max_value=max_value, widget=widget, **kwargs)


class NamesField(forms.CharField):
    """A list of names, one a line; a long list can be pasted."""

    def __init__(self, *, max_names: int = 1_000, are_ids: bool = False, **kwargs: Any) -> None:
        self.max_names = max_names
        self.are_ids = are_ids
        # It grows with what is in it, but not to fourteen thousand lines.
        widget = UnfoldAdminExpandableTextareaWidget({"style": "max-height: 14rem"})
        kwargs.setdefault("widget", widget)
        super().__init__(required=False, strip=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        lines = (line.strip() for line in str(super().clean(value)).splitlines())
        names = list(dict.fromkeys(line for line in lines if line))
        if len(names) > self.max_names:
            raise ValidationError(
                _("These are more than %(count)d names."), params={"count": self.max_names}
            )
        for name in names:
            if len(name) > 128 or (self.are_ids and not _SHOP_ID.fullmatch(name)):
                raise ValidationError(_("“%(name)s” cannot be."), params={"name": name[:140]})
        return names

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), (data or "").replace("\r", ""))


class RowsWidget(forms.Widget):
    """Rows of a small form; the page's script adds and removes them."""

    template_name = "promotions/admin/rows.html"

    def __init__(self, row: type[forms.Form], *, add: Any) -> None:
        super().__init__()
        self.add = add
        self.rows = forms.formset_factory(
            row,
            extra=0,
            can_delete=True,
            max_num=MAX_ROWS,
            absolute_max=MAX_ROWS,
            validate_max=True,
        )

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> BaseFormSet:
        return self.rows(data, prefix=name)

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return f"{name}-TOTAL_FORMS" not in data

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        rows = value if isinstance(value, BaseFormSet) else self.rows(initial=value, prefix=name)
        return {**super().get_context(name, None, attrs), "rows": rows, "add": self.add}


class RowsField(forms.Field):
    """A list of rows. Cleaned, it is the bound formset without what was removed: see `kept`."""

    widget: RowsWidget

    def __init__(self, row: type[forms.Form], *, add: Any, **kwargs: Any) -> None:
        super().__init__(required=False, widget=RowsWidget(row, add=add), **kwargs)

    def clean(self, value: BaseFormSet) -> BaseFormSet:
        if not value.is_valid():
            raise ValidationError(_("Please look at the rows below."))
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        if not isinstance(data, BaseFormSet):
            return False
        rows = self.widget.rows(data.data, prefix=data.prefix, initial=initial)
        return len(kept(data)) != len(initial or []) or rows.has_changed()


def kept(rows: BaseFormSet) -> Sequence[forms.Form]:
    """The rows that were filled in and not removed."""
    shown = rows.initial_form_count()
    return [
        row
        for number, row in enumerate(rows.forms)
        if (number < shown or row.has_changed()) and row not in rows.deleted_forms
    ]
