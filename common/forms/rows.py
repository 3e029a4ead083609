"""Rows of a small form inside a form, that can be added and removed."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import BaseFormSet
from django.utils.translation import gettext_lazy as _

MAX_ROWS = 50
SPARE_ROWS = 3
ROWS_REFUSED = _("Please look at the rows.")


class RowsWidget(forms.Widget):
    """Rows of a small form; the page's script adds and removes them.

    `shown` tells of fields of a row when they are shown: an expression over the fields of the page.
    """

    #: As it was sent; kept, so that what a later check adds to a row is shown in it.
    _bound: BaseFormSet | None = None

    def __init__(
        self,
        row: type[forms.Form],
        *,
        add: Any,
        shown: Mapping[str, str] | None = None,
        template: str = "staff/rows.html",
    ) -> None:
        super().__init__()
        self.row = row
        self.add = add
        self.shown = shown or {}
        self.template_name = template
        self.rows = forms.formset_factory(
            row,
            extra=0,
            can_delete=True,
            max_num=MAX_ROWS,
            absolute_max=MAX_ROWS,
            validate_max=True,
        )

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> BaseFormSet:
        if self._bound is None or self._bound.data is not data:
            self._bound = self.rows(data, prefix=name)
        return self._bound

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return f"{name}-TOTAL_FORMS" not in data

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        rows = value if isinstance(value, BaseFormSet) else self.rows(initial=value, prefix=name)
        context = super().get_context(name, None, attrs)
        return {
            **context,
            "rows": rows,
            "spare": self._spare(name, rows),
            "shown": self.shown,
            "words": {"add": self.add, "remove": _("Remove")},
            "locked": bool(attrs and attrs.get("disabled")),
        }

    def _spare(self, name: str, rows: BaseFormSet) -> dict[str, Any]:
        """Empty rows for those who have no script to add some, and how many rows there are then."""
        start = len(rows.forms)
        numbers = range(start, min(start + SPARE_ROWS, MAX_ROWS))
        made = [self.row(prefix=f"{name}-{number}") for number in numbers]
        return {"rows": made, "total": start + len(made)}


class RowsField(forms.Field):
    """A list of rows. Cleaned, it is the bound formset without what was removed: see `kept`; where it
    is disabled, what it had.
    """

    widget: RowsWidget

    def __init__(self, widget: RowsWidget, **kwargs: Any) -> None:
        super().__init__(required=False, widget=widget, **kwargs)

    def clean(self, value: Any) -> Any:
        if self.disabled:
            # What it had, not what was sent.
            return value
        if not value.is_valid():
            raise ValidationError(ROWS_REFUSED)
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
