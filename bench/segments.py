"""Segments in a large shop: a refresh beside the same set written by hand, and counts while one types."""

import re
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from statistics import median, quantiles
from typing import Any

from bench import sql
from bench.figures import Figure, Report
from bench.rules import Rule, random_rules
from bench.service import Service
from bench.sizes import Sizes

SEGMENT = "best-buyers"
RULE: Rule = {"field": "orders.rfm", "op": "in", "value": ["champions", "loyal"]}
RULES = 50
#: How many of the rules must be counted exactly or estimated within a factor of two.
MOST_WRONG = 5
_SAID = re.compile(r"(\d+) members, (\d+) entered, (\d+) left, ([\d.]+) s")

#: The set of `RULE` as one would write it by hand, from the same tables. Who was erased is in no set.
_BY_HAND = """
    INSERT INTO bench_member (segment_id, customer_id, since)
    SELECT 1, customer_id, now() FROM (
        SELECT customer_id,
            CASE WHEN days <= r[1] THEN 5 WHEN days <= r[2] THEN 4 WHEN days <= r[3] THEN 3 ELSE 2 END
                AS recency,
            (orders > f[1])::int + (orders > f[2])::int + (orders > f[3])::int + (orders > f[4])::int
                + 1 AS frequency, money, orders
        FROM (
            SELECT metrics.customer_id, sum(orders_count) AS orders,
                floor(extract(epoch FROM now() - max(last_placed_at)) / 86400) AS days,
                max((total_amount > m.thresholds[1])::int + (total_amount > m.thresholds[2])::int
                    + (total_amount > m.thresholds[3])::int + (total_amount > m.thresholds[4])::int)
                    + 1 AS money
            FROM customers_customermetrics AS metrics
            JOIN customers_rfmthreshold AS m
                ON m.measure = 'money' AND m.currency = metrics.currency
            WHERE orders_count > 0 GROUP BY metrics.customer_id
        ) AS buyers,
        (SELECT thresholds AS r FROM customers_rfmthreshold WHERE measure = 'recency') AS recencies,
        (SELECT thresholds AS f FROM customers_rfmthreshold WHERE measure = 'frequency') AS counts
    ) AS scored
    JOIN customers_customer AS customer
        ON customer.id = scored.customer_id AND customer.erased_at IS NULL
    WHERE (recency >= 4 AND frequency + money >= 8)
        OR (recency >= 3 AND frequency + money >= 6 AND NOT (recency >= 4 AND orders = 1))
"""


def benchmark(service: Service, *, sizes: Sizes) -> Report:
    """Refreshes and hand-written inserts in turn; then one call of `preview` for each random rule."""
    url = service.database_url
    service.call("PUT", f"/segments/{SEGMENT}", {"name": SEGMENT, "kind": "dynamic", "rule": RULE})
    sql.run(url, "CREATE TABLE bench_member (LIKE customers_segmentmember INCLUDING ALL)")
    _empty(url)
    _, _, _, with_thresholds = _refresh(service)
    ours, by_hand = [], []
    for _ in range(sizes.rounds):
        _empty(url)
        members, entered, _, seconds = _refresh(service)
        ours.append(seconds)
        by_hand.append(_write_by_hand(url))
        assert members == entered == _rows(url, "bench_member"), "another set than that by hand"
    written = _written(url)
    again = _refresh(service)
    changed = _written(url) - written
    counted = [_preview(service, rule) for rule in random_rules(RULES)]
    counted = [
        one | {"true": true}
        for one, true in zip(counted, _true_counts(service, counted), strict=True)
    ]
    return Report(
        name="segments",
        figures=[
            Figure(
                name="refresh of an RFM segment, times INSERT ... SELECT by hand",
                value=median(a / b for a, b in zip(ours, by_hand, strict=True)),
                target=1.2,
            ),
            Figure(name="refresh, empty to full", value=median(ours), unit="s"),
            Figure(name="the same with new thresholds", value=with_thresholds, unit="s"),
            Figure(name="refresh of what has not changed", value=again[3], unit="s"),
            Figure(name="rows that this writes", value=changed, target=0),
            Figure(name="members", value=again[0]),
            *_preview_figures(counted),
        ],
        detail={"ours": ours, "by_hand": by_hand, "previews": counted},
    )


