"""Codes as forms: one by one, and many at once."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminSelect2Widget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from common.forms.fields import CountField, InstantField
from common.forms.seen import SeenField, SeenForm
from customers.queries.segments import segment_by_reference
from promotions.actions.batches import BatchOrder, guess_odds
from promotions.actions.codes import CodeTerms
from promotions.domain.codes import DEFAULT_PATTERN, is_pattern, normalise
from promotions.domain.guessing import GuessOdds
from promotions.models import Code, CodeBatch
from promotions.queries.codes import is_taken


def _text(**attrs: Any) -> UnfoldAdminTextInputWidget:
    return UnfoldAdminTextInputWidget(attrs={"autocomplete": "off", **attrs})


class TermsForm(forms.ModelForm):
    """What of a code can be changed; an act writes it."""

    valid_from = InstantField(label=_("Valid from"))
    valid_until = InstantField(label=_("Valid until"))
    max_redemptions = CountField(
        label=_("Uses at most"),
        help_text=_(
            "Empty: as the promotion says, else 1 for personal codes and those of batches."
        ),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        begins, ends = cleaned.get("valid_from"), cleaned.get("valid_until")
        if begins and ends and ends <= begins:
            self.add_error("valid_until", _("The end must be after the start."))
        return cleaned

    def _post_clean(self) -> None:
        """The row is written by an act; the form has nothing to put into it."""

    @property
    def terms(self) -> CodeTerms:
        """Once cleaned: the code's terms, of which the untouched are kept to the microsecond."""
        return CodeTerms(
            status=self.cleaned_data.get("status") or Code.Status.ACTIVE.value,
            valid_from=self._kept("valid_from"),
            valid_until=self._kept("valid_until"),
            max_redemptions=self.cleaned_data["max_redemptions"],
        )

    def _kept(self, name: str) -> Any:
        return (
            self.cleaned_data[name] if name in self.changed_data else getattr(self.instance, name)
        )


class IssueCodeForm(TermsForm):
    """One new code."""

    given = forms.CharField(
        label=_("Code"),
        required=False,
        max_length=200,
        help_text=_("4-64 letters and digits. Empty: one is drawn by chance."),
        widget=_text(),
    )
    customer_id = forms.RegexField(
        r"^[A-Za-z0-9._:-]{1,128}\Z",
        label=_("Customer"),
        required=False,
        help_text=_("The shop's id of the customer: nobody else can use the code."),
        widget=_text(),
    )

    class Meta:
        model = Code
        fields = ("promotion",)
        labels = {"promotion": _("Promotion")}

    def clean_given(self) -> str:
        given: str = self.cleaned_data["given"]
        if given and normalise(given) is None:
            raise ValidationError(_("A code has 4-64 letters and digits."))
        if given and is_taken(given):
            raise ValidationError(_("This code exists already."))
        return given


class ChangeCodeForm(TermsForm, SeenForm):
    """A code that there is."""

    status = forms.ChoiceField(
        label=_("Status"), choices=Code.Status.choices, widget=UnfoldAdminSelectWidget()
    )
    seen = SeenField()

    class Meta:
        model = Code
        fields: tuple[str, ...] = ()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.tell_meanwhile()
        return cleaned

    def meanwhile(self, seen: int) -> Iterator[tuple[str, Any]]:
        """What is otherwise than it was typed: the four fields are all there is."""
        for name in self.changed_data:
            value = getattr(self.instance, name)
            yield name, "" if value is None else value


class MakeCodesForm(forms.ModelForm):
    """Many codes at once: for a segment's members, or a number of them."""

    #: Set by the admin.
    known_segments: tuple[tuple[str, str], ...] = ()
    now: datetime

    segment_id = forms.ChoiceField(
        label=_("For each member of"),
        required=False,
        help_text=_("One personal code each."),
        widget=UnfoldAdminSelect2Widget(),
    )
    count = CountField(
        label=_("Or so many for everybody"), max_value=1_000_000, help_text=_("Up to 1,000,000.")
    )
    pattern = forms.CharField(
        label=_("Pattern"),
        initial=DEFAULT_PATTERN,
        max_length=128,
        help_text=_("Each # becomes a letter or digit; at least 8 of them: TEA-########"),
        widget=_text(),
    )
    valid_days = CountField(label=_("Valid for so many days"), max_value=36_500)

    class Meta:
        model = CodeBatch
        fields = ("promotion",)
        labels = {"promotion": _("Promotion")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["segment_id"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [("", "–"), *self.known_segments]

    def clean_pattern(self) -> str:
        pattern: str = self.cleaned_data["pattern"].strip()
        if not is_pattern(pattern):
            raise ValidationError(_("A pattern has letters, digits, hyphens and at least 8 #."))
        return pattern

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        if bool(cleaned["segment_id"]) == bool(cleaned["count"]):
            self.add_error("count", _("Choose a segment or a number, one of them."))
        elif not (odds := self._odds(cleaned)).are_safe:
            told = {
                "live": number_format(odds.live_codes, force_grouping=True),
                "one_in": number_format(odds.one_in, force_grouping=True),
            }
            text = _(
                "With %(live)s live codes one guess in %(one_in)s would hit one; one in a million is "
                "the most. Put more # into the pattern."
            )
            self.add_error("pattern", ValidationError(text, params=told))
        return cleaned

    def _odds(self, cleaned: dict[str, Any]) -> GuessOdds:
        segment = segment_by_reference(cleaned["segment_id"]) if cleaned["segment_id"] else None
        count = segment.member_count if segment else cleaned["count"] or 0
        return guess_odds(pattern=cleaned["pattern"], count=count, now=self.now)

    def _post_clean(self) -> None:
        """The row is written by an act; the form has nothing to put into it."""

    @property
    def order(self) -> BatchOrder:
        """Once cleaned: what is asked for."""
        return BatchOrder(
            count=self.cleaned_data["count"],
            segment_id=self.cleaned_data["segment_id"] or None,
            pattern=self.cleaned_data["pattern"],
            valid_days=self.cleaned_data["valid_days"],
        )
