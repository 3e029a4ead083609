"""Set up the grocer's shop: customers, segments, promotions, codes and past orders."""

import csv
import io
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from replay import bodies
from replay.bodies import stamped
from replay.calls import Got
from replay.history import PastOrder
from replay.plan import Count, Offer
from replay.reading import Coupon
from replay.run import Item, Run, SetUpRefused, required

ROWS_PER_CALL = 1_000
#: A job may wait for others, but not when nothing has moved anywhere for so long.
STILL_SECONDS = 180
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 0.5


@dataclass(slots=True)
class Codes:
    """The codes of this run; of the personal ones only those that will be played are kept."""

    shared: dict[Coupon, str] = field(default_factory=dict)
    personal: dict[tuple[Coupon, str], str] = field(default_factory=dict)
    _all: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, coupon: Coupon, household_id: str) -> str:
        """The code that the household holds; empty where it got none."""
        return self.shared.get(coupon) or self.personal.get((coupon, household_id), "")

    def are_new(self, found: Sequence[str]) -> bool:
        """Whether no code came twice, in this list or in an earlier one."""
        with self._lock:
            before = len(self._all)
            self._all.update(found)
            return len(self._all) == before + len(found)


@dataclass(frozen=True, slots=True)
class Batch:
    """Personal codes that are being made."""

    offer: Offer
    batch_id: str
    job_id: str


