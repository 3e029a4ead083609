"""Fields of what the customer belongs to, and of what they did."""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from common.fields import Word
from customers.domain.rules import Leaf, Words
from customers.queries.fields.field import NOW, Field, Found, Scalar, Source, literal, since
from customers.queries.fields.orders import Days

Property = Annotated[str, Meta(max_length=1_000)] | bool | int | float


class EventOptions(Struct, frozen=True, forbid_unknown_fields=True):
    """Which events count: those of a name, with the properties that are given."""

    name: Word
    within_days: Days | None = None
    where: Annotated[dict[Word, Property], Meta(max_length=20)] = {}


def fields() -> list[Field]:
    """Events, memberships, other segments."""
    return [
        Field(
            "events.count",
            "number",
            Words("Events", "Ereignisse"),
            _events,
            EventOptions,
            is_plural=True,
        ),
        Field("membership", "groups", Words("Membership", "Mitgliedschaft"), _memberships),
        # Its value comes from the rules of the segments named: the compiler finds it.
        Field("segment", "segments", Words("Segment", "Segment"), lambda leaf: Found("NULL")),
    ]


def _events(leaf: Leaf) -> Found:
    options: EventOptions = leaf.options
    conditions = [
        f"event.name = {literal(options.name)}",
        since(options.within_days, "event.occurred_at"),
        *(
            f"event.properties -> {literal(name)} = {json_literal(value)}"
            for name, value in options.where.items()
        ),
    ]
    return Found(
        "coalesce({s}.events, 0)",
        Source(
            f"""
            SELECT event.customer_id, count(*) AS events FROM customers_event AS event
            WHERE {" AND ".join(conditions)} {{one}} GROUP BY event.customer_id
            """,
            key="event.customer_id",
        ),
    )


def _memberships(leaf: Leaf) -> Found:
    return Found(
        "coalesce({s}.plans, ARRAY[]::text[])",
        Source(
            f"""
            SELECT held.customer_id, array_agg(plan.reference::text) AS plans
            FROM customers_membership AS held
            JOIN customers_membershipplan AS plan ON plan.id = held.plan_id
            WHERE held.starts_at <= {NOW} AND (held.ends_at IS NULL OR held.ends_at > {NOW}) {{one}}
            GROUP BY held.customer_id
            """,
            key="held.customer_id",
        ),
    )


def json_literal(value: Scalar) -> str:
    """The value as JSON in SQL."""
    return f"{literal(msgspec.json.encode(value).decode())}::jsonb"
