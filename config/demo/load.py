"""Filling the tea shop, once: what it began with, its codes, and what has happened there since."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import get_user_model
from django.db import transaction

from cashback.actions.due import book_due
from catalog.actions.refresh import refresh
from checkout.actions.waiting import write_down
from config.demo import past, people
from config.demo.credit import give, greet
from config.demo.groups import make_groups
from config.demo.handing_out import Made, made_by_jobs, write_codes
from config.demo.letters import make_team, write_campaigns
from config.demo.living import live_through
from config.demo.offers.book import offers
from config.demo.opening import open_shop, tell
from config.demo.past import Purchase
from config.demo.people import Person
from config.demo.tills import fill_tills
from customers.queries.orders import order_by_reference
from customers.queries.people import customer_by_reference
from promotions.queries.definitions import promotion_key

#: Each is its own password. The second one may approve what the first has handed in.
STAFF_NAMES = ("demo", "demo2")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the shop holds; `is_new` is false when it was there before."""

    customers: int
    orders: int
    promotions: int
    is_new: bool


def load(
    *,
    clock: Callable[[], datetime],
    customers: int = people.COUNT,
    orders: int = past.COUNT,
) -> Loaded:
    """Fill the shop, or what an interrupted load has left open; opens its own transactions."""
    now = clock()
    today = _day(now)
    everybody = people.people(today=today, count=customers)
    bought = past.purchases(everybody, today=today, count=orders)
    redeemed = [purchase for purchase in bought if purchase.is_redeemed(today=today)]
    made = offers(today=today)
    is_new = False
    with transaction.atomic():
        actor = _staff()
        if promotion_key(made[0].promotion_id) is None:
            open_shop(everybody, bought, today=today, actor=actor)
            is_new = True
    from_jobs = made_by_jobs(made, clock=clock)
    with transaction.atomic():
        if order_by_reference(redeemed[-1].order_id) is None:
            _live(everybody, bought, from_jobs, today=today, actor=actor)
            give(everybody, actor=actor, now=now)
            greet(everybody, today=today, actor=actor, now=now)
            fill_tills(everybody, actor=actor, now=now)
            write_campaigns(everybody, today=today, team=make_team(approves=actor))
            is_new = True
    write_down()
    book_due(now=now)
    refresh(now=now)
    return Loaded(len(everybody), len(bought), len(made), is_new)


def _live(
    everybody: Sequence[Person],
    bought: Sequence[Purchase],
    from_jobs: Made,
    *,
    today: datetime,
    actor: str,
) -> None:
    personal = write_codes(everybody, bought, today=today, actor=actor)
    for customer_id, held in from_jobs.personal.items():
        personal[customer_id] += held
    live_through(
        everybody,
        bought,
        personal=personal,
        flyers=from_jobs.flyers,
        today=today,
        actor=actor,
    )
    told = [p for p in bought if p.is_redeemed(today=today) and p.fate != "cancelled"]
    tell(told, today=today, actor=actor)
    make_groups(actor=actor, now=today)


def _day(now: datetime) -> datetime:
    """The midnight that the shop's past counts back from: that of the first load."""
    first = customer_by_reference(people.FIRST_ID)
    if first is None or first.registered_at is None:
        return people.midnight_of(now)
    return people.day_of_loading(first.registered_at)


def _staff() -> str:
    """Members of staff with passwords that everybody knows: made here and nowhere else. The first."""
    users = get_user_model().objects
    for name in STAFF_NAMES:
        if not users.filter(username=name).exists():
            users.create_superuser(name, password=name)
    return f"staff:{users.get(username=STAFF_NAMES[0]).pk}"
