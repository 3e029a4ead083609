"""Acts: write and edit a promotion; announce when one begins and ends."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from django.db import connection, transaction

from common.answers import etag_of
from common.api.preconditions import check_if_match
from common.errors import DomainError, FieldError, NotFound, ValidationFailed
from journal.actions import record_audit, record_event
from promotions.actions.budgets import pass_over
from promotions.domain.definition import PromotionDefinition, definition_errors
from promotions.models import Promotion, PromotionCounter
from promotions.queries import definitions

_ANNOUNCED_AT_ONCE = 500
_IN_WINDOW = frozenset({Promotion.Status.ACTIVE, Promotion.Status.PAUSED})


class CurrencyInUse(DomainError):
    """Amounts were held or spent in the promotion's currency: in another they would be wrong."""

    code = "in_use"


@dataclass(frozen=True, slots=True)
class Written:
    """A promotion as it was just written."""

    promotion: Promotion
    definition: PromotionDefinition
    created: bool


def put_promotion(
    *,
    promotion_id: str,
    definition: PromotionDefinition,
    if_match: str | None = None,
    actor: str,
    now: datetime,
) -> Written:
    """Create or replace a promotion; its counters stay.

    Part of the caller's transaction. Edits queue on the definitions' stamp, which is locked first.

    Raises:
        ValidationFailed: its fields contradict each other.
        PreconditionFailed: it is not what `if_match` names.
        CurrencyInUse: it was used, and would change its currency.
    """
    _check(definition)
    stamp = raise_stamp()
    promotion = _locked(promotion_id)
    check_if_match(if_match, _etag(promotion))
    if promotion is None:
        return _create(promotion_id, definition, stamp=stamp, actor=actor, now=now)
    return _change(promotion, definition, stamp=stamp, actor=actor, now=now)


def edit_promotion(
    *,
    promotion_id: str,
    edit: Callable[[PromotionDefinition], PromotionDefinition],
    if_match: str | None = None,
    actor: str,
    now: datetime,
) -> Written:
    """Replace a promotion by what `edit` makes of it, read under its lock.

    Part of the caller's transaction. Edits queue on the definitions' stamp, which is locked first.

    Raises:
        NotFound, PreconditionFailed, CurrencyInUse
        ValidationFailed: its fields would contradict each other.
    """
    stamp = raise_stamp()
    promotion = _locked(promotion_id)
    if promotion is None:
        raise NotFound("There is no such promotion.")
    check_if_match(if_match, _etag(promotion))
    definition = edit(definitions.definition_of(promotion))
    _check(definition)
    return _change(promotion, definition, stamp=stamp, actor=actor, now=now)


def announce_due(*, now: datetime) -> int:
    """Write the events of promotions that time has begun or ended; how many promotions those were.

    Opens its own transaction and is safe to run twice at once. A window that began and ended since
    the last time gets both events.
    """
    with transaction.atomic():
        due = definitions.due_for_announcement(now).select_for_update(skip_locked=True, no_key=True)
        promotions = list(due[:_ANNOUNCED_AT_ONCE])
        for promotion in promotions:
            if not promotion.announced_start:
                _announce(promotion, "promotion.activated", now=now)
                promotion.announced_start, promotion.announced_end = True, False
            if _is_past(promotion, now):
                _announce(promotion, "promotion.ended", now=now)
                promotion.announced_end = True
            promotion.save(update_fields=["announced_start", "announced_end"])
    return len(promotions)


def _create(
    promotion_id: str,
    definition: PromotionDefinition,
    *,
    stamp: int,
    actor: str,
    now: datetime,
) -> Written:
    promotion = Promotion(reference=promotion_id, created_at=now, stamp=stamp)
    columns = _columns(definition)
    _fill(promotion, columns)
    _note_window(promotion, now=now)
    promotion.save(force_insert=True)
    PromotionCounter.objects.create(promotion=promotion)
    shape = msgspec.to_builtins(definition)
    _audit("promotion.created", promotion_id, None, shape, actor=actor, now=now)
    return Written(promotion, definition, created=True)


