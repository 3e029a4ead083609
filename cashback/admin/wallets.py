"""Wallets: who has how much, and the page of each with its statement. Nothing of the ledger is edited."""

import re
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from cashback.actions.statement import StatementEntry, statement
from cashback.admin import liability, proof
from cashback.admin.words import ACCOUNTS, ENTRY_KINDS, PURPOSES
from cashback.domain.balances import Balance
from cashback.models import Wallet
from cashback.queries.balances import balances
from cashback.queries.wallets import OpenHold, OpenLot, open_holds_of, open_lots_of, standing_of
from common.admin import ReadOnlyAdmin
from common.ids import public_id
from common.words import moment, money

_ON_A_PAGE = 50
#: An entry's place: its posting and its number in there.
_PLACE = re.compile(r"([0-9]{1,18})-([0-9]{1,18})")


@admin.register(Wallet)
class WalletAdmin(ReadOnlyAdmin):
    """Balances are told as they stand now, whether or not what is due has been booked."""

    list_display = ("holder", "money_of", "pending_now", "available_now", "held_now", "debt_now")
    list_display_links = ("holder",)
    list_select_related = ("customer",)
    search_fields = ("customer__reference__exact",)
    search_help_text = _("The whole customer id")
    ordering = ("-id",)

    def get_urls(self) -> list[URLPattern]:
        return [
            path(
                "liability/",
                self.admin_site.admin_view(self.show_liability),
                name="cashback_liability",
            ),
            path("proof/", self.admin_site.admin_view(self.show_proof), name="cashback_proof"),
            *super().get_urls(),
        ]

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """With how all rows stand now, read in one statement."""
        changelist = super().get_changelist_instance(request)
        rows = changelist.result_list
        standing = standing_of([row.pk for row in rows], at=timezone.now())
        for row in rows:
            row.standing = standing[row.pk]
        return changelist

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The wallet, with the entries of its statement from `after` on."""
        if not self.has_view_permission(request) or request.method not in {"GET", "HEAD"}:
            raise PermissionDenied
        wallet: Wallet = self.row(request, object_id)
        now = timezone.now()
        place = _PLACE.fullmatch(request.GET.get("after", ""))
        entries = statement(
            customer_key=wallet.customer_id,
            currency=wallet.currency,
            after=(int(place[1]), int(place[2])) if place else None,
            limit=_ON_A_PAGE + 1,
            now=now,
        )
        told = balances(customer_key=wallet.customer_id, at=now)
        balance = next(each for each in told if each.currency == wallet.currency)
        title = gettext("Cashback of %(customer)s") % {"customer": wallet.customer.reference}
        context = {
            **self.admin_site.each_context(request),
            "title": f"{title} ({wallet.currency})",
            "content_title": f"{title} ({wallet.currency})",
            "links": _links(request, wallet),
            "figures": _figures(balance),
            "expiring": [
                (moment(part.expires_at), money(part.amount, wallet.currency))
                for part in balance.expiring
            ],
            "entries": [_entry(row) for row in entries[:_ON_A_PAGE]],
            "older_url": _place(entries[_ON_A_PAGE - 1]) if len(entries) > _ON_A_PAGE else "",
            "is_newest": place is None,
            "lots": [_lot(lot, wallet.currency) for lot in open_lots_of(wallet.pk)],
            "holds": [_hold(hold, wallet.currency) for hold in open_holds_of(wallet.pk)],
            "words": _words(),
        }
        return render(request, "cashback/admin/wallet.html", context)

    def show_liability(self, request: HttpRequest) -> HttpResponse:
        """What the shop owes all of its customers."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = self.admin_site.each_context(request) | liability.context_of(request)
        return render(request, "cashback/admin/liability.html", context)

    def show_proof(self, request: HttpRequest) -> HttpResponse:
        """Whether the books add up: by GET what was found last, by POST a new look."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return proof.ask_for_it(request)
        context = self.admin_site.each_context(request) | proof.context_of()
        return render(request, "cashback/admin/proof.html", context)

    @display(description=_("Customer"))
    def holder(self, obj: Wallet) -> str:
        return obj.customer.reference

    @display(description=_("Currency"))
    def money_of(self, obj: Wallet) -> str:
        return obj.currency

    @display(description=_("Pending"))
    def pending_now(self, obj: Any) -> str:
        return money(obj.standing.pending, obj.currency)

    @display(description=_("Available to spend"))
    def available_now(self, obj: Any) -> str:
        return money(obj.standing.available, obj.currency)

    @display(description=_("Put aside"))
    def held_now(self, obj: Any) -> str:
        return money(obj.standing.held, obj.currency)

    @display(description=_("Owed by the customer"))
    def debt_now(self, obj: Any) -> str:
        return money(obj.standing.debt, obj.currency)


def _links(request: HttpRequest, wallet: Wallet) -> list[tuple[str, str]]:
    """To what belongs to it, for whoever may look at that."""
    reference = wallet.customer.reference
    adjust = reverse("admin:cashback_adjustment_add")
    found = [
        (
            "customers.view_customer",
            gettext("The customer"),
            reverse("admin:customers_customer_change", args=[wallet.customer_id]),
        ),
        (
            "cashback.view_payout",
            gettext("Payouts"),
            f"{reverse('admin:cashback_payout_changelist')}?q={reference}",
        ),
        (
            "cashback.add_adjustment",
            gettext("Give or take cashback"),
            f"{adjust}?customer_id={reference}&currency={wallet.currency}",
        ),
    ]
    return [(text, url) for right, text, url in found if request.user.has_perm(right)]


def _figures(balance: Balance) -> list[tuple[str, str, str]]:
    def told(amount: int) -> str:
        return money(amount, balance.currency)

    return [
        (gettext("Available to spend"), told(balance.available), gettext("may be spent now")),
        (gettext("Pending"), told(balance.pending), gettext("earned, and still to wait for")),
        (
            gettext("Put aside"),
            told(balance.held),
            gettext("by a checkout or a payout that is under way"),
        ),
        (
            gettext("Owed by the customer"),
            told(balance.debt),
            gettext("comes off what is earned next"),
        ),
    ]


def _entry(row: StatementEntry) -> dict[str, str]:
    entry = row.entry
    sources = [name for name in (entry.order_id, entry.rule_id, entry.promotion_id) if name]
    sign = "+" if entry.amount > 0 else ""
    return {
        "at": moment(entry.at),
        "what": str(ENTRY_KINDS[entry.kind]),
        "reason": entry.reason or "",
        "source": " · ".join(sources) or "–",
        "account": str(ACCOUNTS[entry.account]),
        "amount": sign + money(entry.amount, row.currency),
        "after": money(entry.balance_after, row.currency),
        "expires": moment(entry.expires_at),
    }


def _place(row: StatementEntry) -> str:
    return f"?after={row.entry.posting_key}-{row.entry.place}"


def _lot(lot: OpenLot, currency: str) -> tuple[str, ...]:
    sources = [name for name in (lot.order_id, lot.rule_id, lot.promotion_id) if name]
    return (
        " · ".join(sources) or str(ENTRY_KINDS[lot.kind]),
        str(ACCOUNTS[lot.account]),
        moment(lot.available_at),
        moment(lot.expires_at),
        money(lot.remaining, currency),
        money(lot.amount, currency),
    )


def _hold(hold: OpenHold, currency: str) -> tuple[str, ...]:
    prefix = "pay" if hold.purpose == "payout" else "rsv"
    return (
        str(PURPOSES[hold.purpose]),
        public_id(prefix, hold.reference),
        moment(hold.at),
        gettext("with the bank or provider") if hold.is_in_clearing else moment(hold.expires_at),
        money(hold.amount, currency),
    )


def _words() -> dict[str, str]:
    return {
        "statement": gettext("Statement"),
        "at": gettext("When"),
        "what": gettext("What"),
        "source": gettext("Order, rule, promotion"),
        "account": gettext("Account"),
        "amount": gettext("Amount"),
        "after": gettext("Balance then"),
        "expires": gettext("Expires"),
        "newest": gettext("The newest"),
        "older": gettext("Older"),
        "nothing": gettext("Nothing is booked."),
        "lots": gettext("What is left of what came in"),
        "from": gettext("Source"),
        "available_at": gettext("May be spent from"),
        "left": gettext("Left"),
        "of": gettext("Originally"),
        "holds": gettext("Put aside"),
        "purpose": gettext("For"),
        "id": gettext("Id"),
        "until": gettext("Until"),
        "expiring": gettext("What expires"),
    }
