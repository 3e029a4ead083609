"""Reads: promotions and what they say of themselves."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings
from django.db.models import Q, QuerySet

from common.sentence_words import Language
from journal.queries import history_of
from promotions.domain.definition import PromotionDefinition
from promotions.domain.sentence import sentence
from promotions.models import Code, Promotion, PromotionUse

_MOST_BEHIND = 100


def definition_of(promotion: Promotion) -> PromotionDefinition:
    """The row in the contract's words, every field filled."""
    shape = {
        "name": promotion.name,
        "title": promotion.title,
        "terms": promotion.terms,
        "status": promotion.status,
        "activation": promotion.activation,
        "currency": promotion.currency,
        "effect": promotion.effect,
        "items": promotion.items,
        "conditions": promotion.conditions,
        "audience": promotion.audience,
        "schedule": promotion.schedule,
        "stacking": promotion.stacking,
        "limits": {
            "redemptions": promotion.redemptions_limit,
            "per_customer": promotion.per_customer_limit,
            "per_code": promotion.per_code_limit,
            "discount_budget": promotion.discount_budget,
        },
        "after_cancel": promotion.after_cancel,
    }
    return msgspec.convert(shape, PromotionDefinition)


def summary_of(
    definition: PromotionDefinition, *, today: date | None = None
) -> dict[Language, str]:
    """What the promotion does, in one plain sentence of each language; `today`'s year is left out."""
    zone = ZoneInfo(settings.SHOP_TIME_ZONE)
    return {
        language: sentence(definition, language=language, shop_zone=zone, today=today)
        for language in ("de", "en")
    }


def definition_at(promotion: Promotion, revision: int) -> PromotionDefinition:
    """What it was at an earlier revision, by the audit trail: every write has its entry there.

    As it is now where that revision is too long ago.
    """
    behind = promotion.revision - revision
    shape = msgspec.to_builtins(definition_of(promotion))
    if 0 < behind <= _MOST_BEHIND:
        trail = history_of(subject_kind="promotion", subject_id=promotion.reference)
        for entry in trail.order_by("-id")[:behind]:
            shape |= entry.before or {}
    return msgspec.convert(shape, PromotionDefinition)


def promotion_by_id(promotion_id: str) -> Promotion | None:
    """The promotion with this id of the shop's."""
    return Promotion.objects.filter(reference=promotion_id).first()


def promotion_key(promotion_id: str) -> int | None:
    """Its key, without reading the definition."""
    return Promotion.objects.filter(reference=promotion_id).values_list("pk", flat=True).first()


def promotions_after(
    promotion_id: str | None, *, status: str | None, limit: int
) -> QuerySet[Promotion]:
    """Up to `limit` promotions by id, from the one after `promotion_id`."""
    rows = Promotion.objects.order_by("reference")
    if promotion_id is not None:
        rows = rows.filter(reference__gt=promotion_id)
    if status is not None:
        rows = rows.filter(status=status)
    return rows[:limit]


def is_used(promotion_key: int) -> bool:
    """Whether a checkout ever took hold of it, or a code of it came with uses."""
    return (
        has_uses(promotion_key)
        or Code.objects.filter(promotion_id=promotion_key)
        .filter(Q(used__gt=0) | Q(held__gt=0))
        .exists()
    )


def has_uses(promotion_key: int) -> bool:
    """Whether a checkout ever held or redeemed it, whatever became of that since."""
    return PromotionUse.objects.filter(promotion_id=promotion_key).exists()


def users_of_segment(segment_id: str) -> list[str]:
    """The promotions whose audience names the segment (the shop's id of it), as paths of the API."""
    rows = Promotion.objects.filter(
        Q(audience__segments__contains=[segment_id])
        | Q(audience__exclude_segments__contains=[segment_id])
    )
    names = rows.order_by("reference").values_list("reference", flat=True)
    return [f"promotions/{name}" for name in names]


def due_for_announcement(now: datetime) -> QuerySet[Promotion]:
    """Promotions whose beginning or end has come and was not announced; without their definitions."""
    begun = Q(status=Promotion.Status.ACTIVE, announced_start=False) & (
        Q(starts_at__isnull=True) | Q(starts_at__lte=now)
    )
    over = Q(announced_start=True, announced_end=False, ends_at__lte=now)
    return (
        Promotion.objects.filter(begun | over)
        .only("reference", "status", "starts_at", "ends_at", "announced_start", "announced_end")
        .order_by("id")
    )
