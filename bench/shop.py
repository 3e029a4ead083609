"""The shop that validate and redeem are measured in."""

from collections.abc import Iterator
from contextlib import contextmanager

from bench import seed
from bench.offers import automatic_promotions, code_promotions
from bench.service import Service, new_service
from bench.sizes import Sizes
from stack.testing import Stack


@contextmanager
def full_shop(servers: Stack, sizes: Sizes) -> Iterator[Service]:
    """Customers with a past, codes, and the promotions of both; the automatic ones come later."""
    with new_service(servers, "bench_shop") as service:
        seed.seed_customers(service, sizes.customers)
        for promotion_id, body in code_promotions().items():
            service.call("PUT", f"/promotions/{promotion_id}", body)
        seed.seed_code_pairs(service, sizes.codes)
        seed.settle(service)
        yield service


def start_automatic_promotions(service: Service) -> None:
    """The twenty that every cart of validate meets."""
    for promotion_id, body in automatic_promotions().items():
        service.call("PUT", f"/promotions/{promotion_id}", body)
