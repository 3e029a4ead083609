"""What campaigns are chosen from."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.forms.schedule import time_zones
from customers.forms.choices import with_unknown
from promotions.queries.definitions import promotions_after

_MOST_PROMOTIONS = 1_000

TRIGGERS: tuple[tuple[str, Any], ...] = (
    ("once", _("once, at a moment")),
    ("recurring", _("again and again, by a rule")),
    ("birthday", _("birthday")),
    ("anniversary", _("day of registration, each year")),
    ("inactive", _("so many days without an order")),
    ("order", _("an order comes to a status")),
    ("event", _("the shop tells an event")),
    ("segment_entered", _("somebody comes into a segment")),
    ("code_expiring", _("a code is about to expire")),
    ("cashback_available", _("cashback can be spent")),
    ("cashback_expiring", _("cashback is about to expire")),
    ("membership_ending", _("a membership is about to end")),
)
#: Those of whose day a campaign may be ahead, and those with a time of day.
AHEAD = (
    "birthday", "anniversary", "code_expiring", "cashback_expiring", "membership_ending",
)  # fmt: skip
AT_A_TIME = ("recurring", "inactive", *AHEAD)

ORDER_STATUSES: tuple[tuple[str, Any], ...] = (
    ("placed", _("placed")),
    ("paid", _("paid")),
    ("shipped", _("on its way")),
    ("delivered", _("delivered")),
    ("cancelled", _("cancelled")),
)


def promotion_choices(chosen: str | None = None) -> list[tuple[str, Any]]:
    """Active promotions that are not over, and the chosen one; of those without codes it is said."""
    found = promotions_after(None, status="active", limit=_MOST_PROMOTIONS)
    now = timezone.localtime()
    known = [
        (row.reference, _named(row)) for row in found if row.ends_at is None or row.ends_at > now
    ]
    return [("", _("none")), *with_unknown(known, {chosen} if chosen else ())]


def zone_choices(chosen: str) -> list[tuple[str, Any]]:
    """By the customer's own clock, or one for all."""
    others = time_zones("" if chosen == "customer" else chosen)[1:]
    return [("customer", _("each customer's own")), *others]


def _named(promotion: Any) -> str:
    named = f"{promotion.name} ({promotion.reference})"
    if promotion.activation == "automatic":
        return gettext("%(promotion)s, which needs no code") % {"promotion": named}
    return named
