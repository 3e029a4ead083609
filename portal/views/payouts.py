"""The page at which a customer asks for a payout."""

from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

from access.actions import IdempotencyKeyReused, RequestInProgress
from cashback.actions.errors import CashbackInsufficient
from cashback.domain.payouts import SEPA_CURRENCY, SepaDestination
from cashback.queries.balances import balances
from common.api.problems import request_id_of
from common.errors import NotFound
from common.forms.amounts import amount_text
from common.words import money
from portal.actions.payouts import AskedPayout, HeldPayout, ask_for_payout, is_form_of, new_form
from portal.forms.payout import WHOLE, PayoutForm, empty_form, insufficient, read_form
from portal.serializers.payouts import (
    available_text,
    form_labels,
    sent_text,
    shown_fields,
    stale_text,
)
from portal.views.opening import Visit, own_form, page

#: Far more than the form's three fields.
_MOST_BYTES = 10_000


@own_form
def payout(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The form; sent, the money is held and the shop looks at it.

    Raises:
        NotFound: the shop lets nobody ask here.
    """
    if not settings.PORTAL_PAYOUTS:
        raise NotFound
    available = next(
        (
            balance.available
            for balance in balances(customer_key=visit.customer_key, at=visit.now)
            if balance.currency == SEPA_CURRENCY
        ),
        0,
    )
    if request.method == "POST":
        return _sent(request, visit, available=available)
    amount = amount_text(available, currency=SEPA_CURRENCY, language=visit.language)
    form = empty_form(amount=amount, name=visit.name)
    return _form(request, visit, form, available=available)


def _sent(request: HttpRequest, visit: Visit, *, available: int) -> HttpResponse:
    """
    Raises:
        BadRequest: this is more than a form.
    """
    if int(request.META.get("CONTENT_LENGTH") or 0) > _MOST_BYTES:
        raise BadRequest
    sent_form = request.POST.get("form", "")
    form, right = read_form(request.POST)
    held: HeldPayout | None = None
    if not is_form_of(sent_form, visit.token):
        form.errors[WHOLE] = stale_text()
    elif right is not None:
        held = _held(form, right, request, visit, sent_form=sent_form, available=available)
    if held is None:
        return _form(request, visit, form, available=available, status=422)
    told = sent_text(amount=money(held.amount, held.currency), masked=held.masked)
    return _page(request, visit, "payout_sent", told=told)


def _held(
    form: PayoutForm,
    right: tuple[int, SepaDestination],
    request: HttpRequest,
    visit: Visit,
    *,
    sent_form: str,
    available: int,
) -> HeldPayout | None:
    amount, destination = right
    asked = AskedPayout(
        customer_id=visit.customer_id,
        currency=SEPA_CURRENCY,
        amount=amount,
        destination=destination,
    )
    try:
        return ask_for_payout(
            asked,
            customer_key=visit.customer_key,
            form=sent_form,
            language=visit.language,
            request_id=request_id_of(request),
            now=visit.now,
        )
    except CashbackInsufficient:
        insufficient(form, available=available)
    except (IdempotencyKeyReused, RequestInProgress):
        form.errors[WHOLE] = stale_text()
    return None


def _form(
    request: HttpRequest, visit: Visit, form: PayoutForm, *, available: int, status: int = 200
) -> HttpResponse:
    shown = _page(
        request,
        visit,
        "payout",
        fields=shown_fields(form.typed, form.errors),
        wrong=form.errors.get(WHOLE) or (form_labels()["check"] if form.errors else ""),
        available=available_text(money(available, SEPA_CURRENCY)),
        is_possible=available > 0 or bool(form.errors),
        action=visit.address("payout"),
        form_token=new_form(visit.token),
    )
    shown.status_code = status
    return shown


def _page(request: HttpRequest, visit: Visit, template: str, **content: Any) -> HttpResponse:
    here = visit.address("payout")
    return page(request, visit, template, here=here, ask=form_labels(), **content)
