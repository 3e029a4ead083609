"""Whoever was overtaken keeps what was typed, and is told what was changed meanwhile."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import formats, timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext

from common.answers import etag_of, revision_of

_NAMES_TOLD = 5


class SeenField(forms.CharField):
    """What was shown, so that nobody unknowingly overwrites what somebody else has changed."""

    def __init__(self) -> None:
        super().__init__(required=False, widget=forms.HiddenInput())

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class SeenForm(forms.ModelForm):
    """The form of a row that others may change while the page is open. Its class has a `seen`."""

    @property
    def current(self) -> str:
        """The ETag of the row as it is now; empty for a new one."""
        return etag_of(self.instance.pk, self.instance.revision) if self.instance.pk else ""

    @property
    def seen_revision(self) -> int | None:
        """The revision that was shown, where that is another one than now."""
        seen = self.data.get("seen") or ""
        return None if seen == self.current else revision_of(seen, self.instance.pk)

    def meanwhile(self, seen: int) -> Iterator[tuple[str, Any]]:
        """Fields that were changed since that revision, with what they are now; None: not told."""
        raise NotImplementedError

    def tell_meanwhile(self) -> None:
        """Make it an error that the row was changed; the page then goes by what it is now."""
        if (seen := self.seen_revision) is None:
            return
        changed = [
            (self.fields[name].label, "" if value is None else f": {self._told(name, value)}")
            for name, value in self.meanwhile(seen)
        ]
        text = format_html(
            '{}<ul class="list-disc ml-5 my-1">{}</ul>{}',
            gettext("It has been changed meanwhile."),
            format_html_join("", "<li>{}{}</li>", changed),
            gettext("What you typed stands below: saving again puts it over that."),
        )
        self.add_error(None, ValidationError(text, code="overtaken"))

    def _told(self, name: str, value: Any) -> str:
        """A value of a field as one says it in a line."""
        field = self.fields[name]
        if value in ("", []):
            return gettext("empty")
        if isinstance(value, bool):
            return gettext("yes") if value else gettext("no")
        if isinstance(value, datetime):
            return formats.date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
        if isinstance(value, list):
            more = " …" if len(value) > _NAMES_TOLD else ""
            return ", ".join(map(str, value[:_NAMES_TOLD])) + more
        if isinstance(field, forms.ChoiceField):
            choices: Any = field.choices
            return str(dict(choices).get(value, value))
        return str(value)