def _empty(url: str) -> None:
    """As before the first refresh; thresholds stay. What was written before is on the disk."""
    sql.run(
        url,
        "TRUNCATE customers_segmentmember",
        "TRUNCATE bench_member",
        "UPDATE customers_segment SET evaluated_at = NULL, member_count = 0",
        "CHECKPOINT",
    )


def _refresh(service: Service) -> tuple[int, int, int, float]:
    """Members, entered, left, seconds."""
    said = service.servers.manage("refresh_segments", SEGMENT)
    found = _SAID.search(said)
    assert found is not None, said
    return int(found[1]), int(found[2]), int(found[3]), float(found[4])


def _write_by_hand(url: str) -> float:
    sql.run(url, "CHECKPOINT")
    began = time.perf_counter()
    sql.run(url, _BY_HAND)
    return time.perf_counter() - began


def _rows(url: str, table: str) -> int:
    return int(sql.rows(url, f"SELECT count(*) FROM {table}")[0][0])


def _written(url: str) -> int:
    """Rows ever inserted, updated or deleted in the tables of members."""
    statement = """
        SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_user_tables
        WHERE relname IN ('customers_segmentmember', 'customers_segmentpassage')"""
    with sql.session(url) as cursor:
        # Each backend tells the statistics what it wrote when it ends, at the latest.
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute(statement)
        return int(cursor.fetchone()[0])


def _preview(service: Service, rule: Rule) -> dict[str, Any]:
    """What a call says and how long it takes."""
    began = time.perf_counter()
    told = service.call("POST", "/segments/preview", {"rule": rule})
    return {"rule": rule, "seconds": time.perf_counter() - began, **told}


def _true_counts(service: Service, counted: Sequence[dict[str, Any]]) -> list[int]:
    """Two at once, each in a segment that nobody else uses meanwhile: one may take minutes."""
    free: SimpleQueue[str] = SimpleQueue()
    for number in range(2):
        free.put(f"counted-{number}")

    def counts(one: dict[str, Any]) -> int:
        name = free.get()
        try:
            return _true_count(service, name, one)
        finally:
            free.put(name)

    with ThreadPoolExecutor(free.qsize()) as pool:
        return list(pool.map(counts, counted))


def _true_count(service: Service, name: str, one: dict[str, Any]) -> int:
    """Counted to the end where the call had only estimated it."""
    if not one["is_estimate"]:
        return int(one["count"])
    body = {"name": name, "kind": "dynamic", "rule": one["rule"]}
    if service.call("PUT", f"/segments/{name}", body)["evaluated_at"] is None:
        # In a large shop a worker would do it.
        service.servers.manage("refresh_segments", name)
    return int(service.call("GET", f"/segments/{name}")["member_count"])


def _preview_figures(counted: Sequence[dict[str, Any]]) -> list[Figure]:
    estimates = [one for one in counted if one["is_estimate"]]
    wrong = [one for one in estimates if not one["true"] <= 2 * one["count"] <= 4 * one["true"]]
    seconds = [one["seconds"] for one in counted]
    return [
        Figure(
            name=f"preview of {RULES} random rules: p95",
            value=quantiles(seconds, n=20)[18],
            unit="s",
            target=2,
        ),
        Figure(name="preview: median", value=median(seconds), unit="s"),
        Figure(name="preview: estimated", value=len(estimates)),
        Figure(
            name="preview: estimates off by more than a factor of two",
            value=len(wrong),
            target=MOST_WRONG,
        ),
    ]
