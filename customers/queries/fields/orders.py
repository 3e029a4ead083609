"""Fields of what the customer has bought.

Without a period and without a choice of items the figures are those that every order keeps up to
date (`customers_customermetrics`). They know nothing of an instant in the past, so whoever has a
later order or return is counted from the orders themselves.
"""

from collections.abc import Callable
from typing import Annotated

from django.conf import settings
from msgspec import Meta, Struct

from common.fields import Currency, ShopId, Word
from customers.domain.rules import Leaf, Words
from customers.queries.fields.field import (
    NOW,
    Field,
    Found,
    Source,
    literal,
    since,
    texts,
    whole_days,
)

Days = Annotated[int, Meta(ge=1, le=36_500)]
Names = Annotated[list[Word], Meta(min_length=1, max_length=1_000)]
Ids = Annotated[list[ShopId], Meta(min_length=1, max_length=1_000)]


class OrderItems(Struct, frozen=True, forbid_unknown_fields=True):
    """Of which items, bought where. All that is given must hold, each by any of its entries."""

    categories: Names | None = None
    skus: Names | None = None
    brands: Names | None = None
    channels: Names | None = None
    partners: Ids | None = None


class CountOptions(Struct, frozen=True, forbid_unknown_fields=True):
    """Which orders count."""

    within_days: Days | None = None
    currency: Currency | None = None
    where: OrderItems | None = None


class AmountOptions(Struct, frozen=True, forbid_unknown_fields=True):
    """Which orders count; amounts are of one currency."""

    currency: Currency
    within_days: Days | None = None
    where: OrderItems | None = None


#: Whether anything came back after now. Known by one look at an index, whatever PostgreSQL expects of
#: an instant that it does not know yet.
_ANY_LATER = f"(SELECT max(returned_at) FROM customers_orderreturn) > {NOW}"
_OF_LINES = "JOIN customers_orderline AS line ON line.order_id = placed.id"


def units_back() -> str:
    """The units of a line that were back by now. Returns are noted as of the call, so later ones are
    there only on the test clock, where somebody asks about the past.
    """
    if not settings.TEST_CLOCK:
        return "line.returned_quantity"
    return f"""(line.returned_quantity - CASE WHEN line.returned_quantity > 0 AND {_ANY_LATER} THEN (
        SELECT coalesce(sum(part.quantity), 0) FROM customers_orderreturnline AS part
        JOIN customers_orderreturn AS back ON back.id = part.order_return_id
        WHERE part.line_id = line.id AND back.returned_at > {NOW}) ELSE 0 END)"""


def _is_later() -> str:
    """Whether the customer of the row `figures` has an order or, likewise, a return after now."""
    ordered = f"figures.last_placed_at > {NOW}"
    if not settings.TEST_CLOCK:
        return ordered
    return f"""({ordered} OR ({_ANY_LATER} AND EXISTS (
        SELECT FROM customers_order AS sold
        JOIN customers_orderreturn AS back ON back.order_id = sold.id
        WHERE sold.customer_id = figures.customer_id AND back.returned_at > {NOW})))"""


def _units_kept() -> str:
    """The units kept."""
    return f"sum(line.quantity - {units_back()})"


def _paid_for_them() -> str:
    """What they cost, each less its share of the line's discount. Leftover minor units of the discount
    lie on the first units, which go back first.
    """
    back = units_back()
    return f"""sum(
        (line.quantity - {back}) * (line.unit_price - line.discount_amount / line.quantity)
        - greatest(mod(line.discount_amount, line.quantity) - {back}, 0))::numeric"""


_COUNTS = "placed.customer_id IS NOT NULL AND placed.status <> 'cancelled'"


def fields() -> list[Field]:
    """How many, how much, how long ago."""
    return [
        Field(
            "orders.count",
            "number",
            Words("Orders", "Bestellungen"),
            _count,
            CountOptions,
            is_plural=True,
        ),
        Field(
            "orders.total",
            "number",
            Words("Turnover", "Umsatz"),
            _total,
            AmountOptions,
            is_money=True,
        ),
        Field(
            "orders.average",
            "number",
            Words("Average order", "Mittlere Bestellung"),
            _average,
            AmountOptions,
            is_money=True,
        ),
        Field(
            "orders.items",
            "number",
            Words("Items bought", "Gekaufte Artikel"),
            _items,
            CountOptions,
            is_plural=True,
        ),
        Field(
            "orders.days_since_first",
            "day",
            Words("Days since the first order", "Tage seit der ersten Bestellung"),
            lambda leaf: Found(whole_days("{s}.first_at"), _running(None)),
            is_plural=True,
        ),
        Field(
            "orders.days_since_last",
            "day",
            Words("Days since the last order", "Tage seit der letzten Bestellung"),
            lambda leaf: Found(whole_days("{s}.last_at"), _running(None)),
            is_plural=True,
        ),
    ]


