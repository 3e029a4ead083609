"""Codes of one's own: those that a job has made, those that staff write, and since when they are held."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from config.demo.offers.offer import Offer
from config.demo.offers.personal import BIRTHDAY, BOOKLET, TEA_20
from config.demo.offers.shared import TEAM_CODE
from config.demo.past import PROMOTIONS_SINCE, Purchase
from config.demo.people import BERLIN, Person, team
from config.demo.shoppers import Held
from promotions.actions.batches import run_batch
from promotions.actions.codes import CodeTerms, issue_code
from promotions.actions.imports import run_import
from promotions.domain.codes import ALPHABET
from promotions.queries.batches import batches_after
from promotions.queries.codes import codes_after
from promotions.queries.definitions import promotion_key
from promotions.queries.imports import imports_after

SEED = 26
TEA_CODES = 60
_BEFORE_BIRTHDAY = timedelta(days=14)
_AFTER_BIRTHDAY = timedelta(days=15)
_CODES_READ = 2_000


@dataclass(frozen=True, slots=True)
class Made:
    """Codes of batches and of the file: `personal` by customer, and those for anybody, by code."""

    personal: dict[str, list[Held]]
    flyers: list[Held]


def made_by_jobs(made: Sequence[Offer], *, clock: Callable[[], datetime]) -> Made:
    """Run the jobs of all batches and of the file. A worker may be at it as well: both take turns."""
    personal: dict[str, list[Held]] = defaultdict(list)
    flyers: list[Held] = []
    for offer in made:
        key = promotion_key(offer.promotion_id)
        assert key is not None
        if offer.batch is None and offer.promotion_id != BOOKLET:
            continue
        for batch in batches_after(None, promotion_key=key, limit=1):
            run_batch(job_id=batch.job_id, clock=clock)
        for file in imports_after(None, promotion_key=key, limit=1):
            run_import(job_id=file.job_id, clock=clock)
        for code in codes_after(None, promotion_key=key, limit=_CODES_READ):
            held = Held(code.spelling, offer.made_at, code.valid_until)
            if code.customer is None and code.batch is not None:
                flyers.append(held)
            elif code.customer is not None:
                personal[code.customer.reference].append(held)
    return Made(personal, flyers)


def write_codes(
    everybody: Sequence[Person], bought: Sequence[Purchase], *, today: datetime, actor: str
) -> dict[str, list[Held]]:
    """Write codes for single customers, before they order or for their birthday; by customer."""
    random = Random(SEED)
    held: dict[str, list[Held]] = defaultdict(list)
    for person in team(everybody):
        held[person.customer_id].append(Held(TEAM_CODE, today - PROMOTIONS_SINCE))
    for customer_id, at in _chosen(bought, today=today, random=random):
        code = _code("TEE", random)
        issue_code(
            promotion_id=TEA_20, given=code, customer_id=customer_id, terms=CodeTerms(),
            actor=actor, now=at,
        )  # fmt: skip
        held[customer_id].append(Held(code, at))
    for person, birthday in _birthdays(everybody, today=today):
        code, at = _code("GEB", random), birthday - _BEFORE_BIRTHDAY
        until = birthday + _AFTER_BIRTHDAY
        issue_code(
            promotion_id=BIRTHDAY,
            given=code,
            customer_id=person.customer_id,
            terms=CodeTerms(valid_from=at, valid_until=until),
            actor=actor,
            now=at,
        )
        held[person.customer_id].append(Held(code, at, until))
    return held


def _chosen(
    bought: Sequence[Purchase], *, today: datetime, random: Random
) -> Iterator[tuple[str, datetime]]:
    """Some who ordered of late, each a while before."""
    since = today - timedelta(days=40)
    buyers = {p.cart.customer_id for p in bought if p.at > since and p.cart.customer_id is not None}
    for customer_id in sorted(random.sample(sorted(buyers), min(TEA_CODES, len(buyers)))):
        days, minutes = random.randint(35, 58), random.randint(1, 600)
        yield customer_id, today - timedelta(days=days, minutes=minutes)


def _birthdays(
    everybody: Sequence[Person], *, today: datetime
) -> Iterator[tuple[Person, datetime]]:
    """Birthdays of the tea circle for which codes went out in the last weeks."""
    first, last = today - timedelta(days=45), today + _BEFORE_BIRTHDAY
    for person in everybody:
        born = person.profile.birth_date
        if not person.is_in_circle or born is None:
            continue
        for year in sorted({first.year, last.year}):
            day = date(year, born.month, min(born.day, 28) if born.month == 2 else born.day)
            birthday = datetime(day.year, day.month, day.day, tzinfo=BERLIN)
            if first < birthday < last and person.registered_at < birthday - _BEFORE_BIRTHDAY:
                yield person, birthday


def _code(prefix: str, random: Random) -> str:
    return f"{prefix}-{''.join(random.choices(ALPHABET, k=8))}"
