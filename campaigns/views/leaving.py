"""Leaving by the link of a mail (RFC 8058): only a POST acts, whoever sends it."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from access.domain.marks import Mark
from access.queries import opened_mark
from campaigns.actions.leaving import come_back, leave
from campaigns.queries.deliveries import channel_of
from campaigns.serializers.page_words import Told, back_words, leave_words, left_words
from campaigns.views.opening import Reader, page, page_of_mark, sent_form
from common.own_pages import caller_ip
from customers.queries.consents import consent_states


def _opened(token: str) -> Mark | None:
    return opened_mark(token, purpose="unsubscribe")


@page_of_mark(_opened)
def unsubscribe(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Shows a button; sent, the consent is withdrawn before the answer. Sent by the button of that
    answer, it is granted again.
    """
    key, shop, language = reader.mark.customer_key, settings.SHOP_NAME, reader.language
    delivery = reader.mark.other_key
    # The mark of a mail may be of no delivery.
    channel = channel_of(customer_key=key, delivery_key=delivery) or "email"
    told: Told
    if request.method != "POST":
        state = consent_states(key).get((channel, "marketing"))
        told = (
            left_words(language, shop=shop, channel=channel)
            if state == "withdrawn"
            else leave_words(language, shop=shop, email=reader.masked_email, channel=channel)
        )
    elif sent_form(request).get("act") == "return":
        come_back(
            customer_key=key, channel=channel, delivery_key=delivery, ip=caller_ip(request),
            now=reader.now,
        )  # fmt: skip
        is_back = consent_states(key).get((channel, "marketing")) == "granted"
        told = (
            back_words(language, shop=shop)
            if is_back
            else left_words(language, shop=shop, channel=channel)
        )
    else:
        leave(customer_key=key, channel=channel, delivery_key=delivery, now=reader.now)
        told = left_words(language, shop=shop, channel=channel)
    return page(request, reader, "told", here="unsubscribe", told=told, onward=reader.preferences())
