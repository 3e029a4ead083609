"""What the shop is set to."""

from functools import cache
from zoneinfo import ZoneInfo

from django.conf import settings


@cache
def shop_zone() -> ZoneInfo:
    """By whose clocks days end and months begin."""
    return ZoneInfo(settings.SHOP_TIME_ZONE)
