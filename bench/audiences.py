"""Validate where the three audiences are rules over a large shop's past, evaluated live in each call."""

from dataclasses import replace

from bench import seed, sql, validate
from bench.carts import prepare_carts
from bench.figures import Report
from bench.offers import SEGMENTS, automatic_promotions, code_promotions
from bench.rules import Rule
from bench.service import Service
from bench.sizes import Sizes

#: Whoever has a code is in one of the three, as the carts take it.
_THIRD = "customer.attributes.third"
#: What all of them hold of besides, so that it is looked up and changes nothing.
_BESIDE: tuple[Rule, ...] = (
    {"field": "orders.total", "op": "gte", "value": 0, "currency": "EUR", "within_days": 365},
    {"not": {"field": "orders.items", "op": "gte", "value": 1_000_000, "within_days": 90,
             "where": {"categories": ["department-1"]}}},
    {"not": {"any": [
        {"field": "customer.age", "op": "gt", "value": 150},
        {"field": "customer.country", "op": "eq", "value": "XX"},
    ]}},
)  # fmt: skip


def benchmark(service: Service, *, bare_port: int, sizes: Sizes) -> Report:
    """The service's shop has a past already; its promotions and codes come here."""
    _tell_apart(service, holders=sizes.codes // 10)
    for promotion_id, body in code_promotions().items():
        service.call("PUT", f"/promotions/{promotion_id}", body)
    seed.seed_code_pairs(service, sizes.codes)
    seed.settle(service)
    for promotion_id, body in automatic_promotions().items():
        service.call("PUT", f"/promotions/{promotion_id}", body)
    carts = prepare_carts(sizes.carts, codes=sizes.codes)
    told = validate.benchmark(service, bare_port=bare_port, carts=carts, sizes=sizes)
    figures = [figure for figure in told.figures if figure.name.startswith("validate")]
    return replace(
        told,
        name="validate-audiences",
        figures=[
            replace(one, name=one.name.replace("validate", "three dynamic audiences"), aim=None)
            for one in figures
        ],
    )


def _tell_apart(service: Service, *, holders: int) -> None:
    """Three rules, of which each customer that a cart is for fulfils one."""
    first = seed.FIRST_CUSTOMER
    sql.run(
        service.database_url,
        f"""
        UPDATE customers_customer
        SET attributes = attributes || jsonb_build_object('third', (id - {first}) % {len(SEGMENTS)})
        WHERE id BETWEEN {first} + 1 AND {first + holders}
        """,
    )
    for third, segment in enumerate(SEGMENTS):
        rule = {"all": [{"field": _THIRD, "op": "eq", "value": third}, _BESIDE[third]]}
        body = {"name": segment, "kind": "dynamic", "rule": rule}
        service.call("PUT", f"/segments/{segment}", body)
