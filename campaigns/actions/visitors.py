"""Who is at a place on the site, and what they may be shown. Writes nothing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings

from campaigns.actions.letters import spoken
from campaigns.domain.definition import CampaignDefinition
from campaigns.domain.local_times import zone_for
from common.money import Language
from customers.domain.reach import Reachable, is_child
from customers.queries.consents import consent_states
from customers.queries.gate import reachable
from customers.queries.people import customer_by_reference

#: Of whom nothing is known.
_NOBODY = Reachable(
    customer_key=0, customer_id="", email="", phone="", locale="", timezone="", country="",
    first_name="", last_name="", birth_date=None, is_erased=False, is_restricted=False,
    consent="none", allows_tracking=False, most_per_days=None, paused_until=None,
)  # fmt: skip


class Shown(Protocol):
    """A campaign as far as it matters who sees it."""

    @property
    def definition(self) -> CampaignDefinition: ...

    @property
    def is_for_everybody(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody at the site. `customer_key` None: nothing is chosen for them, and nothing kept of them."""

    person: Reachable
    customer_key: int | None
    #: Whether marketing may be chosen by what is known of them.
    is_open_to_marketing: bool

    def towards(self, campaign: Shown) -> "Visitor":
        """As whom they come to the campaign: as nobody where it must not be chosen for them."""
        if self.is_open_to_marketing or campaign.definition.purpose != "marketing":
            return self
        nobody = msgspec.structs.replace(
            _NOBODY, locale=self.person.locale, timezone=self.person.timezone
        )
        return Visitor(nobody, None, is_open_to_marketing=False)

    def may_see(self, campaign: Shown) -> bool:
        """Whether it could be for them at all."""
        return self.towards(campaign).customer_key is not None or campaign.is_for_everybody


def visitor(customer_id: str | None, *, language: Language, now: datetime) -> Visitor:
    """Who comes, with the language of the call where their own is not known. 3 statements for a customer.

    Nobody is disturbed by a shop window, so that no consent has to be granted; but who has taken back
    marketing within the shop or profiling, whose data are restricted, and who is known to be a child, sees
    only what everybody sees.
    """
    customer = customer_by_reference(customer_id) if customer_id is not None else None
    people = reachable(customer_keys=[customer.pk], channel="in_app") if customer else {}
    person = next(iter(people.values()), _NOBODY)
    if spoken(person.locale) is None:
        person = msgspec.structs.replace(person, locale=language)
    if customer is None:
        return Visitor(person, None, is_open_to_marketing=False)
    states = consent_states(customer.pk)
    zone = zone_for(
        campaign="customer", customer=person.timezone, shop=ZoneInfo(settings.SHOP_TIME_ZONE)
    )
    today = now.astimezone(zone).date()
    age_limit = settings.MARKETING_MIN_AGE
    objects = any(
        states.get(("in_app", purpose)) == "withdrawn" for purpose in ("marketing", "profiling")
    )
    is_open = not (
        objects
        or person.is_restricted
        or is_child(birth_date=person.birth_date, today=today, age_limit=age_limit)
    )
    return Visitor(person, customer.pk, is_open_to_marketing=is_open)
