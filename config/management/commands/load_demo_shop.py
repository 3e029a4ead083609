"""Fill an invented tea shop, to look at."""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config.demo.letters import send_letters
from config.demo.load import load


class Command(BaseCommand):
    """Safe to run again: what is there stays as it is."""

    help = "Fill an invented German tea shop: customers, orders, promotions, codes, redemptions."

    def handle(self, *args: Any, **options: Any) -> None:
        """A member of staff with a known password is part of it: never where TLS is asked for."""
        if settings.SECURE_TLS:
            raise CommandError("this looks like production: the demo's staff login is no secret")
        began = time.monotonic()
        shop = load(clock=timezone.now)
        letters = send_letters(clock=timezone.now, wall=timezone.now)
        seconds = f", in {time.monotonic() - began:.1f} s" if shop.is_new else ""
        self.stdout.write(
            f"{'A tea shop' if shop.is_new else 'The tea shop is there'}: {shop.customers} customers,"
            f" {shop.orders} orders, {shop.promotions} promotions, {letters} letters sent{seconds}"
        )
