"""A million codes against Django's own way to write rows: `bench.codes`, told as the others are."""

from bench import codes
from bench.figures import Figure, Report
from bench.sizes import Sizes
from stack.testing import Stack


def benchmark(servers: Stack, sizes: Sizes) -> Report:
    """As `bench.codes` measures it."""
    found = codes.measure(database_url=servers.database_url, scale=sizes.scale, rounds=2)
    rates = found["rows_a_second"]
    return Report(
        name="codes",
        figures=[
            Figure(
                name="codes: rows per second, times bulk_create",
                value=found["ratio"],
                # What is gained grows with the index; fewer codes are no measure of it.
                target=3 if sizes.is_published else None,
                at_least=True,
            ),
            Figure(
                name="codes: memory at the end above that at a tenth",
                value=found["memory_growth_mb"],
                unit="MB",
                target=20,
            ),
            Figure(name="codes: made", value=rates["ours"], unit="/s"),
            Figure(name="bulk_create: rows", value=rates["bulk_create"], unit="/s"),
        ],
        detail=found,
    )
