"""Statements of a month to keep, as PDF and as CSV."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.text import slugify

from common.errors import NotFound
from portal.actions.account import open_month
from portal.domain.statement import month_named
from portal.serializers.sheet import csv_statement
from portal.views.opening import Visit, own_page


@own_page
def month_file(
    request: HttpRequest, visit: Visit, *, currency: str, month: str, kind: str
) -> HttpResponse:
    """The statement of a month as a file."""
    named = month_named(month)
    if named is None:
        raise NotFound
    told = open_month(
        customer_key=visit.customer_key, currency=currency, month=named, now=visit.now
    )
    if kind == "pdf":
        # Inside: what draws it takes 16 MB, which only processes should carry that are asked for one.
        from portal.serializers.pdf import pdf_statement

        content = pdf_statement(
            told, shop=settings.SHOP_NAME, name=visit.name, customer_id=visit.customer_id
        )
        content_type = "application/pdf"
    else:
        content, content_type = csv_statement(told), "text/csv; charset=utf-8"
    file = f"{slugify(settings.SHOP_NAME) or 'cashback'}-{currency.lower()}-{named}.{kind}"
    return HttpResponse(
        content,
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{file}"'},
    )
