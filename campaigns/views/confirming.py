"""Confirming a request for consent (double opt-in): a POST confirms, so that no scanner of mails does."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from campaigns.actions.confirming import confirm
from campaigns.queries.confirming import opened_confirmation
from campaigns.serializers.page_words import confirm_words, confirmed_words, too_late_words
from campaigns.views.opening import Reader, page, page_of_mark
from common.errors import NotFound
from common.own_pages import caller_ip
from customers.domain.consents import CONFIRMED_WITHIN
from customers.queries.consents import asked_consent


@page_of_mark(opened_confirmation)
def confirmation(request: HttpRequest, reader: Reader) -> HttpResponse:
    """What is agreed to, with a button; 410 where it is too late, or was withdrawn since.

    Raises:
        NotFound: nothing was asked.
    """
    mark, shop, language = reader.mark, settings.SHOP_NAME, reader.language
    is_late = reader.now - mark.made_at >= CONFIRMED_WITHIN
    if request.method == "POST" and not is_late:
        asked = confirm(mark, ip=caller_ip(request), now=reader.now)
    else:
        asked = asked_consent(customer_key=mark.customer_key, record_key=mark.other_key)
    if asked is None:
        raise NotFound
    status = 200
    if asked.is_granted:
        told = confirmed_words(language, shop=shop)
    elif is_late or asked.is_withdrawn:
        told, status = too_late_words(language, shop=shop), 410
    else:
        told = confirm_words(language, shop=shop, email=reader.masked_email, purpose=asked.purpose)
    return page(
        request, reader, "told", here="confirm", status=status, told=told,
        onward=reader.preferences(),
    )  # fmt: skip
