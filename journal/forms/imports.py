"""A file of rows as a form."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldBooleanSwitchWidget

from common.api.files import MAX_FILE_BYTES
from common.api.german import in_german
from common.errors import DomainError
from common.row_files import read_pieces
from common.words import language_in_use


class ImportForm(forms.ModelForm):
    """Which file is checked or taken in. Its class says the file's columns."""

    columns: ClassVar[Sequence[str]]
    max_rows: ClassVar[int | None] = None
    #: What is easily got wrong in its cells.
    warns: ClassVar[Any] = ""
    said: ClassVar[Any] = _("CSV in UTF-8, at most 1,000,000 rows. Its first line: {columns}")

    file = forms.FileField(
        label=_("File"), widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".csv,text/csv"})
    )
    is_dry_run = forms.BooleanField(
        label=_("Only check"),
        required=False,
        initial=True,
        help_text=_("Reports every row that is not right and imports nothing."),
        widget=UnfoldBooleanSwitchWidget(),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            said = format_lazy(self.said, columns=", ".join(self.columns))
            told = format_lazy("{}. {}", said, self.warns) if self.warns else said
            self.fields["file"].help_text = told

    def clean_file(self) -> UploadedFile:
        """Read once to its end: what is wrong with the whole of it is said at once."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MAX_FILE_BYTES:
            raise ValidationError(_("A file has at most 256 MB."))
        try:
            for _piece in read_pieces(file, columns=self.columns, max_rows=self.max_rows):
                pass
        except DomainError as refusal:
            raise ValidationError(_told(refusal)) from None
        file.seek(0)
        return file

    def _post_clean(self) -> None:
        """The row is written by an act; the form has nothing to put into it."""


def told_in_page_language(sentence: str) -> str:
    """What the API says, in the language of the page."""
    return in_german(sentence) if language_in_use() == "de" else sentence


def _told(refusal: DomainError) -> Any:
    told = told_in_page_language(refusal.errors[0].detail if refusal.errors else refusal.detail)
    if not refusal.errors:
        return told
    line = refusal.errors[0].pointer.removeprefix("/")
    return _("Line %(line)s: %(what)s") % {"line": line, "what": told}
