"""What stands in the sidebar of the staff's pages."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from journal.queries import failing_endpoints


def pages(request: HttpRequest) -> list[dict[str, Any]]:
    """The pages that this member of staff may look at, in groups."""
    groups = [
        (
            _("Promotions"),
            [
                _page(_("Promotions"), "sell", "promotions", "promotion"),
                _page(_("Codes"), "confirmation_number", "promotions", "code"),
                _page(_("Code batches"), "library_add", "promotions", "codebatch"),
                _page(_("Code imports"), "upload_file", "promotions", "codeimport"),
                _page(_("Redemptions"), "receipt_long", "checkout", "redemption"),
                _page(_("Why refused?"), "contact_support", "checkout", "decision"),
            ],
        ),
        (
            _("Shop"),
            [
                _page(_("Products"), "inventory_2", "catalog", "product"),
                _page(_("Product imports"), "upload_file", "catalog", "productimport"),
                _page(_("Customers"), "group", "customers", "customer"),
                _page(_("Customer imports"), "upload_file", "customers", "customerimport"),
                _page(_("Events"), "history", "customers", "event"),
                _page(_("Orders"), "shopping_bag", "customers", "order"),
                _page(_("Order imports"), "upload_file", "customers", "orderimport"),
                _page(_("Membership plans"), "card_membership", "customers", "membershipplan"),
                _page(_("Memberships"), "badge", "customers", "membership"),
                _page(_("Segments"), "groups", "customers", "segment"),
            ],
        ),
        (
            _("Campaigns"),
            [
                _page(_("Campaigns"), "campaign", "campaigns", "campaign"),
                _page(_("Deliveries"), "mail", "campaigns", "delivery"),
                _view(
                    _("Calendar"),
                    "calendar_month",
                    "campaigns_campaign_calendar",
                    "campaigns.view_campaign",
                ),
                _view(
                    _("Why did they get nothing?"),
                    "contact_support",
                    "campaigns_campaign_silence",
                    "campaigns.view_campaign",
                    "customers.view_customer",
                ),
            ],
        ),
        (
            _("Cashback"),
            [
                _page(_("Cashback rules"), "percent", "cashback", "rule"),
                _page(_("Partners"), "handshake", "cashback", "partner"),
                _page(_("Settlements"), "payments", "cashback", "settlement"),
                _page(_("Wallets"), "wallet", "cashback", "wallet"),
                _page(_("Adjustments"), "tune", "cashback", "adjustment"),
                _page(_("Payouts"), "send_money", "cashback", "payout"),
                _page(_("Files for the bank"), "account_balance", "cashback", "sepafile"),
                _view(_("Liability"), "monitoring", "cashback_liability", "cashback.view_wallet"),
                _view(
                    _("Do the books add up?"),
                    "fact_check",
                    "cashback_proof",
                    "cashback.view_wallet",
                ),
            ],
        ),
        (
            _("Connections"),
            [
                # Marked with how many the service has disabled itself.
                _page(
                    _("Webhook endpoints"),
                    "webhook",
                    "journal",
                    "webhookendpoint",
                    badge=failing_endpoints(),
                    badge_variant="danger",
                ),
                _page(_("Webhook deliveries"), "outbox", "journal", "webhookdelivery"),
            ],
        ),
        (
            _("Staff"),
            [
                _page(_("Users"), "badge", "auth", "user"),
                _page(_("API keys"), "key", "access", "apikey"),
            ],
        ),
    ]
    seen = [
        (title, [page for page in group if request.user.has_perms(page.pop("needs"))])
        for title, group in groups
    ]
    return [
        {"title": title, "separator": number > 0, "items": group}
        for number, (title, group) in enumerate(seen)
        if group
    ]


def _page(title: str, icon: str, app: str, model: str, **more: Any) -> dict[str, Any]:
    return {
        **more,
        "title": title,
        "icon": icon,
        "link": reverse(f"admin:{app}_{model}_changelist"),
        "needs": [f"{app}.view_{model}"],
    }


def _view(title: str, icon: str, name: str, *needs: str) -> dict[str, Any]:
    """A page that is no list of rows."""
    return {"title": title, "icon": icon, "link": reverse(f"admin:{name}"), "needs": list(needs)}
