"""The pages of a customer's account."""

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from cashback.domain.payouts import SEPA_CURRENCY
from common.errors import NotFound
from portal.actions.account import open_account, open_purchases, open_statement
from portal.domain.places import Place, instant_of, number_of, place_of, place_text
from portal.serializers import words
from portal.serializers.account import shown_account, shown_purchase
from portal.serializers.cashback import shown_entries
from portal.views.opening import Visit, own_page, page


@own_page
def account(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Everything at a glance."""
    opened = open_account(
        customer_key=visit.customer_key,
        customer_id=visit.customer_id,
        language=visit.language,
        now=visit.now,
    )
    shown = shown_account(opened)
    statements = [
        (entries, visit.address("statement", currency), currency)
        for currency, entries in shown.pop("statements")
    ]
    return page(
        request,
        visit,
        "account",
        here=visit.address("account"),
        **shown,
        statements=statements,
        payout=visit.address("payout") if settings.PORTAL_PAYOUTS else "",
        payout_currency=SEPA_CURRENCY,
        all_purchases=visit.address("purchases") if opened.has_more_purchases else "",
    )


@own_page
def purchases(request: HttpRequest, visit: Visit) -> HttpResponse:
    """All purchases, a page at a time."""
    place = _place(request)
    found, has_more = open_purchases(customer_key=visit.customer_key, before=_bought_before(place))
    older = ""
    if has_more:
        last = found[-1].order
        after = place_text((number_of(last.placed_at), last.key))
        older = visit.address("purchases", after=after)
    return page(
        request,
        visit,
        "purchases",
        here=visit.address("purchases"),
        purchases=[shown_purchase(each) for each in found],
        newest=visit.address("purchases") if place else "",
        older=older,
    )


@own_page
def statement(request: HttpRequest, visit: Visit, *, currency: str) -> HttpResponse:
    """The statement of one currency, a page at a time, and months to keep."""
    place = _place(request)
    found = open_statement(
        customer_key=visit.customer_key, currency=currency, after=place, now=visit.now
    )
    own = visit.address("statement", currency)
    older = ""
    if found.has_more:
        last = found.entries[-1]
        after = place_text((last.posting_key, last.place))
        older = visit.address("statement", currency, after=after)
    months = [
        (
            words.month_text(month),
            visit.address("month", currency, str(month), "pdf"),
            visit.address("month", currency, str(month), "csv"),
        )
        for month in found.months
    ]
    return page(
        request,
        visit,
        "statement",
        here=own,
        currency=currency,
        entries=shown_entries(found.entries, currency),
        months=months,
        newest=own if place else "",
        older=older,
    )


def _place(request: HttpRequest) -> Place | None:
    """
    Raises:
        NotFound: what stands there is none of ours.
    """
    text = request.GET.get("after")
    if text is None:
        return None
    place = place_of(text)
    if place is None:
        raise NotFound
    return place


def _bought_before(place: Place | None) -> tuple[datetime, int] | None:
    """
    Raises:
        NotFound: no instant can be so late.
    """
    if place is None:
        return None
    at = instant_of(place[0])
    if at is None:
        raise NotFound
    return at, place[1]
