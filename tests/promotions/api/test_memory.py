"""However many codes are made, taken in or handed out, no more of them are held at once."""

import tracemalloc
from collections.abc import Callable, Iterator

import pytest
from django.utils import timezone

from journal.actions import run_next_job
from promotions.actions.batches import BatchOrder, order_batch
from promotions.actions.imports import order_import
from promotions.models import CodeBatch
from promotions.queries.batches import code_rows
from promotions.serializers.batches import csv_chunks
from tests.api import NOON, Api
from tests.promotions.api.shapes import PLAIN
from tests.promotions.api.test_imports import HEADER

pytestmark = pytest.mark.slow

FEW, MANY = 40_000, 120_000


@pytest.fixture
def shop(api: Api) -> Api:
    api.put("/promotions/spring", PLAIN)
    return api


class Lines:
    """A file that is made as it is read; every tenth row is wrong."""

    def __init__(self, count: int) -> None:
        self._rest = b""
        self._lines = self._made(count)

    def read(self, size: int, /) -> bytes:
        while len(self._rest) < size and (line := next(self._lines, b"")):
            self._rest += line
        read, self._rest = self._rest[:size], self._rest[size:]
        return read

    @staticmethod
    def _made(count: int) -> Iterator[bytes]:
        yield f"{HEADER}\n".encode()
        for number in range(count):
            uses = "none" if number % 10 == 0 else "1"
            code = f"{count}C{number * 7919 % count:07}"
            yield f"{code},c{number % 100},2026-01-01T00:00:00Z,,3,{uses}\n".encode()


def peak_of(work: Callable[[], object]) -> int:
    """The most bytes of Python that were held meanwhile."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def is_flat(few: int, many: int) -> bool:
    return many < few * 1.2 + 1_000_000


def test_an_import_holds_no_more_of_a_larger_file(shop: Api) -> None:
    def take(count: int) -> None:
        order_import(
            promotion_id="spring", file=Lines(count), is_dry_run=False, actor="test", now=NOON
        )
        run_next_job(now=timezone.now)

    take(1_000)
    assert is_flat(peak_of(lambda: take(FEW)), peak_of(lambda: take(MANY)))


def test_a_batch_holds_no_more_of_many_codes(shop: Api) -> None:
    def make(count: int) -> None:
        order_batch(promotion_id="spring", order=BatchOrder(count=count), actor="test", now=NOON)
        run_next_job(now=timezone.now)

    make(1_000)
    assert is_flat(peak_of(lambda: make(FEW)), peak_of(lambda: make(MANY)))


def test_a_download_holds_no_more_of_many_codes(shop: Api) -> None:
    keys = []
    for count in (FEW, MANY):
        batch = order_batch(
            promotion_id="spring", order=BatchOrder(count=count), actor="test", now=NOON
        )
        run_next_job(now=timezone.now)
        keys.append(batch.pk)

    def read(key: int) -> None:
        lines = sum(chunk.count(b"\n") for chunk in csv_chunks(code_rows(key)))
        assert lines == CodeBatch.objects.get(pk=key).count + 1

    few, many = (peak_of(lambda key=key: read(key)) for key in keys)  # type: ignore[misc]
    assert is_flat(few, many)
