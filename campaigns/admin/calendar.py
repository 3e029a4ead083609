"""What goes out when: a month, by the shop's clock."""

import re
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from campaigns.admin.words import when_told
from campaigns.domain.recipes.feasts import FEASTS
from campaigns.models import Campaign
from campaigns.queries.overview import Planned, plan_of
from common.words import language_in_use

_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")
_WEEK = 7


def calendar_page(page: Any, request: HttpRequest) -> HttpResponse:
    """The month that stands in the address, else this one."""
    now = timezone.now()
    zone = ZoneInfo(settings.SHOP_TIME_ZONE)
    today = now.astimezone(zone).date()
    first = _asked(request.GET.get("month", ""), today=today)
    after = (first + timedelta(days=31)).replace(day=1)
    plan = plan_of(first=first, last=after - timedelta(days=1), zone=zone, now=now)
    by_day: dict[date, list[Planned]] = {}
    for each in plan.planned:
        by_day.setdefault(each.day, []).append(each)
    title = formats.date_format(first, "F Y")
    return render(
        request,
        "campaigns/admin/calendar.html",
        {
            **page.admin_site.each_context(request),
            "title": f"{_('Calendar')}: {title}",
            "content_title": f"{_('Calendar')}: {title}",
            "weekdays": [WEEKDAYS_ABBR[number] for number in range(_WEEK)],
            "weeks": _weeks(first, after, by_day, today=today),
            "always": [_entry(campaign) for campaign in plan.always],
            "before": f"?month={first - timedelta(days=1):%Y-%m}",
            "after": f"?month={after:%Y-%m}",
            "is_this_month": first == today.replace(day=1),
            "words": {
                "before": _("Month before"),
                "after": _("Month after"),
                "now": _("This month"),
                "always": _("Whenever its moment comes"),
                "none": _("Nothing of the kind runs."),
                "clock": _("By the shop's clock; drafts are pale."),
                "list": _("All campaigns"),
            },
            "list_url": reverse("admin:campaigns_campaign_changelist"),
        },
    )


def _asked(text: str, *, today: date) -> date:
    found = _MONTH.fullmatch(text)
    return date(int(found[1]), int(found[2]), 1) if found else today.replace(day=1)


def _weeks(
    first: date, after: date, by_day: dict[date, list[Planned]], *, today: date
) -> list[list[dict[str, Any]]]:
    """Whole weeks from Monday; days of other months are empty."""
    begin = first - timedelta(days=first.weekday())
    feasts = _feasts(first.year)
    weeks = []
    while begin < after:
        days = [begin + timedelta(days=number) for number in range(_WEEK)]
        weeks.append(
            [
                {
                    "number": day.day,
                    "name": formats.date_format(day, "DATE_FORMAT"),
                    "is_in": first <= day < after,
                    "is_today": day == today,
                    "feasts": feasts.get(day, ()) if first <= day < after else (),
                    "entries": [_planned(each) for each in by_day.get(day, ())],
                }
                for day in days
            ]
        )
        begin += timedelta(weeks=1)
    return weeks


def _feasts(year: int) -> dict[date, list[str]]:
    found: dict[date, list[str]] = {}
    for feast in FEASTS.values():
        found.setdefault(feast.on(year), []).append(feast.name.told(language_in_use()))
    return found


def _planned(each: Planned) -> dict[str, str]:
    return {**_entry(each.campaign, tells_when=False), "at": each.at}


def _entry(campaign: Campaign, *, tells_when: bool = True) -> dict[str, str]:
    return {
        "name": campaign.name,
        "status": campaign.status,
        "status_word": str(Campaign.Status(campaign.status).label),
        "url": reverse("admin:campaigns_campaign_change", args=[campaign.pk]),
        "when": when_told(campaign) if tells_when else "",
    }