def _change(
    promotion: Promotion,
    definition: PromotionDefinition,
    *,
    stamp: int,
    actor: str,
    now: datetime,
) -> Written:
    before = msgspec.to_builtins(definitions.definition_of(promotion))
    after = msgspec.to_builtins(definition)
    budget = promotion.discount_budget
    if definition.currency != promotion.currency:
        _leave_currency(promotion)
    _fill(promotion, _columns(definition))
    if promotion.discount_budget != budget:
        pass_over(promotion, former=budget, now=now)
    _note_window(promotion, now=now)
    promotion.stamp = stamp
    promotion.revision += 1
    promotion.save(force_update=True)
    changed = [name for name in after if after[name] != before[name]]
    _audit(
        "promotion.changed",
        promotion.reference,
        {name: before[name] for name in changed},
        {name: after[name] for name in changed},
        actor=actor,
        now=now,
    )
    return Written(promotion, definition, created=False)


def _check(definition: PromotionDefinition) -> None:
    errors = definition_errors(definition)
    if errors:
        raise ValidationFailed(errors=errors)


def _leave_currency(promotion: Promotion) -> None:
    """A checkout that has counted its use is waited for, and seen. One that waits to count finds its
    row gone and prices again, by the new definition; one that comes later is refused by its statement.
    """
    counter = PromotionCounter.objects.get(promotion=promotion)
    PromotionCounter.objects.filter(promotion=promotion).delete()
    if definitions.has_uses(promotion.pk):
        detail = "It was used at checkout: its currency stays."
        raise CurrencyInUse(detail, errors=[FieldError("/currency", "in_use", detail)])
    counter.save(force_insert=True)


def raise_stamp() -> int:
    """Edits queue here, so that definitions become visible in the order of their stamps.

    A stamp is never below the clock's microseconds: a database that was emptied or restored soon
    has a newer one than any that a web process remembers.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO promotions_definitionstamp AS stamp (id, version)
            VALUES (1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint)
            ON CONFLICT (id) DO UPDATE SET version = greatest(stamp.version + 1, excluded.version)
            RETURNING version
            """
        )
        version: int = cursor.fetchone()[0]
    return version


def _locked(promotion_id: str) -> Promotion | None:
    # A checkout that ends needs its key, and may hold the counter that an edit waits for.
    rows = Promotion.objects.select_for_update(no_key=True)
    return rows.filter(reference=promotion_id).first()


def _etag(promotion: Promotion | None) -> str | None:
    return etag_of(promotion.pk, promotion.revision) if promotion is not None else None


def _columns(definition: PromotionDefinition) -> dict[str, Any]:
    """The definition as the table keeps it."""
    shape: dict[str, Any] = msgspec.to_builtins(definition)
    limits = shape.pop("limits")
    return {
        **shape,
        "redemptions_limit": limits["redemptions"],
        "per_customer_limit": limits["per_customer"],
        "per_code_limit": limits["per_code"],
        "discount_budget": limits["discount_budget"],
        "starts_at": definition.schedule.starts_at,
        "ends_at": definition.schedule.ends_at,
    }


def _fill(promotion: Promotion, columns: dict[str, Any]) -> None:
    for name, value in columns.items():
        setattr(promotion, name, value)


def _note_window(promotion: Promotion, *, now: datetime) -> None:
    """Announce what an edit begins or ends, and set the flags for what time will do.

    Pausing ends nothing. A window that is over when it is written stays silent.
    """
    is_past = _is_past(promotion, now)
    is_upcoming = promotion.starts_at is not None and promotion.starts_at > now
    if not is_past and not is_upcoming and promotion.status in _IN_WINDOW:
        if promotion.announced_end:
            promotion.announced_start = promotion.announced_end = False
        if promotion.status == Promotion.Status.ACTIVE and not promotion.announced_start:
            _announce(promotion, "promotion.activated", now=now)
            promotion.announced_start = True
        return
    if promotion.announced_start and not promotion.announced_end:
        _announce(promotion, "promotion.ended", now=now)
        promotion.announced_end = True
    if is_past or is_upcoming:
        promotion.announced_start = promotion.announced_end = is_past


def _is_past(promotion: Promotion, now: datetime) -> bool:
    return promotion.ends_at is not None and promotion.ends_at <= now


def _announce(promotion: Promotion, event: str, *, now: datetime) -> None:
    payload = {
        "promotion_id": promotion.reference,
        "starts_at": promotion.starts_at.isoformat() if promotion.starts_at else None,
        "ends_at": promotion.ends_at.isoformat() if promotion.ends_at else None,
    }
    record_event(type=event, payload=payload, now=now)


def _audit(
    action: str, promotion_id: str, before: Any, after: Any, *, actor: str, now: datetime
) -> None:
    record_audit(
        actor=actor,
        action=action,
        subject_kind="promotion",
        subject_id=promotion_id,
        before=before,
        after=after,
        now=now,
    )
