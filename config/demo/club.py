"""The tea club: a plan for a year, and who is or was a member of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from config.demo.offers.offer import CLUB
from config.demo.people import Person
from customers.actions.memberships import put_membership
from customers.actions.plans import put_plan
from customers.actions.segments import put_segment
from customers.domain.memberships import MembershipPeriod, PlanName, PlanTerms

SEED = 27
PLAN = "teeclub"
RULE = {"field": "membership", "op": "in", "value": [PLAN]}
TERMS = PlanTerms(
    name=PlanName(de="Teeclub", en="Tea club"),
    benefits={
        "de": ["Versand immer frei", "Aktionen eine Woche früher", "Clubtage mit 15 %"],
        "en": ["Free delivery, always", "Offers a week early", "Club days with 15 % off"],
    },
    price=2900,
    currency="EUR",
    period="year",
)
_FOUNDED = timedelta(days=400)
_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody's year in the club."""

    customer_id: str
    starts_at: datetime
    ends_at: datetime


def members(everybody: Sequence[Person], *, today: datetime) -> list[Member]:
    """Every second one of those who buy often; some of their years are over, some end soon."""
    random = Random(SEED)
    found = []
    for person in [person for person in everybody if person.zeal > 5][::2]:
        earliest = max(person.registered_at, today - _FOUNDED)
        starts_at = earliest + random.random() * (today - earliest)
        starts_at = starts_at.replace(minute=0, second=0, microsecond=0)
        found.append(Member(person.customer_id, starts_at, starts_at + _YEAR))
    return found


def found_club(everybody: Sequence[Person], *, today: datetime, actor: str) -> None:
    """The plan, its members, and the segment that the club's offers are for."""
    founded_at = today - _FOUNDED
    put_plan(reference=PLAN, terms=TERMS, if_match=None, actor=actor, now=founded_at)
    for member in members(everybody, today=today):
        put_membership(
            customer=member.customer_id,
            plan=PLAN,
            period=MembershipPeriod(starts_at=member.starts_at, ends_at=member.ends_at),
            if_match=None,
            actor=actor,
            now=member.starts_at,
        )
    put_segment(reference=CLUB, name="Teeclub", rule=RULE, if_match=None, actor=actor, now=today)
