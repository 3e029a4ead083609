"""Reads: what is recommended to a customer, in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from django.conf import settings
from django.db import connection
from msgspec import Meta

from catalog.domain.products import ProductName
from catalog.domain.recommending import GROUNDS, Ground
from common.statements import Statement
from customers.queries.facts import WHO
from customers.queries.purchases import ORDER_OF_WHO, kept_lines, stamp_of_few_orders

#: Up to so many orders, and products, are a small shop, whose figures are renewed by whoever finds them old.
FEW_ORDERS = 5_000
#: Where the page before ended: rank of the ground, less the chance, SKU.
Place = tuple[Annotated[int, Meta(ge=0, le=9)], Annotated[int, Meta(ge=-(10**12), le=0)], str]

#: A text that changes with a small shop's orders and products; null in a large one.
STAMP = f"""(
        SELECT orders.stamp || ' ' || products.stamp
        FROM ({stamp_of_few_orders()}) AS orders (stamp), (
            SELECT CASE WHEN count(*) <= %(few)s::int THEN
                count(*) || '/' || coalesce(sum(revision), 0) || '/' || coalesce(max(id), 0) END
            FROM (SELECT id, revision FROM catalog_product LIMIT %(few)s::int + 1) AS first
        ) AS products (stamp)
    )"""

#: What a customer's own purchases speak for has the first rank, bestsellers of their categories and of
#: the shop the next. A chance is that the next order has it, in a million.
_STATEMENT = Statement(
    "recommendations",
    f"""
    WITH {WHO}, known AS (
        SELECT (SELECT id FROM who) AS customer, {ORDER_OF_WHO} AS based_on,
            (SELECT stamp FROM catalog_refresh) AS stamp,
            CASE WHEN coalesce((SELECT is_small FROM catalog_refresh), true) THEN {STAMP} END
                AS stamp_now
    ), bought AS (
        SELECT kept.order_id, kept.placed_at, product.id AS product_id,
            CASE WHEN kept.categories = '{{}}' THEN product.categories ELSE kept.categories END
                AS categories
        FROM ({kept_lines()}) AS kept LEFT JOIN catalog_product AS product ON product.sku = kept.sku
        WHERE kept.customer_id = (SELECT id FROM who) AND kept.placed_at <= %(now)s::timestamptz
    ), basis AS (
        SELECT * FROM bought
        WHERE %(order)s::text IS NULL OR order_id = (SELECT based_on FROM known)
    ), size AS (
        SELECT count(DISTINCT order_id) AS orders FROM basis
    ), own AS (
        SELECT product_id, count(DISTINCT order_id) AS times FROM basis
        WHERE product_id IS NOT NULL GROUP BY product_id
    ), grounds AS (
        SELECT pair.other_id AS product_id, 0 AS rank, 0 AS ground,
            pair.chance * own.times / size.orders AS chance, pair.product_id AS because, '' AS category
        FROM own JOIN catalog_pair AS pair ON pair.product_id = own.product_id, size
        UNION ALL
        SELECT product_id, 0, 1, 1000000 * times / (orders + 1), NULL, '' FROM own, size
        WHERE times > 1 AND %(order)s::text IS NULL
        UNION ALL
        SELECT best.product_id, 1, 2, best.chance * liked.times / size.orders, NULL, liked.category
        FROM (SELECT category, count(DISTINCT order_id) AS times
            FROM basis, unnest(basis.categories) AS category GROUP BY category) AS liked
        JOIN catalog_bestseller AS best ON best.category = liked.category, size
        UNION ALL
        SELECT product_id, 1, 3, chance, NULL, '' FROM catalog_bestseller WHERE category = ''
    ), decided AS (
        SELECT DISTINCT ON (product_id) * FROM grounds
        ORDER BY product_id, rank, chance DESC, ground, because, category
    ), shown AS (
        SELECT decided.rank, decided.ground, decided.chance, decided.category, product.sku, product.name_de,
            product.name_en, product.url, product.image_url, product.price, product.currency,
            anchor.name_de AS because_de, anchor.name_en AS because_en
        FROM decided JOIN catalog_product AS product ON product.id = decided.product_id
        LEFT JOIN catalog_product AS anchor ON anchor.id = decided.because
        WHERE product.available
            AND NOT EXISTS (SELECT FROM bought WHERE bought.product_id = decided.product_id
                AND (bought.placed_at > %(just_since)s::timestamptz
                    OR bought.order_id = (SELECT based_on FROM known)))
            AND (decided.rank, -decided.chance, product.sku)
                > (%(after_rank)s::int, %(after_chance)s::bigint, %(after_sku)s::text)
            AND (SELECT customer FROM known) IS NOT NULL
            AND (%(order)s::text IS NULL OR (SELECT based_on FROM known) IS NOT NULL)
        ORDER BY decided.rank, decided.chance DESC, product.sku
        LIMIT %(limit)s::int
    )
    SELECT known.customer, known.based_on, known.stamp, known.stamp_now, shown.*
    FROM known LEFT JOIN shown ON true
    ORDER BY shown.rank, shown.chance DESC, shown.sku
    """,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommended:
    """A product, and why; `place` is where it stands among the others."""

    sku: str
    name: ProductName
    url: str
    image_url: str
    price: int | None
    currency: str
    ground: Ground
    #: The product that speaks for it, and the category.
    because: ProductName
    category: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendations:
    """What was found. Unknown customers and orders, or another's, have nothing."""

    is_customer_known: bool
    is_order_known: bool
    #: The figures of a small shop are older than its orders or products.
    is_outdated: bool
    found: Sequence[Recommended]


def recommendations(
    *,
    customer_id: str,
    based_on: str | None = None,
    after: Place | None = None,
    limit: int,
    now: datetime,
) -> Recommendations:
    """What to recommend to a customer, best first, one more than `limit`; one statement.

    With `based_on` (an order of theirs) its products take the place of all that they bought.
    """
    rank, chance, sku = after or (-1, 0, "")
    just_bought = timedelta(days=settings.RECOMMENDATIONS_JUST_BOUGHT_DAYS)
    with connection.cursor() as cursor:
        _STATEMENT.run(
            cursor,
            {
                "customer": customer_id,
                "order": based_on,
                "few": FEW_ORDERS,
                "now": now,
                "just_since": now - just_bought,
                "after_rank": rank,
                "after_chance": chance,
                "after_sku": sku,
                "limit": limit + 1,
            },
        )
        rows = cursor.fetchall()
    customer, order, stamp, stamp_now = rows[0][:4]
    return Recommendations(
        is_customer_known=customer is not None,
        is_order_known=order is not None,
        is_outdated=stamp_now is not None and stamp_now != stamp,
        found=[_recommended(*row[4:]) for row in rows if row[4] is not None],
    )


def _recommended(
    rank: int, ground: int, chance: int, category: str, sku: str, name_de: str, name_en: str, url: str,
    image_url: str, price: int | None, currency: str, because_de: str | None,
    because_en: str | None,
) -> Recommended:  # fmt: skip
    return Recommended(
        sku=sku,
        name=ProductName(de=name_de, en=name_en),
        url=url,
        image_url=image_url,
        price=price,
        currency=currency,
        ground=GROUNDS[ground],
        because=ProductName(de=because_de, en=because_en),
        category=category,
        place=(rank, -chance, sku),
    )
