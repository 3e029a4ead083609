"""`make bench`, or some of it: `python -m bench validate redeem`. SCALE=1 for what is published."""

import argparse
import sys
import time
from collections.abc import Callable, Sequence

from bench import (
    audiences,
    cashback,
    coded,
    enlisting,
    growth,
    imports,
    memory,
    recommendations,
    redeem,
    segments,
    sending,
    spending,
    sql,
    validate,
)
from bench.carts import prepare_carts
from bench.figures import Report, folder_for, table, versions
from bench.history import seed_history, seed_products
from bench.service import bare_service, new_service
from bench.shop import full_shop, start_automatic_promotions
from bench.sizes import Sizes, sizes_from_environment
from stack.errors import StackError
from stack.testing import Stack, servers

Step = Callable[[Stack, Sizes], list[Report]]


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when every target is kept."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(STEPS)}")
    wanted = parser.parse_args(arguments).names or list(STEPS)
    if unknown := set(wanted) - set(STEPS):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}")
    sizes = sizes_from_environment()
    reports: list[Report] = []
    with servers(durable=True) as given:
        server = str(sql.rows(given.database_url, "SHOW server_version")[0][0])
        folder = folder_for(is_published=sizes.is_published)
        for name in wanted:
            began = time.monotonic()
            print(f"== {name}, scale {sizes.scale:g}", flush=True)
            for report in STEPS[name](given, sizes):
                kept = report.write(folder, scale=sizes.scale, versions=versions(server))
                reports.append(report)
                print(f"{table([report])}\n== {kept}, {time.monotonic() - began:.0f} s", flush=True)
    if len(reports) > 1:
        print(f"\n{table(reports)}")
    failed = [report.name for report in reports if not report.holds]
    print(f"\nFAILED: {', '.join(failed)}" if failed else "\nevery target is kept")
    return 1 if failed else 0


def _checkout(given: Stack, sizes: Sizes) -> list[Report]:
    """Both calls in one shop: redeem first, since it is measured without automatic promotions."""
    with full_shop(given, sizes) as service:
        redeemed = redeem.benchmark(service, sizes=sizes)
        start_automatic_promotions(service)
        carts = prepare_carts(sizes.carts, codes=sizes.codes)
        with bare_service(given) as bare_port:
            validated = validate.benchmark(service, bare_port=bare_port, carts=carts, sizes=sizes)
    return [validated, redeemed]


def _history(given: Stack, sizes: Sizes) -> list[Report]:
    """All that looks back, in one shop with three years behind it, since making it takes minutes."""
    with new_service(given, "bench_history") as service:
        seed_products(service.database_url)
        seed_history(
            service.database_url, customers=sizes.history_customers, orders=sizes.history_orders
        )
        # First, before the others have filled the machine's memory with millions of rows of theirs.
        with bare_service(given) as bare_port:
            validated = audiences.benchmark(service, bare_port=bare_port, sizes=sizes)
        filled = segments.benchmark(service, sizes=sizes)
        recommended = recommendations.benchmark(service, sizes=sizes)
    return [filled, recommended, validated]


STEPS: dict[str, Step] = {
    "cashback": lambda given, sizes: [
        cashback.benchmark(given, sizes),
        spending.benchmark(given, sizes),
    ],
    "checkout": _checkout,
    "codes": lambda given, sizes: [coded.benchmark(given, sizes)],
    "enlisting": lambda given, sizes: [enlisting.benchmark(given, sizes)],
    "growth": lambda given, sizes: [growth.benchmark(given, sizes)],
    "history": _history,
    "imports": lambda given, sizes: [imports.benchmark(given, sizes)],
    "memory": lambda given, sizes: [memory.benchmark(given)],
    "sending": lambda given, sizes: [sending.benchmark(given, sizes)],
}

if __name__ == "__main__":
    try:
        sys.exit(main())
    except StackError as error:
        sys.exit(str(error))
