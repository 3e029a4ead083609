"""Acts: note what a mail provider tells of messages, and do what follows from it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from campaigns.domain.provider_events import (
    End,
    Told,
    end_after,
    ends_address,
    withdraws_consent,
)
from campaigns.models import Delivery, ProviderEvent
from common.statements import text_array, value_array
from customers.actions.consents import say
from customers.actions.suppress import suppress
from customers.queries.erasure import email_hash
from customers.queries.gate import reachable

#: What the record of a consent says of who withdrew it.
COMPLAINT = "complaint at the mail provider"
LEFT = "unsubscribed at the mail provider"
BATCH = 5_000

_NOTE = """
    INSERT INTO campaigns_providerevent
        (provider, event_id, delivery_id, kind, email_hash, at, received_at)
    SELECT %(provider)s, told.event_id, told.delivery, told.kind, told.email_hash, told.at, %(now)s
    FROM unnest(%(ids)s::text[], %(deliveries)s::bigint[], %(kinds)s::text[], %(hashes)s::bytea[],
        %(at)s::timestamptz[]) AS told (event_id, delivery, kind, email_hash, at)
    JOIN campaigns_delivery AS delivery ON delivery.id = told.delivery
    ORDER BY told.event_id
    ON CONFLICT (provider, event_id) DO NOTHING
    RETURNING event_id
"""
# A row that was to be tried again has left all the same: it counts for caps as what was sent.
_END = """
    UPDATE campaigns_delivery AS delivery SET state = told.state, reason = told.reason,
        lease = NULL, leased_until = NULL, closed_at = coalesce(delivery.closed_at, %(now)s),
        passed_at = coalesce(delivery.passed_at, %(now)s),
        submitted_at = coalesce(delivery.submitted_at, %(now)s)
    FROM unnest(%(keys)s::bigint[], %(states)s::text[], %(reasons)s::text[])
        AS told (id, state, reason)
    WHERE delivery.id = told.id
"""


def hear(told: Sequence[Told], *, provider: str, now: datetime) -> int:
    """Note what is new of it; how much that is. What was heard before, or is of nobody's message, is nothing.

    One transaction: an address that bounced for good or complained is suppressed in it, and whoever
    complained has withdrawn marketing. Locks customers, then deliveries, each by their keys.
    """
    if not told:
        return 0
    with transaction.atomic():
        new = _noted(told, provider=provider, now=now)
        if new:
            _follow(new, now=now)
    return len(new)


def forget_heard(*, before: datetime) -> int:
    """Forget what was told before then; how much it was. Batches of their own; safe to repeat."""
    forgotten = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                """
                DELETE FROM campaigns_providerevent WHERE id = ANY (ARRAY(
                    SELECT id FROM campaigns_providerevent WHERE received_at < %s
                    LIMIT %s FOR UPDATE SKIP LOCKED))
                """,
                [before, BATCH],
            )
            count = cursor.rowcount
        forgotten += count
        if count < BATCH:
            return forgotten


def _noted(told: Sequence[Told], *, provider: str, now: datetime) -> list[Told]:
    """Those that nobody had told before."""
    by_id = {each.event_id: each for each in told}
    rows = list(by_id.values())
    with connection.cursor() as cursor:
        cursor.execute(
            _NOTE,
            {
                "provider": provider,
                "ids": text_array(each.event_id for each in rows),
                "deliveries": value_array(each.delivery_key for each in rows),
                "kinds": text_array(each.kind for each in rows),
                "hashes": [email_hash(each.recipient) if each.recipient else None for each in rows],
                "at": value_array(each.at.isoformat() for each in rows),
                "now": now,
            },
        )
        return [by_id[event_id] for (event_id,) in cursor.fetchall()]


def _follow(new: Sequence[Told], *, now: datetime) -> None:
    keys = sorted({each.delivery_key for each in new})
    owners = dict(Delivery.objects.filter(pk__in=keys).values_list("pk", "customer_id"))
    by_customer = sorted(new, key=lambda each: (owners[each.delivery_key], each.at))
    for each in by_customer:
        customer = owners[each.delivery_key]
        if withdraws_consent(each.kind):
            source = COMPLAINT if each.kind == "complaint" else LEFT
            say(
                customer_key=customer, channel="email", purpose="marketing", state="withdrawn",
                source=source, now=now,
            )  # fmt: skip
        if ends_address(each.kind) and (address := each.recipient or _address_of(customer)):
            reason = "complained" if each.kind == "complaint" else "bounced"
            suppress(address, reason=reason, now=now)  # type: ignore[arg-type]  # one of the two
    _end(new, keys, now=now)


def _address_of(customer_key: int) -> str:
    """Where it went, if the provider does not say so: the address of today."""
    person = reachable(customer_keys=[customer_key], channel="email").get(customer_key)
    return person.email if person is not None else ""


def _end(new: Sequence[Told], keys: Sequence[int], *, now: datetime) -> None:
    rows = Delivery.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")
    states = dict(rows.values_list("pk", "state"))
    ends: dict[int, End] = {}
    for each in new:
        key = each.delivery_key
        end = end_after(ends[key].state if key in ends else states[key], each.kind)
        if end is not None:
            ends[key] = end
    if not ends:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _END,
            {
                "keys": value_array(ends),
                "states": text_array(end.state for end in ends.values()),
                "reasons": text_array(end.reason for end in ends.values()),
                "now": now,
            },
        )


def forget_events_of(customer_key: int) -> None:
    """Delete what was told of a customer's messages. Part of the caller's transaction."""
    ProviderEvent.objects.filter(delivery__customer_id=customer_key).delete()
