"""A webhook endpoint as a form, and the period of a replay."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSplitDateTimeWidget,
    UnfoldAdminTextInputWidget,
)

from common.answers import etag_of
from common.api.paths import new_id_in_path
from common.api.problems import language, told
from common.errors import DomainError
from journal.actions.endpoints import check_receiver
from journal.domain.event_types import EVENT_TYPES, EventType
from journal.models import WebhookEndpoint
from journal.queries import endpoint_by_reference


def event_choices() -> list[tuple[str, str]]:
    """Each type of event with what it says, in the language of the page."""
    is_german = language() == "de"
    return [
        (name, _marked(f"{event.de if is_german else event.en} ({name})", event))
        for name, event in EVENT_TYPES.items()
    ]


def _marked(told: str, event: EventType) -> str:
    return told if event.example else f"{told} – {_('not sent yet')}"


class EndpointForm(forms.ModelForm):
    """Where which events go. `put_endpoint` writes it, as for the API."""

    endpoint_id = forms.CharField(
        label=_("Id"),
        widget=UnfoldAdminTextInputWidget({"autocomplete": "off"}),
        help_text=_("1-128 of letters, digits and ._:- that the endpoint is called by."),
    )
    url = forms.CharField(
        label=_("Address"),
        widget=UnfoldAdminTextInputWidget({"autocomplete": "off", "inputmode": "url"}),
        help_text=_("https, and open to the Internet. Redirects are not followed."),
    )
    event_types = forms.MultipleChoiceField(
        label=_("Events"),
        choices=event_choices,
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
    )
    seen = forms.CharField(label="", required=False, widget=forms.HiddenInput())

    class Meta:
        model = WebhookEndpoint
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            # A declared field stays in the form, whatever the page shows.
            del self.fields["endpoint_id"]
            self.initial["seen"] = etag_of(self.instance.pk, self.instance.revision)

    def clean_endpoint_id(self) -> str:
        endpoint_id: str = self.cleaned_data["endpoint_id"]
        _or_refuse(lambda: new_id_in_path("endpoint_id", endpoint_id))
        if endpoint_by_reference(endpoint_id) is not None:
            raise ValidationError(_("There is one with this id."))
        return endpoint_id

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        if url != self.instance.url:
            _or_refuse(lambda: check_receiver(url))
        return url

    def clean_seen(self) -> str:
        """Whoever was overtaken keeps what was typed, and overwrites nothing unknowingly."""
        seen: str = self.cleaned_data["seen"]
        if self.instance.pk and seen != etag_of(self.instance.pk, self.instance.revision):
            raise ValidationError(_("It was changed meanwhile. Please open the page again."))
        return seen

    def _post_clean(self) -> None:
        """The row is written by an act; the form has nothing to put into it."""


class ReplayForm(forms.Form):
    """A period, whose events are sent again."""

    since = forms.SplitDateTimeField(label=_("From"), widget=UnfoldAdminSplitDateTimeWidget())
    until = forms.SplitDateTimeField(
        label=_("Until (not included)"), widget=UnfoldAdminSplitDateTimeWidget()
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        since: datetime | None = cleaned.get("since")
        until: datetime | None = cleaned.get("until")
        if since and until and until <= since:
            raise ValidationError({"until": _("The end must be after the start.")})
        return cleaned


def _or_refuse(check: Any) -> None:
    try:
        check()
    except DomainError as refusal:
        raise ValidationError([error.detail for error in told(refusal.errors)]) from None
