"""Forecasts: a promotion replayed over past orders by a background job. Nothing is given or counted."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings
from django.db import transaction

from common.cart import Cart
from common.errors import FieldError, NotFound, ValidationFailed
from common.ids import public_id
from common.instants import instant_errors
from customers.queries.past_orders import (
    PastOrder,
    past_order_keys,
    past_orders,
    segments_of_many,
)
from customers.queries.segment_book import current_segments
from journal.actions import queue_job, record_audit, report_progress
from journal.queries import job_by_id
from promotions.domain.facts import GUEST, CustomerFacts
from promotions.domain.forecast import NOT_KEPT, Replay, Tally
from promotions.domain.offer import Offer, compile_offer
from promotions.models import Forecast, Promotion
from promotions.queries import definitions
from promotions.queries.checklist import checklist_of
from promotions.queries.offers import current_offers

JOB_KIND = "forecast"
#: Orders that are read and priced together.
PIECE = 200


def order_forecast(
    *, promotion_id: str, since: datetime, until: datetime, actor: str, now: datetime
) -> Forecast:
    """Queue the job. Part of the caller's transaction.

    Raises:
        NotFound: no such promotion.
        ValidationFailed: the period ends before it starts, or is of no time that a shop can mean.
    """
    if errors := instant_errors({"/from": since, "/until": until}):
        raise ValidationFailed(errors=errors)
    promotion_key = definitions.promotion_key(promotion_id)
    if promotion_key is None:
        raise NotFound("There is no such promotion.")
    if until <= since:
        raise ValidationFailed(
            errors=[FieldError("/until", "not_after_start", "The end must be after the start.")]
        )
    order = {
        "promotion_id": promotion_id,
        "from": since.isoformat(),
        "until": until.isoformat(),
        "at": now.isoformat(),
    }
    job = queue_job(kind=JOB_KIND, order=order, total=None, now=now)
    record_audit(
        actor=actor,
        action="forecast.ordered",
        subject_kind="job",
        subject_id=public_id("job", job.job_id),
        after=order,
        now=now,
    )
    return Forecast.objects.create(
        promotion_id=promotion_key,
        job_id=job.job_id,
        since=since,
        until=until,
        created_at=now,
        created_by=actor,
    )


def run_forecast(*, job_id: UUID, clock: Callable[[], datetime]) -> dict[str, Any]:
    """Replay the period from its beginning: a worker that dies leaves nothing behind.

    Raises:
        JobHasEnded: it was cancelled.
    """
    job = job_by_id(job_id)
    assert job is not None, "a job that runs is there"
    order: Mapping[str, str] = job.order
    now = datetime.fromisoformat(order["at"])
    promotion = definitions.promotion_by_id(order["promotion_id"])
    if promotion is None:
        raise NotFound("There is no such promotion.")
    tried, others = _offers(promotion)
    keys = past_order_keys(
        since=datetime.fromisoformat(order["from"]), until=datetime.fromisoformat(order["until"])
    )
    zone = ZoneInfo(settings.SHOP_TIME_ZONE)
    replay, tally = Replay(tried, others, zone), Tally(zone)
    _note(job, done=0, total=len(keys), now=clock())
    for start in range(0, len(keys), PIECE):
        _replay(past_orders(keys[start : start + PIECE]), replay, tally, now=now)
        _note(job, done=min(start + PIECE, len(keys)), total=len(keys), now=clock())
    told = {
        "promotion_id": order["promotion_id"],
        "revision": promotion.revision,
        "from": order["from"],
        "until": order["until"],
        # Who is in a segment is known of today alone.
        "segments_as_of": order["at"],
        "not_kept": list(NOT_KEPT),
        **tally.told(),
    }
    findings = checklist_of(promotion, told=told, now=now)
    return {**told, "checklist": msgspec.to_builtins(findings)}


def _note(job: Any, *, done: int, total: int, now: datetime) -> None:
    with transaction.atomic():
        report_progress(job, done=done, total=total, now=now)


def _offers(promotion: Promotion) -> tuple[Offer, list[Offer]]:
    """The promotion as if it were active and came by itself, and those that run beside it."""
    definition = definitions.definition_of(promotion)
    active = msgspec.structs.replace(definition, status="active")
    tried = compile_offer(
        key=promotion.pk, promotion_id=promotion.reference, definition=active
    )  # fmt: skip
    others = [
        _at_any_time(offer) for offer in current_offers().automatic if offer.key != promotion.pk
    ]
    return _at_any_time(replace(tried, activation="automatic")), others


def _at_any_time(offer: Offer) -> Offer:
    return replace(offer, starts_at=None, ends_at=None)


def _replay(orders: list[PastOrder], replay: Replay, tally: Tally, *, now: datetime) -> None:
    asked = sorted(
        frozenset().union(*[offer.asked_segments for offer in (replay.tried, *replay.others)])
    )
    customers = sorted({order.customer_key for order in orders if order.customer_key is not None})
    segments = segments_of_many(asked, book=current_segments(), customer_keys=customers, now=now)
    for order in orders:
        replayed = replay.price(
            _cart_of(order),
            order_id=order.reference,
            customer_key=order.customer_key,
            customer=_facts_of(order, segments),
            placed_at=order.placed_at,
        )
        tally.add(replayed)


def _cart_of(order: PastOrder) -> Cart:
    return Cart(
        currency=order.currency,
        lines=list(order.lines),
        customer_id=order.customer_id,
        channel=order.channel,
        shipping_amount=order.shipping_amount,
    )


def _facts_of(order: PastOrder, segments: Mapping[int, frozenset[str]]) -> CustomerFacts:
    if order.customer_key is None:
        return GUEST
    return CustomerFacts(
        signed_in=True,
        registered=order.is_registered,
        earlier_orders=order.earlier_orders,
        segments=segments.get(order.customer_key, frozenset()),
    )
