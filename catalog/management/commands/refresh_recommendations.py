"""Count anew what is bought together and most."""

import time
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from catalog.actions.refresh import refresh


class Command(BaseCommand):
    """The same as the job does; safe beside it."""

    help = "Count anew what is bought together and most, whether or not it is time."

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints from how many orders, how many rows differed, and how long it took."""
        began = time.monotonic()
        made = refresh(now=timezone.now())
        seconds = time.monotonic() - began
        if made.orders is None:
            self.stdout.write("Somebody else is at it.")
            return
        self.stdout.write(f"{made.orders} orders, {made.written} rows written, {seconds:.2f} s")
