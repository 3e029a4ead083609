"""What the least of views costs for the same request: the unit in which other costs are told.

Both rise and fall together where a machine is slow or shared, so that their ratio stays.
"""

from collections.abc import Sequence

from bench.cpu import cpu_seconds, web_pids
from bench.load import send
from bench.measure import CLIENTS, Sample, sample_of


def measure_bare(port: int, requests: Sequence[bytes]) -> Sample:
    """The bodies of these calls of the service, sent to the bare view."""
    pids = web_pids(port)
    before = cpu_seconds(pids)
    load = send([_to_bare(request) for request in requests], port=port, clients=CLIENTS)
    used = cpu_seconds(pids) - before
    assert all(exchange.body == b"{}" for exchange in load.exchanges)
    return sample_of(load, web_seconds=used)


def _to_bare(request: bytes) -> bytes:
    """Another address in the first line."""
    line, _, rest = request.partition(b"\r\n")
    method, _, version = line.split(b" ")
    return b" ".join([method, b"/bare", version]) + b"\r\n" + rest
