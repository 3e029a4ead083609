"""Acts: write the links of a campaign's letters, tracked for those who allow it."""

from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings

from campaigns.actions.addresses import click_url, pixel_url
from campaigns.actions.links import LinkBook
from campaigns.domain.letters.values import WrapLink
from campaigns.domain.tracking import utm_query, with_utm
from campaigns.models import Campaign
from customers.domain.reach import Reachable


class Tracks(NamedTuple):
    """What one letter has of tracking; no pixel for those who allow none."""

    wrap_link: WrapLink | None
    pixel_url: str | None


#: Links as they were written.
UNTRACKED = Tracks(None, None)


class Tracking:
    """How the links of one campaign are written, for a few recipients at a time, within one transaction."""

    def __init__(self, campaign: Campaign) -> None:
        self._links = LinkBook(campaign.pk)
        self._utm = utm_query(
            source=settings.UTM_SOURCE, campaign_id=campaign.reference, medium=campaign.channel
        )
        self._plain: dict[str, str] = {}

    def of(self, person: Reachable, *, delivery_key: int, now: datetime) -> Tracks:
        """Decided here, as late as can be. A preview or test (no delivery) is never tracked, nor is anybody
        whose data are restricted (GDPR art. 18).
        """
        if not delivery_key or not person.allows_tracking or person.is_restricted:
            return Tracks(self.plain, None)
        keys: dict[str, Any] = {
            "customer_key": person.customer_key,
            "delivery_key": delivery_key,
            "now": now,
        }
        made: dict[str, str] = {}

        def wrapped(address: str, shared: str | None) -> str:
            if shared is None:
                return self.plain(address, None)
            # Once for HTML and plain text.
            found = made.get(shared)
            if found is None:
                number = self._links.number_of(shared)
                if number is None:
                    return self.plain(address, shared)
                found = made[shared] = click_url(**keys, number=number)
            return found

        return Tracks(wrapped, pixel_url(**keys))

    def plain(self, address: str, shared: str | None) -> str:
        """An address of the shop's that names nobody, only the campaign."""
        if address != shared:
            return with_utm(address, self._utm)
        found = self._plain.get(address)
        if found is None:
            found = self._plain[address] = with_utm(address, self._utm)
        return found
