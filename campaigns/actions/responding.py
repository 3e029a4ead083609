"""Acts: write down what came back of a message.

No lock is waited for and nothing but PostgreSQL is asked; who has withdrawn the consent to tracking since
the message was sent, or had their data restricted, is not followed any more.
"""

from datetime import datetime
from typing import Any

from django.db import connection

from campaigns.domain.agents import BY_PEOPLE, INSTANT, Agent, is_scan

#: Of each kind and agent so many are kept per message: a page that loads a picture for ever fills no table.
MOST_KEPT = 20

_ALLOWED = """
    SELECT delivery.id FROM campaigns_delivery AS delivery
    JOIN customers_customer AS customer ON customer.id = delivery.customer_id
        AND NOT customer.is_restricted
    JOIN customers_consent AS consent ON consent.customer_id = delivery.customer_id
        AND consent.channel = CASE delivery.channel WHEN 'placement' THEN 'in_app'
            ELSE delivery.channel END
        AND consent.purpose = 'tracking' AND consent.state = 'granted'
    WHERE delivery.id = %(delivery)s AND delivery.customer_id = %(customer)s
"""
_KEPT = """
    SELECT count(*) FROM campaigns_response AS kept
    WHERE kept.delivery_id = allowed.id AND kept.kind = told.kind AND kept.agent = %(agent)s
"""
_OPEN = f"""
    INSERT INTO campaigns_response (delivery_id, kind, at, agent)
    SELECT allowed.id, told.kind, %(at)s, %(agent)s
    FROM ({_ALLOWED}) AS allowed, (VALUES ('open')) AS told (kind)
    WHERE ({_KEPT}) < %(most)s
"""
# Whoever clicks has opened: an open comes with it, unless there is one of a person's.
_CLICK = f"""
    INSERT INTO campaigns_response (delivery_id, kind, at, agent, link)
    SELECT allowed.id, told.kind, %(at)s, %(agent)s, told.link
    FROM ({_ALLOWED}) AS allowed,
        (VALUES ('click', %(link)s::smallint), ('open', NULL)) AS told (kind, link)
    WHERE CASE told.kind WHEN 'click' THEN ({_KEPT}) < %(most)s
        ELSE %(agent)s = ANY(%(people)s) AND NOT EXISTS (
            SELECT FROM campaigns_response AS before WHERE before.delivery_id = allowed.id
                AND before.kind = 'open' AND before.agent = ANY(%(people)s)) END
"""
_AT_ONCE = """
    SELECT count(DISTINCT link),
        (SELECT count(*) FROM campaigns_link WHERE campaign_id = %(campaign)s)
    FROM campaigns_response
    WHERE delivery_id = %(delivery)s AND kind = 'click' AND at BETWEEN %(since)s AND %(until)s
"""
_SCANNED = """
    WITH fooled AS (
        SELECT id FROM campaigns_response
        WHERE delivery_id = %(delivery)s AND kind IN ('open', 'click') AND agent = ANY(%(people)s)
            AND at BETWEEN %(since)s AND %(until)s
        ORDER BY id FOR NO KEY UPDATE)
    UPDATE campaigns_response SET agent = 'bot' WHERE id = ANY(ARRAY(SELECT id FROM fooled))
"""
_LEFT = """
    INSERT INTO campaigns_response (delivery_id, kind, at, agent)
    SELECT id, 'unsubscribe', %(at)s, 'human' FROM campaigns_delivery
    WHERE id = %(delivery)s AND customer_id = %(customer)s
    ON CONFLICT (delivery_id) WHERE kind = 'unsubscribe' DO NOTHING
"""
_TAKEN_BACK = """
    DELETE FROM campaigns_response AS response USING campaigns_delivery AS delivery
    WHERE response.delivery_id = %(delivery)s AND response.kind = 'unsubscribe'
        AND delivery.id = response.delivery_id AND delivery.customer_id = %(customer)s
"""


def note_open(*, customer_key: int, delivery_key: int, agent: Agent, now: datetime) -> None:
    """A message was opened, by whatever. 1 statement."""
    _run(_OPEN, delivery=delivery_key, customer=customer_key, agent=agent, at=now, most=MOST_KEPT)


def note_click(
    *,
    customer_key: int,
    delivery_key: int,
    campaign_key: int,
    number: int,
    agent: Agent,
    now: datetime,
) -> None:
    """A link of a message was followed. Where it turns out that a scanner follows them all, its
    earlier ones are called so, too.

    1 statement for a machine, 2 for a person. Of calls at the same time, the last one to be committed
    sees the others.
    """
    binds: dict[str, Any] = {"delivery": delivery_key, "people": list(BY_PEOPLE)}
    _run(_CLICK, **binds, customer=customer_key, agent=agent, at=now, link=number, most=MOST_KEPT)
    if agent not in BY_PEOPLE:
        return
    binds |= {"since": now - INSTANT, "until": now + INSTANT}
    with connection.cursor() as cursor:
        cursor.execute(_AT_ONCE, {**binds, "campaign": campaign_key})
        at_once, in_all = cursor.fetchone()
    if is_scan(links_at_once=at_once, links_in_all=in_all):
        _run(_SCANNED, **binds)


def note_leaving(*, customer_key: int, delivery_key: int, now: datetime) -> None:
    """A customer left by this message, once. Part of the caller's transaction.

    To leave is the customer's own word, so it is written down whatever they say of tracking.
    """
    _run(_LEFT, delivery=delivery_key, customer=customer_key, at=now)


def forget_leaving(*, customer_key: int, delivery_key: int) -> None:
    """They took it back. Part of the caller's transaction."""
    _run(_TAKEN_BACK, delivery=delivery_key, customer=customer_key)


def _run(statement: str, **binds: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, binds)