class Pulse:
    """When anything last moved."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def beat(self) -> None:
        self._last = time.monotonic()

    def has_stopped(self) -> bool:
        return time.monotonic() - self._last > STILL_SECONDS


def set_up(run: Run) -> Codes:
    """Make everything; the codes are made by the service in the background while orders go in.

    Raises:
        SetUpRefused, calls.ServiceAway
    """
    plan = run.plan
    at = bodies.before_all(plan.offers)
    _send_customers(run, at=at)
    _send_segments(run, at=at)
    run.progress.begin("promotions", len(plan.offers))
    run.each(plan.offers, lambda offer: _send_promotion(run, offer, at=at))
    codes = Codes()
    shared = [offer for offer in plan.offers if not offer.is_personal]
    run.progress.begin("shared codes", len(shared))
    run.each(shared, lambda offer: _send_code(run, offer, codes, at=at))
    personal = [offer for offer in plan.offers if offer.is_personal]
    batches: list[Batch] = []
    run.progress.begin("code batches asked", len(personal))
    run.each(personal, lambda offer: batches.append(_ask_for_codes(run, offer, at=at)))
    _send_orders(run)
    _fetch_codes(run, batches, codes)
    return codes


def _send_customers(run: Run, *, at: datetime) -> None:
    rows = [
        bodies.customer(run.names, one, run.journey.attributes.get(one, {}))
        for one in run.plan.customers
    ]
    run.progress.begin("customers", len(rows))

    def send(chunk: tuple[int, list[bodies.Body]]) -> None:
        number, customers = chunk
        key = run.names.key("customers", number)
        got = run.caller.post("/customers/batch", stamped({"customers": customers}, at), key=key)
        _count_rows(run, got, Count.CUSTOMERS)
        run.progress.advance(len(customers))

    run.each(_chunks(rows), send)


def _send_segments(run: Run, *, at: datetime) -> None:
    run.progress.begin("segments", len(run.plan.members))

    def send(campaign_id: str) -> None:
        path = f"/segments/{run.names.segment(campaign_id)}"
        required(run.caller.put(path, stamped(bodies.segment(campaign_id), at)), 200, 201)
        members = [run.names.customer(one) for one in run.plan.members[campaign_id]]
        required(run.caller.put(f"{path}/members", stamped({"customer_ids": members}, at)), 200)
        told = required(run.caller.get(path, at=at), 200).body
        if told["member_count"] != len(members):
            run.tally.deviate(f"{path}: {told['member_count']} members, not {len(members)}")
        run.tally.count(Count.SEGMENTS)
        run.progress.advance()

    run.each(run.plan.members, send)


def _send_promotion(run: Run, offer: Offer, *, at: datetime) -> None:
    path = f"/promotions/{run.names.promotion(offer.coupon)}"
    required(run.caller.put(path, stamped(bodies.promotion(run.names, offer), at)), 200, 201)
    run.tally.count(Count.PROMOTIONS)
    run.progress.advance()


def _send_code(run: Run, offer: Offer, codes: Codes, *, at: datetime) -> None:
    path = f"/promotions/{run.names.promotion(offer.coupon)}/codes"
    body = stamped({"code": run.names.shared_code(offer.coupon)}, at)
    got = run.caller.post(path, body, key=run.names.key("code", *offer.coupon))
    codes.shared[offer.coupon] = required(got, 201).body["code"]
    run.tally.count(Count.SHARED_CODES)
    run.progress.advance()


def _ask_for_codes(run: Run, offer: Offer, *, at: datetime) -> Batch:
    path = f"/promotions/{run.names.promotion(offer.coupon)}/code-batches"
    body = stamped({"segment_id": run.names.segment(offer.coupon.campaign_id)}, at)
    got = run.caller.post(path, body, key=run.names.key("codes", *offer.coupon))
    told = required(got, 202).body
    run.progress.advance()
    return Batch(offer, told["batch_id"], told["job_id"])


def _send_orders(run: Run) -> None:
    """History goes in as of its own end, since orders from after the call would not be history."""
    orders = run.plan.history.orders
    run.tally.count(Count.DROPPED_LINES, run.plan.history.dropped)
    run.progress.begin("orders", len(orders))
    if not orders:
        return
    at = max(order.placed_at for order in orders) + timedelta(seconds=1)

    def send(chunk: tuple[int, list[PastOrder]]) -> None:
        number, past = chunk
        rows = [bodies.order(run.names, one) for one in past]
        key = run.names.key("orders", number)
        got = run.caller.post("/orders/batch", stamped({"orders": rows}, at), key=key)
        _count_rows(run, got, Count.ORDERS)
        run.progress.advance(len(past))

    run.each(_chunks(orders), send)


def _count_rows(run: Run, got: Got, name: Count) -> None:
    """What a batch of rows applied; rows that it left out are deviations."""
    told = required(got, 200).body
    run.tally.count(name, told["created"] + told["updated"])
    for row in told["errors"]:
        run.tally.deviate(f"{name.value}: row {row}")


def _fetch_codes(run: Run, batches: Sequence[Batch], codes: Codes) -> None:
    """Wait for each batch, then read its codes and see that each member has one of its own."""
    run.progress.begin("personal codes", run.plan.expected[Count.PERSONAL_CODES])
    played = {(one.offer.coupon, one.household_id) for one in run.plan.attempts}
    pulse = Pulse()

    def fetch(batch: Batch) -> None:
        _wait_for(run, batch, pulse)
        coupon = batch.offer.coupon
        got = required(run.caller.get(f"/code-batches/{batch.batch_id}/codes.csv"), 200)
        rows = list(csv.DictReader(io.StringIO(got.raw.decode())))
        holders = [row["customer_id"] for row in rows]
        members = [run.names.customer(one) for one in batch.offer.members]
        if sorted(holders) != sorted(members):
            run.tally.deviate(f"{coupon}: the codes' holders are not the campaign's households")
        if not codes.are_new([row["code"] for row in rows]):
            run.tally.deviate(f"{coupon}: a code came twice")
        by_holder = {row["customer_id"]: row["code"] for row in rows}
        for household_id in batch.offer.members:
            if (coupon, household_id) in played:
                code = by_holder.get(run.names.customer(household_id), "")
                codes.personal[coupon, household_id] = code
        run.tally.count(Count.PERSONAL_CODES, len(rows))
        run.progress.advance(len(rows))

    run.each(batches, fetch)


def _wait_for(run: Run, batch: Batch, pulse: Pulse) -> None:
    pause, done = FIRST_PAUSE, -1
    while True:
        job = required(run.caller.get(f"/jobs/{batch.job_id}"), 200).body
        if job["done"] != done or job["status"] == "succeeded":
            done = job["done"]
            pulse.beat()
        if job["status"] == "succeeded":
            return
        if job["status"] == "failed" or pulse.has_stopped():
            raise SetUpRefused(f"the codes of {batch.offer.coupon} were not made: {job}")
        time.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)


def _chunks(rows: Sequence[Item]) -> Iterator[tuple[int, list[Item]]]:
    for number, start in enumerate(range(0, len(rows), ROWS_PER_CALL), start=1):
        yield number, list(rows[start : start + ROWS_PER_CALL])
