"""How large a benchmark is: a tenth by default, SCALE=1 for the figures that are published."""

import os
from dataclasses import dataclass

DEFAULT_SCALE = 0.1


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """Rows, requests and rounds."""

    scale: float
    codes: int
    customers: int
    carts: int
    rounds: int
    #: Of what prices a cart, where a round takes seconds: more of them, as they differ by a tenth.
    price_rounds: int
    warm_up: int
    requests: int
    #: Of the larger measurement: redemptions per arm and round.
    redemptions: int
    #: Transactions of pgbench per client and round.
    transactions: int
    #: Codes in the growth benchmark, step by step.
    growth_codes: tuple[int, ...]
    growth_requests: int
    growth_rounds: int
    #: Of the shop with three years behind it.
    history_customers: int
    history_orders: int
    #: Of the file of orders.
    import_orders: int
    import_customers: int
    #: Wallets of those who earn; a multiple of the processes.
    earning_customers: int
    #: Orders of a process and round, one in a transaction; and transactions of a hundred.
    earnings: int
    earning_batches: int
    #: Customers with five lots each that mature and expire.
    due_customers: int
    statement_entries: int
    #: Redemptions per arm and round, with cashback and without.
    spendings: int
    #: Mails that are sent in each round.
    letters: int

    @property
    def is_published(self) -> bool:
        """Whether the figures go to docs/benchmarks."""
        return self.scale == 1


def sizes_from_environment() -> Sizes:
    """By SCALE, above 0 and at most 1.

    Raises:
        SystemExit: SCALE is no such number.
    """
    try:
        scale = float(os.environ.get("SCALE") or DEFAULT_SCALE)
    except ValueError:
        scale = 0
    if not 0 < scale <= 1:
        raise SystemExit("SCALE is a number above 0 and at most 1: SCALE=1 make bench")
    return sizes_of(scale)


def sizes_of(scale: float) -> Sizes:
    """The sizes at a scale; what is measured is never so small that noise would decide.

    >>> sizes_of(1).codes, sizes_of(1).customers, sizes_of(1).requests
    (1000000, 200000, 2000)
    """
    return Sizes(
        scale=scale,
        codes=int(1_000_000 * scale),
        # Each redemption takes a customer of its own.
        customers=max(10_000, int(200_000 * scale)),
        carts=max(1_000, int(10_000 * scale)),
        rounds=3,
        price_rounds=7 if scale == 1 else 3,
        warm_up=500 if scale >= DEFAULT_SCALE else 200,
        requests=2_000 if scale >= DEFAULT_SCALE else 600,
        redemptions=2_000 if scale == 1 else 500,
        transactions=500 if scale == 1 else 150,
        growth_codes=tuple(int(codes * scale) for codes in (10**4, 10**5, 10**6, 10**7)),
        growth_requests=150 if scale == 1 else 80,
        growth_rounds=3 if scale == 1 else 2,
        history_customers=int(1_000_000 * scale),
        history_orders=int(5_000_000 * scale),
        import_orders=int(500_000 * scale),
        import_customers=int(200_000 * scale),
        earning_customers=max(8_000, 8 * int(10_000 * scale)),
        earnings=500 if scale == 1 else 150,
        earning_batches=20 if scale == 1 else 5,
        due_customers=max(1_000, int(20_000 * scale)),
        statement_entries=max(1_000, int(10_000 * scale)),
        spendings=1_000 if scale == 1 else 300,
        letters=max(1_000, int(20_000 * scale)),
    )
