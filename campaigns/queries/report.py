"""Reads: what a campaign brought. Three statements over its own rows, whatever it sent."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection

from campaigns.domain.lift import Group, Lift, Sums
from campaigns.domain.report import Agents, Figures, Report, Takings, VariantFigures, together
from campaigns.models import Campaign
from campaigns.queries.attribution import conversions, window
from campaigns.queries.takings import takings
from customers.queries.takings import IS_PAID

_NOW = "%(now)s::timestamptz"
_CAMPAIGN = "%(campaign)s::bigint"
_SENT = ("accepted", "delivered", "bounced", "complained")
#: Triggers that come to everybody alike, whatever they buy.
_TO_EVERYBODY = ("once", "recurring", "birthday", "anniversary")
#: Each message counts once: for a person if one ever opened it, else for what comes next here.
_AGENTS = ("human", "unknown", "proxy", "bot")


def report_of(campaign_key: int, *, now: datetime) -> Report:
    """What the campaign brought by `now`. 4 statements.

    Orders, returns and responses after `now` do not count; cancellations and what cashback was taken back
    count as they stand.
    """
    campaign = Campaign.objects.get(pk=campaign_key)
    binds = {"campaign": campaign_key, "now": now, "lasts": campaign.expires_after_hours}
    messages = _rows(_messages(), binds)
    converted = _rows(_conversions(), binds)
    parts = [
        VariantFigures(name, _figures(row, [figures for of, *figures in converted if of == name]))
        for name, *row in sorted(messages, key=lambda message: message[0])
        if row[0]
    ]
    people, lifts = _lifts(_rows(_lift(first_rows=_depends_on_buying(campaign)), binds))
    return Report(
        at=now,
        window_days=settings.CAMPAIGN_WINDOW_DAYS,
        held_out=sum(row[-1] for row in messages),
        total=together([part.figures for part in parts]),
        variants=parts,
        treated_people=people[False],
        held_out_people=people[True],
        lifts=lifts,
    )


def _rows(sql: str, binds: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, binds)
        return list(cursor.fetchall())


def _depends_on_buying(campaign: Campaign) -> bool:
    """Whether what somebody buys decides on which further occasions they are enlisted.

    Then only the first of each may count: who was held out and stays away would be looked at more often, or
    who was won more often, and the sides would differ by more than the campaign.
    """
    is_for_all = campaign.trigger["kind"] in _TO_EVERYBODY and not campaign.audience.get("segments")
    return not is_for_all or bool(campaign.audience.get("exclude_segments"))


def _messages() -> str:
    """By content: how many messages, and what came back of them. Last who was held out of it.

    A person's click is an open too: whoever has pictures switched off reads all the same.
    """
    by_agent = ", ".join(
        f"min(CASE WHEN response.kind {kinds} THEN {_place('response.agent')} END) AS {name}"
        for name, kinds in (
            ("opened", "= 'open' OR response.kind = 'click' AND response.agent = 'human'"),
            ("clicked", "= 'click'"),
        )
    )
    counts = ", ".join(
        f"count(*) FILTER (WHERE back.{name} = {place})"
        for name in ("opened", "clicked")
        for place in range(len(_AGENTS))
    )
    sent = ", ".join(f"'{state}'" for state in _SENT)
    return f"""
        SELECT sent.variant, count(*) FILTER (WHERE sent.state <> 'held_out'),
            count(*) FILTER (WHERE sent.state IN ({sent})),
            count(*) FILTER (WHERE sent.state IN ('delivered', 'complained')),
            count(*) FILTER (WHERE sent.state = 'bounced'),
            count(*) FILTER (WHERE sent.state = 'complained'),
            {counts}, count(back.left), count(*) FILTER (WHERE sent.state = 'held_out')
        FROM campaigns_delivery AS sent
        LEFT JOIN (
            SELECT response.delivery_id, {by_agent},
                max(1) FILTER (WHERE response.kind = 'unsubscribe') AS left
            FROM campaigns_response AS response
            JOIN campaigns_delivery AS asked ON asked.id = response.delivery_id
            WHERE asked.campaign_id = {_CAMPAIGN} AND response.at <= {_NOW}
            GROUP BY response.delivery_id
        ) AS back ON back.delivery_id = sent.id
        WHERE sent.campaign_id = {_CAMPAIGN}
        GROUP BY sent.variant
    """


def _place(column: str) -> str:
    whens = " ".join(f"WHEN '{agent}' THEN {place}" for place, agent in enumerate(_AGENTS))
    return f"CASE {column} {whens} END"


def _conversions() -> str:
    """By content and currency, and by content alone: messages that orders followed, and what these came to."""
    return f"""
        WITH converted AS MATERIALIZED ({conversions(_CAMPAIGN)})
        SELECT converted.variant, brought.currency, count(DISTINCT converted.delivery_id), count(*),
            sum(brought.revenue)::bigint, sum(brought.discount)::bigint, sum(brought.goods)::bigint,
            sum(brought.cashback)::bigint, sum(brought.profit)::bigint
        FROM converted
        JOIN ({takings("SELECT order_id FROM converted")}) AS brought
            ON brought.order_id = converted.order_id
        GROUP BY GROUPING SETS ((converted.variant, brought.currency), (converted.variant))
    """


def _lift(*, first_rows: bool) -> str:
    """By side, how many people; by side and currency, how many bought, how often, and sums of what each
    of them spent and left, and of the squares of it.

    The window of each row begins when it was due, on both sides alike: `not_before` is moved by quiet hours
    and busy servers, but only where something is sent. `first_rows`: of each person only the first counts.
    """
    first = "DISTINCT ON (meant.customer_id)" if first_rows else ""
    order = "ORDER BY meant.customer_id, due.at, meant.id" if first_rows else ""
    due = """coalesce(meant.expires_at - make_interval(hours => %(lasts)s::int), occasion.at,
                meant.enlisted_at)"""
    return f"""
        WITH enlisted AS MATERIALIZED (
            SELECT {first} meant.customer_id, meant.state = 'held_out' AS is_held, due.at
            FROM campaigns_delivery AS meant
            LEFT JOIN campaigns_occurrence AS occasion
                ON occasion.campaign_id = meant.campaign_id AND occasion.key = meant.occurrence
            CROSS JOIN LATERAL (SELECT {due}) AS due (at)
            WHERE meant.campaign_id = {_CAMPAIGN} AND due.at <= {_NOW} {order}
        ), people AS MATERIALIZED (
            SELECT customer_id, bool_and(is_held) AS is_held FROM enlisted GROUP BY customer_id
        ), bought AS MATERIALIZED (
            SELECT DISTINCT placed.id
            FROM enlisted
            JOIN customers_order AS placed ON placed.customer_id = enlisted.customer_id
                AND placed.placed_at >= enlisted.at AND placed.placed_at < enlisted.at + {window()}
            WHERE placed.status <> 'cancelled' AND {IS_PAID} AND placed.placed_at <= {_NOW}
                AND placed.placed_at >= (SELECT min(at) FROM enlisted)
                AND placed.placed_at < (SELECT max(at) FROM enlisted) + {window()}
        ), spent AS (
            SELECT customer_id, currency, count(*) AS orders, sum(revenue) AS revenue,
                sum(profit) AS profit
            FROM ({takings("SELECT id FROM bought")}) AS brought GROUP BY customer_id, currency
        )
        SELECT is_held, NULL, count(*), 0, 0, 0, 0, 0 FROM people GROUP BY is_held
        UNION ALL
        SELECT people.is_held, spent.currency, count(*), sum(spent.orders), sum(spent.revenue),
            sum(spent.revenue * spent.revenue), sum(spent.profit), sum(spent.profit * spent.profit)
        FROM spent JOIN people USING (customer_id) GROUP BY people.is_held, spent.currency
    """


def _figures(row: Sequence[int], converted: Sequence[Any]) -> Figures:
    """A row of `_messages` without its name, and the rows of `_conversions` of the same content."""
    enlisted, sent, delivered, bounced, complained, *agents, unsubscribed, _held_out = row
    return Figures(
        enlisted=enlisted,
        sent=sent,
        delivered=delivered,
        bounced=bounced,
        complained=complained,
        opened=Agents(*agents[: len(_AGENTS)]),
        clicked=Agents(*agents[len(_AGENTS) :]),
        unsubscribed=unsubscribed,
        converted=sum(messages for currency, messages, *_ in converted if currency is None),
        takings=[
            Takings(
                currency=currency, orders=orders, revenue=revenue, discount_cost=discount,
                goods_cost=goods, cashback_cost=cashback, profit=profit,
            )
            for currency, _, orders, revenue, discount, goods, cashback, profit in sorted(
                row for row in converted if row[0] is not None
            )
        ],
    )  # fmt: skip


def _lifts(rows: Sequence[Any]) -> tuple[dict[bool, int], list[Lift]]:
    people = {False: 0, True: 0} | {
        is_held: count for is_held, currency, count, *_ in rows if currency is None
    }
    groups: dict[str, dict[bool, Group]] = defaultdict(
        lambda: {side: Group(people=count) for side, count in people.items()}
    )
    for is_held, currency, buyers, *sums in rows:
        if currency is not None:
            orders, revenue, revenue_squares, profit, profit_squares = map(int, sums)
            groups[currency][is_held] = Group(
                people=people[is_held],
                buyers=buyers,
                orders=orders,
                revenue=Sums(revenue, revenue_squares),
                profit=Sums(profit, profit_squares),
            )
    lifts = [Lift(name, sides[False], sides[True]) for name, sides in sorted(groups.items())]
    return people, lifts
