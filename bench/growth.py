"""How the cost of a call grows: with the codes, the automatic promotions, the lines of the cart."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import count, islice, pairwise
from math import log
from statistics import median
from typing import Any

from bench import seed
from bench.figures import Figure, Report
from bench.measure import measure
from bench.offers import Body
from bench.plot import Series, plot
from bench.service import Service, bare_service, decoded, new_service
from bench.sizes import Sizes
from bench.yardstick import measure_bare
from stack.testing import Stack

CUSTOMERS = 20_000
PROMOTIONS = (1, 10, 100, 1_000)
LINES = (1, 5, 20, 50, 100, 200)
#: Where the others stand still.
USUAL_LINES = RANGES = 5
FLAT, LINEAR = 1.3, 1.15
#: The bare view costs so little that many calls are needed to tell how much.
BARE_REQUESTS = 1_000


@dataclass(slots=True)
class Ground:
    """The shop as it stands, and the numbers of the orders to come."""

    service: Service
    bare_port: int
    sizes: Sizes
    codes: int = 0
    promotions: int = 0
    _numbers: "count[int]" = field(default_factory=lambda: count(1))
    _chance: random.Random = field(default_factory=lambda: random.Random(3))
    #: Every sample, for the record.
    samples: dict[str, Any] = field(default_factory=dict)

    def grow(self, codes: int) -> None:
        """Add codes until there are so many."""
        more = range(self.codes, codes)
        seed.seed_codes(self.service, "coded", more, uses=10**6)
        seed.settle(self.service)
        self.codes = codes

    def cart(self, lines: int) -> Body:
        """Any cart with a code; the lines are of the ranges of the first five promotions."""
        return {
            "customer_id": seed.customer_of(self._chance.randint(1, CUSTOMERS)),
            "currency": "EUR",
            "shipping_amount": 495,
            "lines": [
                {
                    "line_id": str(at),
                    "sku": f"SKU-{at}",
                    "categories": [f"range-{at % RANGES}", "all"],
                    "quantity": 1 + at % 3,
                    "unit_price": self._chance.randint(500, 5_000),
                }
                for at in range(lines)
            ],
            "codes": [seed.code_of(self._chance.randrange(self.codes))],
        }

    def validate(self, lines: int) -> Iterator[bytes]:
        while True:
            yield self.service.request("POST", "/checkout/validate", self.cart(lines))

    def redeem(self, lines: int) -> Iterator[bytes]:
        """Each for an order of its own."""
        for number in self._numbers:
            body = self.cart(lines) | {"order_id": f"grown-{number}"}
            yield self.service.request(
                "POST", "/checkout/redemptions", body, key=f"grown-{number:016}"
            )


@dataclass(frozen=True, slots=True)
class Point:
    """Both calls at one size: the median round's CPU, in times that of a bare view."""

    size: int
    validate: float
    redeem: float


def benchmark(servers: Stack, sizes: Sizes) -> Report:
    """Three walks through one shop that grows; the lines are walked among ten promotions."""
    with new_service(servers, "bench_growth") as service, bare_service(servers) as bare_port:
        seed.seed_customers(service, CUSTOMERS)
        service.call("PUT", "/promotions/coded", _coded())
        ground = Ground(service, bare_port, sizes)
        codes = [_walk_codes(ground, size) for size in sizes.growth_codes]
        few = [_walk_promotions(ground, size) for size in PROMOTIONS[:2]]
        lines = [_point(ground, "lines", size, size) for size in LINES]
        many = [_walk_promotions(ground, size) for size in PROMOTIONS[2:]]
    walks = {"codes": codes, "lines": lines, "promotions": [*few, *many]}
    return Report(
        name="growth",
        figures=[
            *_flat(codes),
            *_linear(lines, "lines"),
            *_linear(walks["promotions"], "promotions"),
        ],
        detail={
            "walks": {name: [asdict(point) for point in walk] for name, walk in walks.items()},
            "samples": ground.samples,
        },
        plots={f"growth-{name}.svg": _drawn(name, walk) for name, walk in walks.items()},
    )


def _walk_codes(ground: Ground, size: int) -> Point:
    ground.grow(size)
    return _point(ground, "codes", size, USUAL_LINES)


def _walk_promotions(ground: Ground, size: int) -> Point:
    _add_automatic(ground.service, ground.promotions, size)
    ground.promotions = size
    return _point(ground, "promotions", size, USUAL_LINES)


def _point(ground: Ground, walk: str, size: int, lines: int) -> Point:
    """Rounds of the bare view and both calls in turn; the first round only warms up."""
    calls = {"validate": ground.validate(lines), "redeem": ground.redeem(lines)}
    rounds = []
    for _ in range(ground.sizes.growth_rounds + 1):
        one = {"bare": measure_bare(ground.bare_port, [next(calls["validate"])] * BARE_REQUESTS)}
        for name, requests in calls.items():
            some = list(islice(requests, ground.sizes.growth_requests))
            one[name] = measure(ground.service, some, check=lambda _, got: decoded(got))
        rounds.append(one)
    ground.samples[f"{walk} {size}"] = [
        {name: asdict(sample) for name, sample in one.items()} for one in rounds
    ]
    cost = {
        name: median(one[name].cpu_ms / one["bare"].cpu_ms for one in rounds[1:]) for name in calls
    }
    return Point(size, **cost)


def _coded() -> Body:
    return {
        "name": "By code",
        "status": "active",
        "currency": "EUR",
        "effect": {"kind": "percentage", "percent": "10", "on": "lines"},
        "limits": {"redemptions": 10**9, "discount_budget": 10**12},
    }


def _add_automatic(service: Service, first: int, wanted: int) -> None:
    """Active automatic promotions up to `wanted`, of which the first five have an effect."""
    for number in range(first, wanted):
        body = {
            "name": f"Range {number}",
            "status": "active",
            "activation": "automatic",
            "currency": "EUR",
            "effect": {"kind": "fixed_amount", "amount": 100, "on": "line"},
            "items": {"include": {"categories": [f"range-{number}"]}},
        }
        service.call("PUT", f"/promotions/range-{number}", body)


def _flat(points: Sequence[Point]) -> list[Figure]:
    """The dearest against the cheapest place, whatever comes between."""
    first, last = points[0], points[-1]
    grown = {"validate": last.validate / first.validate, "redeem": last.redeem / first.redeem}
    return [
        Figure(
            name=f"growth: {call} at {last.size:,} codes, times that at {first.size:,}",
            value=times,
            target=FLAT,
            aim=1,
        )
        for call, times in grown.items()
    ]


def _linear(points: Sequence[Point], what: str) -> list[Figure]:
    """The steepest step as an exponent: 1 is linear, 0 is flat."""
    steps = list(pairwise(points))
    return [
        Figure(
            name=f"growth: {call} over {what}, exponent of the steepest step",
            value=max(
                log(getattr(larger, call) / getattr(smaller, call))
                / log(larger.size / smaller.size)
                for smaller, larger in steps
            ),
            target=LINEAR,
            aim=1,
        )
        for call in ("validate", "redeem")
    ]


def _drawn(name: str, points: Sequence[Point]) -> str:
    return plot(
        title=f"CPU of a call by {name}",
        x_label={"codes": "codes", "lines": "lines of the cart",
                 "promotions": "active automatic promotions"}[name],
        y_label="CPU of web and PostgreSQL, times that of a bare view",
        series=[
            Series("validate", [(p.size, p.validate) for p in points]),
            Series("redeem", [(p.size, p.redeem) for p in points]),
        ],
        is_log=name != "lines",
    )  # fmt: skip
