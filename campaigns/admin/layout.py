"""Where each field of a campaign stands on its page."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from campaigns.forms.campaign_shape import TRIGGER_FIELDS
from campaigns.forms.choices import AT_A_TIME


def _kinds(kinds: tuple[str, ...]) -> str:
    return " || ".join(f"trigger_kind == '{kind}'" for kind in kinds)


#: Expressions over the fields of the page: where each holds, the field is shown.
CONDITIONAL_FIELDS = {
    **{name: _kinds(kinds) for name, (_member, kinds) in TRIGGER_FIELDS.items()},
    "timezone": _kinds(AT_A_TIME),
    **dict.fromkeys(
        ("slot", "pages", "queries", "categories", "max_views"), "channel == 'placement'"
    ),
}


def fieldsets(*, id_field: str) -> list[tuple[Any, dict[str, Any]]]:
    """Who, when and what first, the rest behind tabs; two fields of a tuple share a line."""
    return [
        (None, {"fields": [("name", id_field), ("purpose", "channel"), ("slot", "max_views"), ("pages", "queries"), "categories"]}),
        (_("For whom"), {"fields": [("segments", "exclude_segments"), "holdout_percent"]}),
        (
            _("When"),
            {
                "fields": [
                    "trigger_kind", "at", "rrule", "days_before", "days", "order_status", "event_name",
                    "entered_segment", "delay_minutes", ("local_time", "timezone"),
                ]
            },
        ),
        (_("With a code"), {"fields": [("promotion_id", "code_valid_days")]}),
        (_("In German"), {"classes": ["tab"], "fields": ["subject_de", "body_de"]}),
        (_("In English"), {"classes": ["tab"], "fields": ["subject_en", "body_en"]}),
        (_("Variants"), {"classes": ["tab"], "fields": ["variants"]}),
        (
            _("Consideration"),
            {
                "classes": ["tab"],
                "fields": [("quiet_from", "quiet_until"), "expires_after_hours", "priority"],
            },
        ),
    ]  # fmt: skip
