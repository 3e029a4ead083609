"""A segment as a form: its rule is built, not written."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from common.api.problems import told
from common.errors import FieldError, ValidationFailed
from common.forms.fields import LineField, text_input
from common.forms.seen import SeenField, SeenForm
from common.words import language_in_use
from customers.actions.segments import check_references
from customers.domain.rule_words import rule_sentence
from customers.domain.rules import Rule, leaves_of
from customers.forms.rule_fields import builder_words, described_fields, place_in
from customers.models import Segment
from customers.queries.fields.registry import naming_of
from customers.queries.memberships import plans_named, plans_page
from customers.queries.rules import read_rule
from customers.queries.segment_book import read_segments
from customers.queries.segments import segment_by_reference, segments_named, segments_page

#: So many plans and segments may be chosen from; others can be named by the API.
_MOST_CHOICES = 500
Names = Mapping[str, Mapping[str, str]]


class RuleWidget(forms.Textarea):
    """The builder. Without scripts it is the rule as the API takes it."""

    template_name = "customers/admin/rule.html"
    count_url = ""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        language = language_in_use()
        context["widget"] |= {
            "count_url": self.count_url,
            "fields": described_fields(language=language, known=known_choices()),
            "words": builder_words(language),
            "without_scripts": _("Without scripts the rule is written as the API takes it."),
        }
        return context


class RuleField(forms.CharField):
    """A rule in JSON, as the builder sends it."""

    widget = RuleWidget

    def prepare_value(self, value: Any) -> Any:
        if value is None or isinstance(value, str):
            return value
        return msgspec.json.encode(value).decode()

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        try:
            return msgspec.json.decode(text) if text else None
        except (msgspec.DecodeError, RecursionError):
            raise ValidationError(_("This is no rule.")) from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.prepare_value(initial) != data)


class SegmentForm(SeenForm):
    """Nothing of it is saved by the form: the same act as the API's does that.

    Of a static segment only the name is changed here: its list comes by the API.
    """

    segment_id = forms.RegexField(
        r"^[A-Za-z0-9._:-]{1,128}\Z",
        label=_("Id"),
        help_text=_("For the shop: letters, digits and ._:- ; it stays as it is."),
        widget=text_input(),
    )
    name = LineField(label=_("Name"), required=True, max_length=255)
    rule = RuleField(label=_("Who is in it"))
    seen = SeenField()

    class Meta:
        model = Segment
        fields: Sequence[str] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        segment: Segment | None = kwargs.get("instance")
        if segment is not None and segment.pk is not None:
            kwargs["initial"] = {"name": segment.name, "rule": segment.rule}
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            del self.fields["segment_id"]
            if self.instance.kind == Segment.Kind.STATIC:
                del self.fields["rule"]

    def clean_segment_id(self) -> str:
        segment_id: str = self.cleaned_data["segment_id"]
        if segment_by_reference(segment_id) is not None:
            raise ValidationError(_("This id is taken."))
        return segment_id

    def clean_rule(self) -> Any:
        rule = self.cleaned_data["rule"]
        if problems := rule_problems(rule, reference=self.instance.reference or None):
            told = [f"{problem['condition']}{problem['detail']}" for problem in problems]
            raise ValidationError(list(dict.fromkeys(told)))
        return rule

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.tell_meanwhile()
        return dict(cleaned)

    def meanwhile(self, seen: int) -> Iterator[tuple[str, Any]]:
        """That it was changed; what it was before, nobody knows here."""
        yield "name", self.instance.name

    def _post_clean(self) -> None:
        """The row is written by an act; the form has nothing to put into it."""


def rule_problems(rule: Any, *, reference: str | None) -> list[dict[str, str]]:
    """What is wrong with a rule: where, in words of the page's language, and of which condition."""
    try:
        check_references(read_rule(rule), reference=reference, book=read_segments())
    except ValidationFailed as refused:
        return [_problem(rule, error) for error in told(refused.errors)]
    return []


def _problem(rule: Any, error: FieldError) -> dict[str, str]:
    condition, option = place_in(rule, error.pointer, language_in_use())
    return {
        "pointer": error.pointer,
        "detail": f"{option}{error.detail}",
        "condition": condition,
    }


def sentence_of(rule: Any, *, names: Names | None = None) -> str:
    """A sound rule in words, with the `names` of what it names where they are known already."""
    read = read_rule(rule)
    known = names_in([read]) if names is None else names
    return rule_sentence(read, naming_of=naming_of, names=known, language=language_in_use())


def names_in(rules: Iterable[Rule]) -> Names:
    """What the segments and plans that the rules name are called; by field, by id."""
    language = language_in_use()
    ids: dict[str, set[str]] = {"segment": set(), "membership": set()}
    for leaf in (leaf for rule in rules for leaf in leaves_of(rule)):
        if leaf.field in ids:
            ids[leaf.field].update(leaf.value)
    plans = plans_named(ids["membership"])
    return {
        "segment": {row.reference: row.name for row in segments_named(ids["segment"])},
        "membership": {row.reference: row.name.get(language, "") for row in plans},
    }


def known_choices() -> Mapping[str, Sequence[tuple[str, str]]]:
    """What can be chosen of fields whose values are rows."""
    language = language_in_use()
    segments = segments_page(after=None, limit=_MOST_CHOICES)[:_MOST_CHOICES]
    plans = plans_page(after=None, limit=_MOST_CHOICES)[:_MOST_CHOICES]
    return {
        "segment": [(row.reference, row.name or row.reference) for row in segments],
        "membership": [(row.reference, row.name.get(language) or row.reference) for row in plans],
    }
