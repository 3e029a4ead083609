"""What things of the ledger are called on the staff's pages."""

from typing import Any

from django.utils.translation import gettext_lazy as _

#: Accounts of a wallet.
ACCOUNTS: dict[str, Any] = {
    "pending": _("pending"),
    "available": _("available to spend"),
    "held": _("held"),
    "debt": _("owed by the customer"),
}
#: What happened.
ENTRY_KINDS: dict[str, Any] = {
    "earn": _("earned"),
    "mature": _("became available"),
    "hold": _("put aside"),
    "release": _("given back"),
    "spend": _("spent on an order"),
    "take_back": _("taken back: the order came back"),
    "restore": _("given back: the order came back"),
    "expire": _("expired"),
    "adjust": _("by staff"),
    "submit": _("payout under way"),
    "pay": _("paid out"),
    "fail": _("payout failed"),
    "settle": _("paid by the partner"),
}
PAYOUT_STATES: dict[str, Any] = {
    "requested": _("waits for approval"),
    "approved": _("approved"),
    "submitted": _("under way"),
    "paid": _("paid"),
    "failed": _("failed"),
    "rejected": _("rejected"),
}
PAYOUT_COLOURS = {
    "requested": "warning",
    "approved": "info",
    "submitted": "info",
    "paid": "success",
    "failed": "danger",
    "rejected": "",
}
PURPOSES: dict[str, Any] = {"checkout": _("a checkout"), "payout": _("a payout")}
RULE_STATES: dict[str, Any] = {"active": _("active"), "archived": _("archived")}