def _count(leaf: Leaf) -> Found:
    options: CountOptions = leaf.options
    return Found("coalesce({s}.orders, 0)", _running_or(options, _counted))


def _items(leaf: Leaf) -> Found:
    return Found("coalesce({s}.items, 0)", _running_or(leaf.options, _summed))


def _total(leaf: Leaf) -> Found:
    return Found("coalesce({s}.amount, 0)", _running_or(leaf.options, _summed))


def _average(leaf: Leaf) -> Found:
    parts = ("{s}.amount", "{s}.orders")
    source = _running_or(leaf.options, _summed_and_counted)
    return Found("({s}.amount / nullif({s}.orders, 0))", source, parts)


Options = CountOptions | AmountOptions


def _running_or(options: Options, counted: Callable[[Options], Source]) -> Source:
    """The figures that are kept, where they are those asked for."""
    if options.within_days is None and options.where is None:
        return _running(options.currency)
    return counted(options)


def figures_at_now() -> str:
    """A SELECT of each customer's figures by currency: those that are kept, but of whoever ordered after
    now counted anew. `{one}` stands in it as in a source's text, its key is `figures.customer_id`.
    """
    later = _is_later()
    return f"""
        SELECT figures.customer_id, figures.currency, orders_count::bigint AS orders,
            items_count::bigint AS items, total_amount::numeric AS amount,
            first_placed_at AS first_at, last_placed_at AS last_at
        FROM customers_customermetrics AS figures WHERE NOT {later} {{one}}
        UNION ALL
        SELECT figures.customer_id, figures.currency, anew.orders, anew.items, anew.amount,
            anew.first_at, anew.last_at
        FROM customers_customermetrics AS figures CROSS JOIN LATERAL (
            SELECT count(DISTINCT placed.id) AS orders, coalesce({_units_kept()}, 0) AS items,
                coalesce({_paid_for_them()}, 0) AS amount,
                min(placed.placed_at) AS first_at, max(placed.placed_at) AS last_at
            FROM customers_order AS placed {_OF_LINES}
            WHERE placed.customer_id = figures.customer_id AND placed.status <> 'cancelled'
                AND placed.currency = figures.currency AND {since(None, "placed.placed_at")}
        ) AS anew
        WHERE {later} {{one}}
        """


def _running(currency: str | None) -> Source:
    """The figures at now, over all currencies or one."""
    only = "true" if currency is None else f"currency = {literal(currency)}"
    return Source(
        f"""
        SELECT customer_id, sum(orders) AS orders, sum(items) AS items, sum(amount) AS amount,
            min(first_at) AS first_at, max(last_at) AS last_at
        FROM ({figures_at_now()}) AS bought WHERE {only} GROUP BY customer_id
        """,
        key="figures.customer_id",
    )


def _counted(options: Options) -> Source:
    """How many orders, counted without their lines where nothing is asked of these."""
    of_orders, of_lines = _conditions(options)
    if of_lines:
        found = " AND ".join(["line.order_id = placed.id", *of_lines])
        of_orders.append(f"EXISTS (SELECT FROM customers_orderline AS line WHERE {found})")
    return _by_customer("count(*) AS orders", "", of_orders)


def _summed(options: Options) -> Source:
    of_orders, of_lines = _conditions(options)
    figures = f"{_units_kept()} AS items, {_paid_for_them()} AS amount"
    return _by_customer(figures, _OF_LINES, [*of_orders, *of_lines])


def _summed_and_counted(options: Options) -> Source:
    of_orders, of_lines = _conditions(options)
    figures = f"count(DISTINCT placed.id) AS orders, {_paid_for_them()} AS amount"
    return _by_customer(figures, _OF_LINES, [*of_orders, *of_lines])


def _by_customer(figures: str, of_lines: str, conditions: list[str]) -> Source:
    return Source(
        f"""
        SELECT placed.customer_id, {figures} FROM customers_order AS placed {of_lines}
        WHERE {_COUNTS} AND {" AND ".join(conditions)} {{one}}
        GROUP BY placed.customer_id
        """,
        key="placed.customer_id",
    )


def _conditions(options: Options) -> tuple[list[str], list[str]]:
    """On the order, and on its lines."""
    of_orders, of_lines = [since(options.within_days, "placed.placed_at")], []
    if options.currency is not None:
        of_orders.append(f"placed.currency = {literal(options.currency)}")
    where = options.where or OrderItems()
    if where.channels is not None:
        of_orders.append(f"placed.channel = ANY({texts(where.channels)})")
    if where.partners is not None:
        of_orders.append(f"placed.partner_reference = ANY({texts(where.partners)})")
    if where.categories is not None:
        of_lines.append(f"line.categories && {texts(where.categories)}::varchar[]")
    if where.skus is not None:
        of_lines.append(f"line.sku = ANY({texts(where.skus)})")
    if where.brands is not None:
        of_lines.append(f"line.brand = ANY({texts(where.brands)})")
    return of_orders, of_lines
