"""Reads: the codes of one customer's wallet, of which there may be thousands, and what they are about."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from msgspec.structs import replace

from common.sentence_words import Language
from promotions.domain.definition import Audience, Limits, PromotionDefinition
from promotions.domain.sentence import headline, sentence
from promotions.models import Code, Promotion
from promotions.queries.definitions import definition_of
from promotions.queries.facts import CodeRow

#: Codes that can be used, or may be later: those that end first.
MOST_OPEN = 100
#: Of all others the latest.
MOST_OVER = 50
#: Codes that a group shares: so many of one promotion, and in all.
MOST_SHARED_OF_ONE = 3
MOST_SHARED = 50

_COLUMNS = (
    "spelling, code, id, promotion_id, customer_id, batch_id IS NOT NULL, status = 'active',"
    " valid_from, valid_until, max_redemptions, used, held"
)
_CODES = f"""
    WITH own AS MATERIALIZED (
        SELECT code.*, least(code.valid_until, promotion.ends_at) AS ends_at, CASE
            WHEN code.status <> 'active' OR code.valid_until <= %(now)s OR code.used >= lim.uses
                OR greatest(code.valid_from, promotion.starts_at)
                    >= least(code.valid_until, promotion.ends_at)
                THEN 2
            WHEN code.promotion_id = ANY(%(usable)s::bigint[]) AND code.used + code.held < lim.uses
                AND (code.valid_from IS NULL OR code.valid_from <= %(now)s) THEN 0
            WHEN code.promotion_id = ANY(%(usable)s::bigint[] || %(upcoming)s::bigint[]) THEN 1
            ELSE 2 END AS rank
        FROM promotions_code AS code
        JOIN promotions_promotion AS promotion ON promotion.id = code.promotion_id
        CROSS JOIN LATERAL (
            SELECT coalesce(code.max_redemptions, promotion.per_code_limit, 1) AS uses) AS lim
        -- What is not told of is told where it was used.
        WHERE code.customer_id = %(customer)s
            AND (code.promotion_id <> ALL(%(untold)s::bigint[]) OR code.used >= lim.uses)
    ), open AS (
        SELECT * FROM own WHERE rank < 2 ORDER BY rank, ends_at NULLS LAST, id DESC LIMIT {MOST_OPEN}
    ), over AS (
        SELECT * FROM own WHERE rank = 2 ORDER BY id DESC LIMIT {MOST_OVER}
    ), shared AS (
        SELECT found.* FROM unnest(%(groups)s::bigint[]) AS wanted (key)
        CROSS JOIN LATERAL (
            SELECT * FROM promotions_code
            WHERE promotion_id = wanted.key AND customer_id IS NULL AND batch_id IS NULL
                -- One that gives a single use is none that a group shares.
                AND max_redemptions IS DISTINCT FROM 1 AND status = 'active'
            ORDER BY code LIMIT {MOST_SHARED_OF_ONE}) AS found
        LIMIT {MOST_SHARED}
    )
    SELECT {_COLUMNS} FROM open UNION ALL SELECT {_COLUMNS} FROM over
    UNION ALL SELECT {_COLUMNS} FROM shared
"""


class WalletCode(NamedTuple):
    """A code as people see it, and as it is stored."""

    spelling: str
    row: CodeRow


def promotions_of_codes(customer_key: int) -> list[int]:
    """The keys of the promotions that the customer has codes of."""
    rows = Code.objects.filter(customer_id=customer_key).order_by()
    return list(rows.values_list("promotion_id", flat=True).distinct())


def codes_of_wallet(
    *,
    customer_key: int,
    usable: Sequence[int],
    upcoming: Sequence[int],
    untold: Sequence[int],
    groups: Sequence[int],
    now: datetime,
) -> list[WalletCode]:
    """The customer's own codes, as many as are shown, and those that their `groups` share.

    By promotions' keys as these stand for the customer: usable now or maybe later; not told of.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _CODES,
            {
                "customer": customer_key,
                "usable": list(usable),
                "upcoming": list(upcoming),
                "untold": list(untold),
                "groups": list(groups),
                "now": now,
            },
        )
        return [WalletCode(spelling, CodeRow(*row)) for spelling, *row in cursor.fetchall()]


class Words(NamedTuple):
    """What shoppers read of a promotion."""

    title: str
    terms: str


def words_in(language: Language, promotion_keys: Collection[int]) -> dict[int, Words]:
    """Titles and terms of these promotions, in this language or else the other. Where the shop wrote
    none, what the promotion does: its name is the shop's own affair.
    """
    rows = Promotion.objects.filter(pk__in=promotion_keys)
    told = {
        key: Words(_in(language, title), _in(language, terms))
        for key, title, terms in rows.values_list("pk", "title", "terms")
    }
    silent = [key for key, words in told.items() if not all(words)]
    if silent:
        zone = ZoneInfo(settings.SHOP_TIME_ZONE)
        for promotion in Promotion.objects.filter(pk__in=silent):
            title, terms = told[promotion.pk]
            shown = _for_shoppers(definition_of(promotion))
            told[promotion.pk] = Words(
                title or headline(shown, language=language),
                terms or sentence(shown, language=language, shop_zone=zone) + ".",
            )
    return told


def _for_shoppers(definition: PromotionDefinition) -> PromotionDefinition:
    """Without what is the shop's own affair: what its segments are called, and its budgets."""
    return replace(
        definition,
        audience=Audience(registered=definition.audience.registered),
        limits=Limits(per_customer=definition.limits.per_customer),
    )


def _in(language: Language, terms: dict[str, str | None]) -> str:
    other = "en" if language == "de" else "de"
    return terms.get(language) or terms.get(other) or ""
