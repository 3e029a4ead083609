"""Ids: in order of time, of version 7, and never twice: not by threads, and not by a forked process."""

import os
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from common.ids import new_id, parse_public_id, public_id

EACH = 2_000


def test_ids_are_of_version_7_and_in_order_of_milliseconds() -> None:
    ids = [new_id() for _ in range(EACH)]
    assert {(one.version, one.variant) for one in ids} == {(7, "specified in RFC 4122")}
    assert [one.int >> 80 for one in ids] == sorted(one.int >> 80 for one in ids)
    assert parse_public_id("rsv", public_id("rsv", ids[0])) == ids[0]


def test_threads_never_make_the_same_id() -> None:
    with ThreadPoolExecutor(8) as threads:
        made = [threads.submit(lambda: [new_id() for _ in range(EACH)]) for _ in range(8)]
        ids = [one for each in made for one in each.result()]
    assert len({_random(one) for one in ids}) == len(ids) == 8 * EACH


def test_a_forked_process_makes_ids_of_its_own() -> None:
    new_id()
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.write(writing, b"".join(new_id().bytes for _ in range(100)))
        os._exit(0)
    os.waitpid(child, 0)
    raw = os.read(reading, 16 * 100)
    theirs = {_random(UUID(bytes=raw[at : at + 16])) for at in range(0, len(raw), 16)}
    assert len(theirs) == 100
    assert not theirs & {_random(new_id()) for _ in range(300)}
    os.close(reading)
    os.close(writing)


def _random(one: UUID) -> int:
    """All of it but the time."""
    return one.int & (1 << 80) - 1
