"""Narrowing lists down."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RadioFilter

from cashback.admin.words import PAYOUT_STATES, RULE_STATES


class _StatusFilter(RadioFilter):
    """Of one status, by a column of this name."""

    title = _("status")
    parameter_name = "status"
    states: dict[str, Any]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(self.states.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        status = self.value()
        return queryset.filter(status=status) if status in self.states else queryset


class PayoutStateFilter(_StatusFilter):
    """Payouts of one state."""

    states = PAYOUT_STATES


class RuleStatusFilter(_StatusFilter):
    """Rules of one status, whatever their schedule says."""

    states = RULE_STATES
