"""Which campaigns could be shown at a place on the site, and to whom. Writes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from campaigns.actions.visitors import Visitor
from campaigns.domain.definition import CampaignDefinition
from campaigns.domain.local_times import zone_for
from campaigns.domain.placing import Placement, Spot, is_meant, is_shown
from campaigns.models import Campaign
from campaigns.queries.campaigns import definition_of, expiry_of
from campaigns.queries.placing import placed_in
from customers.queries.segment_book import current_segments
from customers.queries.segments import segments_of_one
from promotions.queries.standing import is_given_out


@dataclass(frozen=True, slots=True)
class Candidate:
    """A campaign that could be shown."""

    campaign: Campaign
    definition: CampaignDefinition

    @property
    def placement(self) -> Placement:
        """Where in its slot it is shown."""
        return self.definition.placement or Placement()

    @property
    def wants_code(self) -> bool:
        """A promotion that works by itself needs none."""
        promotion = self.campaign.promotion
        return promotion is not None and promotion.activation == "code"

    @property
    def is_for_everybody(self) -> bool:
        """Whether nothing of it depends on who comes."""
        audience = self.definition.audience
        return not audience.segments and not audience.exclude_segments and not self.wants_code


def candidates_in(slot: str, spot: Spot, who: Visitor, *, now: datetime) -> list[Candidate]:
    """Those that are shown here and now to anybody."""
    found = []
    for campaign in placed_in(slot):
        each = Candidate(campaign, definition_of(campaign))
        assert campaign.scheduled_at is not None
        zone = zone_for(
            campaign=campaign.timezone,
            customer=who.person.timezone,
            shop=ZoneInfo(settings.SHOP_TIME_ZONE),
        )
        is_now = is_shown(
            each.definition.trigger,
            lasts=expiry_of(campaign),
            scheduled_at=campaign.scheduled_at,
            zone=zone,
            now=now,
        )
        is_offered = campaign.promotion is None or is_given_out(campaign.promotion, now=now)
        if is_now and is_offered and is_meant(each.placement, spot):
            found.append(each)
    return found


def audiences_with(
    candidates: Sequence[Candidate], customer_key: int, *, now: datetime
) -> Mapping[int, bool]:
    """Whether the customer is in the audience of each, asked live."""
    audiences = {each.campaign.pk: each.definition.audience for each in candidates}
    named = sorted(
        {
            name
            for audience in audiences.values()
            for name in (*audience.segments, *audience.exclude_segments)
        }
    )
    found: set[str] = set()
    if named:
        book = current_segments()
        found = set(segments_of_one(named, book=book, customer_key=customer_key, now=now))
    return {
        key: (not audience.segments or not found.isdisjoint(audience.segments))
        and found.isdisjoint(audience.exclude_segments)
        for key, audience in audiences.items()
    }
