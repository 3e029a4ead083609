"""Where a test goes, and as whom a letter is looked at."""

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms.fields import choice, text_input
from common.money import Language


class TestMailForm(forms.Form):
    """One address."""

    to = forms.EmailField(
        label=_("To"), max_length=254, widget=text_input(type="email", autocomplete="email")
    )
    language = choice(_("Language"), [("de", _("German")), ("en", _("English"))])

    @property
    def chosen(self) -> Language:
        """Once valid."""
        return "de" if self.cleaned_data["language"] == "de" else "en"
