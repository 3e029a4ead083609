"""Reads: what a launch checklist looks at."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from customers.queries.audience import is_empty_audience
from customers.queries.segment_book import current_segments
from promotions.domain.checklist import (
    Finding,
    Foreseen,
    LaunchFacts,
    foreseen_in,
    launch_findings,
)
from promotions.domain.definition import PromotionDefinition
from promotions.domain.guessing import odds_of
from promotions.models import Promotion
from promotions.queries.batches import live_codes_by_pattern
from promotions.queries.definitions import definition_of

# Codes of batches and personal ones are limited by themselves.
_CODES = """
    WITH shared AS (
        SELECT code, max_redemptions FROM promotions_code
        WHERE promotion_id = %(promotion)s AND batch_id IS NULL AND customer_id IS NULL
            AND status = 'active')
    SELECT EXISTS (SELECT FROM promotions_code WHERE promotion_id = %(promotion)s),
        EXISTS (SELECT FROM shared WHERE max_redemptions IS NULL),
        (SELECT min(length(code)) FROM shared)
"""


def checklist_of(
    promotion: Promotion, *, told: Mapping[str, Any] | None, now: datetime
) -> list[Finding]:
    """What to look at before the promotion is launched; `told` is the result of its newest forecast."""
    definition = definition_of(promotion)
    foreseen = None if told is None else foreseen_in(told, revision=promotion.revision)
    facts = _facts(promotion.pk, definition, foreseen=foreseen, now=now)
    return launch_findings(definition, facts=facts)


def _facts(
    key: int, definition: PromotionDefinition, *, foreseen: Foreseen | None, now: datetime
) -> LaunchFacts:
    with connection.cursor() as cursor:
        cursor.execute(_CODES, {"promotion": key})
        has_codes, has_endless, shortest = cursor.fetchone()
    is_endless = definition.limits.per_code is None and (has_endless or not has_codes)
    return LaunchFacts(
        now=now,
        shop_zone=ZoneInfo(settings.SHOP_TIME_ZONE),
        has_open_door=definition.activation == "automatic" or is_endless,
        odds={
            pattern: odds_of(live_codes=live, pattern=pattern)
            for pattern, live in live_codes_by_pattern(key, now=now).items()
        },
        shortest_code=shortest,
        is_audience_empty=_is_audience_empty(definition, now=now),
        foreseen=foreseen,
        worst_percent=settings.WORST_BASKET_PERCENT,
    )


def _is_audience_empty(definition: PromotionDefinition, *, now: datetime) -> bool | None:
    audience = definition.audience
    if not audience.segments:
        return None
    return is_empty_audience(
        segments=audience.segments,
        exclude_segments=audience.exclude_segments,
        book=current_segments(),
        now=now,
    )
