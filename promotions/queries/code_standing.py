"""Reads: how a code stands at this moment, found among those of all promotions."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from promotions.domain.codes import normalise
from promotions.models import Code, Promotion, PromotionUse
from promotions.queries.codes import effective_limit

_USES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class CodeUse:
    """A use of the code that stands: by an order, or held by a cart."""

    customer_key: int | None
    #: Exactly one of the two.
    redemption_id: UUID | None
    reservation_id: UUID | None
    since: datetime


@dataclass(frozen=True, slots=True)
class CodeStanding:
    """A code and its promotion, as checkout would find them now."""

    id: int
    spelling: str
    promotion_key: int
    promotion_id: str
    promotion_name: str
    promotion_status: str
    promotion_starts_at: datetime | None
    promotion_ends_at: datetime | None
    #: A personal code's holder.
    customer_key: int | None
    is_enabled: bool
    valid_from: datetime | None
    valid_until: datetime | None
    used: int
    held: int
    #: None: without end.
    limit: int | None
    #: The latest, newest first.
    uses: Sequence[CodeUse]


def standing_of_code(given: str) -> CodeStanding | None:
    """The code in any spelling; None where there is none."""
    code = Code.objects.select_related("promotion").filter(code=normalise(given) or "").first()
    if code is None:
        return None
    promotion = code.promotion
    rows = PromotionUse.objects.filter(code_id=code.pk, status__in=["held", "used"])
    return CodeStanding(
        id=code.pk,
        spelling=code.spelling,
        promotion_key=promotion.pk,
        promotion_id=promotion.reference,
        promotion_name=promotion.name,
        promotion_status=promotion.status,
        promotion_starts_at=promotion.starts_at,
        promotion_ends_at=promotion.ends_at,
        customer_key=code.customer_id,
        is_enabled=code.status == Code.Status.ACTIVE,
        valid_from=code.valid_from,
        valid_until=code.valid_until,
        used=code.used,
        held=code.held,
        limit=effective_limit(code),
        uses=[
            CodeUse(
                customer_key=use.customer_id,
                redemption_id=use.redemption_id,
                reservation_id=None if use.redemption_id else use.reservation_id,
                since=use.changed_at,
            )
            for use in rows.order_by("-id")[:_USES_SHOWN]
        ],
    )


def spellings_of(code_ids: Collection[int]) -> dict[int, str]:
    """How these codes are spelled, by key."""
    return dict(Code.objects.filter(pk__in=code_ids).values_list("pk", "spelling"))


def names_of(promotion_ids: Collection[str]) -> dict[str, tuple[int, str]]:
    """Key and name of these promotions (the shop's ids)."""
    rows = Promotion.objects.filter(reference__in=promotion_ids)
    return {
        reference: (key, name)
        for reference, key, name in rows.values_list("reference", "pk", "name")
    }
