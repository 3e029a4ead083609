"""Acts: stop a campaign of which too much bounces, or about which too many complain.

A mailbox provider that sees either for long takes no more mail of the shop at all, that of orders included.
"""

from datetime import datetime

from django.db import transaction

from campaigns.actions.campaigns import audit
from campaigns.domain.breaker import Counts, broken
from campaigns.emails import tell_stopped
from campaigns.models import Campaign
from campaigns.queries.bounces import LOOKS_BACK, bounds, counts_of
from journal.actions import record_event

#: Who has done it, in the audit trail.
ACTOR = "breaker"


def break_due(*, now: datetime) -> int:
    """Pause each running campaign that has passed a bound; how many. Opens its own transactions.

    Of whom nothing bounced or complained it asks an index, and no more.
    """
    running = Campaign.objects.filter(
        status=Campaign.Status.RUNNING, channel=Campaign.Channel.EMAIL
    )
    return sum(_is_broken(each, now=now) and _stop(each.pk, now=now) for each in running)


def _is_broken(campaign: Campaign, *, now: datetime) -> bool:
    return broken(_counts(campaign, now=now), bounds()) is not None


def _counts(campaign: Campaign, *, now: datetime) -> Counts:
    since = max(now - LOOKS_BACK, campaign.watched_since or now - LOOKS_BACK)
    return counts_of(campaign.pk, since=since, within=bounds())


def _stop(campaign_key: int, *, now: datetime) -> bool:
    """Look again under the campaign's lock: somebody may have paused or resumed it meanwhile."""
    with transaction.atomic():
        rows = Campaign.objects.select_for_update(no_key=True)
        campaign = rows.filter(pk=campaign_key, status=Campaign.Status.RUNNING).first()
        if campaign is None:
            return False
        counts = _counts(campaign, now=now)
        reason = broken(counts, bounds())
        if reason is None:
            return False
        campaign.status = Campaign.Status.PAUSED
        campaign.pause_reason = reason
        campaign.revision += 1
        campaign.save(update_fields=["status", "pause_reason", "revision"])
        after = {
            "status": "paused", "reason": reason, "sent": counts.sent, "bounced": counts.bounced,
            "complained": counts.complained,
        }  # fmt: skip
        audit(campaign, "paused", {"status": "running"}, after, actor=ACTOR, now=now)
        payload = {"campaign_id": campaign.reference, "reason": reason}
        record_event(type="campaign.paused", payload=payload, now=now)
        transaction.on_commit(lambda: tell_stopped(campaign.reference, reason))
    return True
