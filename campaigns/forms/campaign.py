"""The campaign as a form: every field of the contract in its own place, none of them JSON."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminExpandableTextareaWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelect2MultipleWidget,
    UnfoldAdminSelect2Widget,
)

from campaigns.domain.definition import CampaignDefinition
from campaigns.forms.campaign_shape import definition_from, initial_of, place_errors
from campaigns.forms.choices import ORDER_STATUSES, TRIGGERS, promotion_choices, zone_choices
from campaigns.forms.variants import variants_field
from campaigns.models import Campaign
from campaigns.queries.campaigns import campaign_by_id, definition_at
from common.errors import ValidationFailed
from common.forms.fields import (
    CountField,
    InstantField,
    LineField,
    NamesField,
    PercentOrNoneField,
    SegmentsField,
    TextField,
    choice,
    text_input,
)
from common.forms.long_select import LongSelect
from common.forms.seen import SeenField, SeenForm
from customers.forms.choices import with_unknown

Choices = tuple[tuple[str, str], ...]
#: Entries of a list in the contract.
MOST_PLACES = 100
_SUBJECT_ELSEWHERE = _(
    "Of a push, and of a note on the site, it is the title; a text message has none."
)
_CLOCK = r"^([01][0-9]|2[0-3]):[0-5][0-9]\Z"


def _clock(label: Any, **kwargs: Any) -> forms.RegexField:
    return forms.RegexField(
        _CLOCK, label=label, required=False, widget=text_input(type="time"), **kwargs
    )


def _whole(label: Any, *, least: int, most: int, **kwargs: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=least,
        max_value=most,
        widget=UnfoldAdminIntegerFieldWidget(),
        **kwargs,
    )


def _segments(label: Any, **kwargs: Any) -> SegmentsField:
    return SegmentsField(
        label=label, required=False, widget=UnfoldAdminSelect2MultipleWidget(), **kwargs
    )


def _letter(label: Any, language: str) -> TextField:
    widget = UnfoldAdminExpandableTextareaWidget(
        {"rows": 18, "lang": language, "class": "letter-body", "spellcheck": "true"}
    )
    return TextField(label=label, max_length=50_000, widget=widget)


class CampaignForm(SeenForm):
    """Nothing of it is saved by the form: `definition` goes through the same act as the API's."""

    campaign_id = forms.RegexField(
        r"^[A-Za-z0-9._:-]{1,128}\Z",
        label=_("Id"),
        help_text=_("For the shop: letters, digits and ._:- ; it stays as it is."),
        widget=text_input(),
    )
    name = LineField(label=_("Name"), required=True, max_length=255, help_text=_("For staff only."))
    purpose = choice(
        _("Purpose"),
        [
            ("marketing", _("marketing: only to those who have agreed")),
            ("transactional", _("news of an order or contract: without any advertising")),
        ],
    )
    channel = choice(_("Channel"), Campaign.Channel.choices)
    slot = LineField(label=_("Place on the site"), max_length=128)
    pages = NamesField(
        label=_("On these pages"),
        max_names=MOST_PLACES,
        help_text=_(
            "One a line, as the site names them; /tea/* is all that begin so. Empty: on all."
        ),
    )
    queries = NamesField(
        label=_("To who searches for"), max_names=MOST_PLACES, help_text=_("One a line.")
    )
    categories = NamesField(
        label=_("In these categories"), max_names=MOST_PLACES, help_text=_("One a line.")
    )
    max_views = CountField(
        label=_("Shown to one customer so often at most"),
        max_value=10_000,
        help_text=_("Empty: without end."),
    )

    segments = _segments(_("To members of"), help_text=_("Empty: to everybody."))
    exclude_segments = _segments(_("but not to members of"))
    promotion_id = forms.ChoiceField(
        label=_("Promotion"),
        required=False,
        help_text=_("Each recipient gets a personal code of it."),
        widget=UnfoldAdminSelect2Widget(),
    )
    code_valid_days = CountField(
        label=_("Days that the code is valid"),
        max_value=3650,
        help_text=_("Empty: as long as the promotion."),
    )
    holdout_percent = PercentOrNoneField(
        label=_("Held out, in percent"),
        help_text=_("They get nothing, so that the effect can be told."),
    )

    trigger_kind = choice(_("What sets it off"), TRIGGERS)
    at = InstantField(label=_("At"))
    rrule = LineField(
        label=_("Rule"),
        max_length=500,
        help_text=_(
            "FREQ=WEEKLY;BYDAY=MO is each Monday, FREQ=MONTHLY;BYMONTHDAY=1 the first of each month."
        ),
    )
    days_before = _whole(_("Days before"), least=0, most=365, help_text=_("0: on the day itself."))
    days = _whole(_("Days without an order"), least=1, most=3650)
    order_status = choice(_("Status of the order"), ORDER_STATUSES, required=False)
    event_name = LineField(
        label=_("Name of the event"), max_length=128, help_text=_("As the shop tells it.")
    )
    delay_minutes = _whole(
        _("Minutes later"), least=0, most=366 * 24 * 60, help_text=_("1440 are a day.")
    )
    entered_segment = forms.ChoiceField(
        label=_("Segment"), required=False, widget=UnfoldAdminSelect2Widget()
    )
    local_time = _clock(_("Time of day"))
    timezone = forms.ChoiceField(label=_("By which clock"), required=False, widget=LongSelect())

    subject_de = LineField(
        label=_("Subject in German"), max_length=200, help_text=_SUBJECT_ELSEWHERE
    )
    body_de = _letter(_("Letter in German"), "de")
    subject_en = LineField(
        label=_("Subject in English"), max_length=200, help_text=_SUBJECT_ELSEWHERE
    )
    body_en = _letter(_("Letter in English"), "en")

    variants = variants_field()

    quiet_from = _clock(_("Nobody is disturbed from"))
    quiet_until = _clock(_("until"))
    expires_after_hours = CountField(
        label=_("Not sent any more after so many hours"),
        max_value=8760,
        help_text=_("Empty: it is sent however late."),
    )
    priority = _whole(
        _("Priority"),
        least=-1_000_000,
        most=1_000_000,
        help_text=_("The higher goes first where several are due."),
    )
    seen = SeenField()

    class Meta:
        model = Campaign
        fields: tuple[str, ...] = ()

    #: Set by the admin: ids of the segments that there are.
    known_segments: Choices = ()
    #: Set by the admin: what is edited; None for a new campaign.
    original: CampaignDefinition | None = None
    #: Set by the admin: whether more than the name may be changed.
    is_open = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        initial = initial_of(self.original)
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        self.definition: CampaignDefinition | None = None
        if self.instance.pk is not None:
            del self.fields["campaign_id"]
        entered = initial.get("entered_segment")
        named = {*initial["segments"], *initial["exclude_segments"], *({entered} - {None})}
        known = with_unknown(self.known_segments, named)
        for name in ("segments", "exclude_segments"):
            self._choose(name, known)
        self._choose("entered_segment", [("", "–"), *known])
        self._choose("promotion_id", promotion_choices(initial["promotion_id"]))
        self._choose("timezone", zone_choices(initial["timezone"]))
        if not self.is_open:
            for name, field in self.fields.items():
                field.disabled = name not in {"name", "seen"}

    def clean_campaign_id(self) -> str:
        campaign_id: str = self.cleaned_data["campaign_id"]
        if campaign_by_id(campaign_id) is not None:
            raise ValidationError(_("This id is taken."))
        return campaign_id

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        try:
            self.definition = definition_from(self, original=self.original)
        except ValidationFailed as refused:
            place_errors(self, refused.errors)
        self.tell_meanwhile()
        return cleaned

    def meanwhile(self, seen: int) -> Iterator[tuple[str, Any]]:
        """By the audit trail; letters are named, not told."""
        now, before = initial_of(self.original), initial_of(definition_at(self.instance, seen))
        for name in self.fields:
            if now.get(name) != before.get(name):
                is_long = name == "variants" or name.startswith("body_")
                yield name, None if is_long else now.get(name)

    @property
    def sound_definition(self) -> CampaignDefinition:
        """Once valid: what the form says."""
        assert self.definition is not None
        return self.definition

    def _post_clean(self) -> None:
        """The row is written by an act; the form has nothing to put into it."""

    def _choose(self, name: str, choices: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
