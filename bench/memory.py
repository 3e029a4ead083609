"""What the web processes hold in memory with a real grocer's promotions, and what an edit costs.

The Complete Journey's 1,197 coupons: the widest covers 14,477 products. They run now, not in 2017,
and each has a code that anybody may enter, so that only their number and their size matter.
"""

import os
import random
import sys
import tempfile
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path

from bench import sql
from bench.cpu import cpu_seconds, resident_mb
from bench.figures import Figure, Report
from bench.load import send
from bench.measure import CLIENTS
from bench.offers import Body
from bench.service import Service, decoded, new_service
from bench.statements import logged
from replay import bodies
from replay.plan import Offer, make_plan
from replay.reading import Journey, read_journey
from stack.paths import CHECKOUT
from stack.testing import Stack

VALIDATES = 1_000
MOST_MB = 250
_NAMES = bodies.Names("bench")
_CHUNK = 1_000


def benchmark(servers: Stack) -> Report:
    """Set up, 1,000 validates over all promotions, one edit, the same again."""
    journey, remark = _journey()
    plan = make_plan(journey, with_orders=False)
    chance = random.Random(4)
    with new_service(servers, "bench_memory") as service:
        before = max(map(resident_mb, service.pids[1:]))
        _set_up(service, plan.customers, plan.members, plan.offers)
        carts = [_cart(chance.choice(plan.offers), chance) for _ in range(VALIDATES)]
        requests = [service.request("POST", "/checkout/validate", cart) for cart in carts]
        first = _cpu_ms(service, requests[:CLIENTS])
        _cpu_ms(service, requests)
        held = [resident_mb(pid) for pid in service.pids[1:]]
        usual = _cpu_ms(service, requests[:CLIENTS])
        read_again = _read_again(service, plan.offers[0], requests[0])
        service.call("PATCH", _path(plan.offers[1]), {"name": "Edited"})
        edited = _cpu_ms(service, requests[:CLIENTS])
    return Report(
        name="memory",
        figures=[
            Figure(
                name="memory: the largest web process", value=max(held), unit="MB", target=MOST_MB
            ),
            Figure(name="memory: before the first promotion", value=before, unit="MB"),
            Figure(name="promotions in it", value=len(plan.offers)),
            Figure(name="an edit: definitions read again", value=read_again, target=1),
            Figure(name="8 calls that compile all: CPU", value=first, unit="ms"),
            Figure(name="8 calls after an edit: CPU", value=edited, unit="ms"),
            Figure(name="8 calls: CPU", value=usual, unit="ms"),
        ],
        detail={"web_processes_mb": held},
        remarks=[remark] if remark else [],
    )


def _journey() -> tuple[Journey, str]:
    """The real files, or a small grocer made by chance, and then a remark that says so."""
    shared = Path(os.environ.get("SHARED_DIR") or CHECKOUT.parent / "shared")
    folder = shared / "data" / "complete_journey"
    if (folder / "coupon_products.csv.gz").exists():
        return read_journey(folder), ""
    remark = (
        f"THE REAL FILES ARE ABSENT: nothing at {folder}; set SHARED_DIR to the folder that holds"
        " data/complete_journey. A small made-up grocer stands in for them: its figures say little."
    )
    print(remark, file=sys.stderr)
    grocer = import_module("tests.replay.generated")
    with tempfile.TemporaryDirectory() as made:
        return read_journey(grocer.generate(Path(made), seed=1)), remark


def _set_up(
    service: Service,
    customers: Sequence[str],
    members: Mapping[str, Sequence[str]],
    offers: Sequence[Offer],
) -> None:
    for start in range(0, len(customers), _CHUNK):
        rows = [
            bodies.customer(_NAMES, household_id, {})
            for household_id in customers[start : start + _CHUNK]
        ]
        service.call("POST", "/customers/batch", {"customers": rows})
    for campaign_id, households in members.items():
        path = f"/segments/{_NAMES.segment(campaign_id)}"
        service.call("PUT", path, bodies.segment(campaign_id))
        listed = {"customer_ids": [_NAMES.customer(one) for one in households]}
        service.call("PUT", f"{path}/members", listed)
    requests = [_promotion(service, offer) for offer in offers]
    requests += [_code(service, offer) for offer in offers]
    for exchange in send(requests, port=service.port, clients=CLIENTS // 2).exchanges:
        decoded(exchange)
    sql.run(service.database_url, "VACUUM ANALYZE")


def _promotion(service: Service, offer: Offer) -> bytes:
    body = bodies.promotion(_NAMES, offer) | {"schedule": {}}
    return service.request("PUT", _path(offer), body)


def _code(service: Service, offer: Offer) -> bytes:
    code = _NAMES.shared_code(offer.coupon)
    path = f"{_path(offer)}/codes"
    return service.request("POST", path, {"code": code}, key=f"code-of-{code}")


def _path(offer: Offer) -> str:
    return f"/promotions/{_NAMES.promotion(offer.coupon)}"


def _cart(offer: Offer, chance: random.Random) -> Body:
    """One of the campaign's households with a product that the coupon covers, and four others."""
    skus = dict.fromkeys([chance.choice(offer.products), "1", "2", "3", "4"])
    return {
        "customer_id": _NAMES.customer(chance.choice(offer.members)),
        "currency": bodies.CURRENCY,
        "lines": [
            {"line_id": str(at), "sku": sku, "quantity": 1, "unit_price": bodies.UNIT_PRICE}
            for at, sku in enumerate(skus)
        ],
        "codes": [_NAMES.shared_code(offer.coupon)],
    }


def _cpu_ms(service: Service, requests: Sequence[bytes]) -> float:
    """CPU of the web processes for all of these together; each must find its one promotion."""
    pids = service.pids
    before = cpu_seconds(pids)
    load = send(requests, port=service.port, clients=CLIENTS)
    used = cpu_seconds(pids) - before
    for exchange in load.exchanges:
        told = decoded(exchange)
        assert told["discount_total"] == bodies.WORTH, told
    return 1000 * used


def _read_again(service: Service, offer: Offer, request: bytes) -> int:
    """How many definitions the next call reads once one was edited: by its own statement."""
    service.call("PATCH", _path(offer), {"name": "Edited"})
    with logged(service) as log:
        told = log.during(lambda: send([request], port=service.port, clients=1))
    [renewing] = [one.text for one in told if "FROM promotions_promotion WHERE stamp" in one.text]
    [(_, _, definitions)] = sql.rows(service.database_url, renewing.replace("%", "%%"))
    return len(definitions)
