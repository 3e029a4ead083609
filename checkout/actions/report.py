"""The report of a promotion: what is due is done and counted first, so that it is true at once."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from checkout.actions.expire import expire_due
from checkout.actions.roll_up import roll_up
from checkout.domain.report import Budget, Report, budget_of, rate_since
from checkout.queries.reports import calls_of, discount_between, first_day_of, sales_of
from common.errors import NotFound
from promotions.queries.standing import Standing, standing_of


def report_promotion(*, promotion_id: str, now: datetime) -> Report:
    """The figures of everything that was told by now. Opens its own transactions.

    Raises:
        NotFound
    """
    if standing_of(promotion_id) is None:
        raise NotFound("There is no such promotion.")
    expire_due(now=now)
    roll_up()
    standing = standing_of(promotion_id)
    if standing is None:
        raise NotFound("There is no such promotion.")
    return Report(
        promotion_id=promotion_id,
        currency=standing.currency,
        at=now,
        issued=standing.issued,
        calls=calls_of(promotion_id),
        sales=sales_of(promotion_id),
        budget=_budget(promotion_id, standing, now=now),
    )


def _budget(promotion_id: str, standing: Standing, *, now: datetime) -> Budget | None:
    if standing.discount_budget is None:
        return None
    zone = ZoneInfo(settings.SHOP_TIME_ZONE)
    today = now.astimezone(zone).date()
    since = rate_since(today=today, first_day=first_day_of(promotion_id))
    given = discount_between(
        promotion_id, currency=standing.currency or "", first=since, last=today
    )
    return budget_of(
        amount=standing.discount_budget,
        spent=standing.spent,
        held=standing.held,
        given=given,
        since=since,
        now=now,
        zone=zone,
    )
