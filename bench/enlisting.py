"""Recipients of a campaign by the million, beside the bare statement that writes the same columns of them."""

import time
from dataclasses import replace
from datetime import UTC, datetime
from statistics import median

from bench import outgoing, sql
from bench.figures import Figure, Report
from bench.seed import customers_sql
from bench.service import Service, new_service
from bench.sizes import Sizes
from stack.testing import Stack

SEGMENT = "everybody"
CAMPAIGN = "news"

_MEMBERS = f"""
    INSERT INTO customers_segmentmember (segment_id, customer_id, since)
    SELECT segment.id, customer.id, now() FROM customers_customer AS customer
    JOIN customers_segment AS segment ON segment.reference = '{SEGMENT}'
"""
_BARE = f"""
    INSERT INTO bench_delivery (campaign_id, occurrence, customer_id, channel, variant, state, reason,
        not_before, expires_at, subject, enlisted_at, attempts, closed_at)
    SELECT 1, 'once', customer_id, 'email', '', 'pending', '', now(), now() + interval '48 hours',
        NULL, now(), 0, NULL
    FROM customers_segmentmember AS member
    JOIN customers_segment AS segment ON segment.id = member.segment_id
    WHERE segment.reference = '{SEGMENT}'
"""
_AS_BEFORE = (
    "TRUNCATE campaigns_delivery CASCADE",
    "TRUNCATE bench_delivery",
    "UPDATE campaigns_occurrence SET enlisted_at = NULL, enlisted_through = 0",
    "CHECKPOINT",
)


def benchmark(servers: Stack, sizes: Sizes) -> Report:
    """In turn, each from an empty table; a tenth is held out, which the bare statement need not draw."""
    ours, bare = [], []
    with new_service(servers, "bench_enlisting") as service:
        url = service.database_url
        sql.run(url, customers_sql(sizes.history_customers))
        service.call("PUT", f"/segments/{SEGMENT}", {"name": SEGMENT, "kind": "static"})
        sql.run(
            url, _MEMBERS, "CREATE TABLE bench_delivery (LIKE campaigns_delivery INCLUDING ALL)"
        )
        _start_campaign(service)
        sql.run(url, "VACUUM ANALYZE")
        for number in range(sizes.rounds):
            for is_ours in (True, False) if number % 2 else (False, True):
                sql.run(url, *_AS_BEFORE)
                if is_ours:
                    told = outgoing.done(url, "enlist")
                    assert told["rows"] == sizes.history_customers, told
                    ours.append(told["seconds"])
                else:
                    began = time.perf_counter()
                    sql.run(url, _BARE)
                    bare.append(time.perf_counter() - began)
    return Report(
        name="enlisting",
        figures=[
            Figure(
                name="enlisting: share of INSERT ... SELECT of the same columns",
                value=median(b / a for a, b in zip(ours, bare, strict=True)),
                # What each chunk costs beside its rows weighs more in a small table.
                target=0.5 if sizes.is_published else None,
                at_least=True,
            ),
            Figure(
                name="enlisting: recipients",
                value=sizes.history_customers / median(ours),
                unit="/s",
            ),
        ],
        detail={"ours": ours, "bare": bare},
    )


def _start_campaign(service: Service) -> None:
    second = replace(service, api_key=service.servers.api_key("second"))
    body = {
        "name": CAMPAIGN,
        "channel": "email",
        "audience": {"segments": [SEGMENT]},
        "trigger": {"kind": "once", "at": datetime.now(UTC).isoformat()},
        "content": {"en": {"subject": "News", "body": "There is news."}},
        "holdout_percent": "10",
    }
    service.call("PUT", f"/campaigns/{CAMPAIGN}", body)
    for by, act in ((service, "submit"), (second, "approve"), (second, "schedule")):
        by.call("POST", f"/campaigns/{CAMPAIGN}/{act}", {}, key=f"bench-enlisting-{act}")
