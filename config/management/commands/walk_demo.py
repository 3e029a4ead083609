"""Walk through the main job against a running stack; exit code 1 on any deviation."""

import time
from contextlib import closing
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from access import actions as access
from access import queries
from access.domain.keys import parse_key
from config.demo.client import NoAnswer, Storefront
from config.demo.screen import Screen
from config.demo.steps import Deviation
from config.demo.walk import Walk

SCOPES = ("campaigns", "checkout", "customers", "orders", "promotions")


class Command(BaseCommand):
    """Each walk has ids of its own, so it can be repeated on the same shop."""

    help = "Walk through the main job over HTTP, show each call and check each answer."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--base-url", default=settings.PUBLIC_URL)

    def handle(self, *args: Any, **options: Any) -> None:
        run = uuid4().hex[:8]
        now = timezone.now()
        key = access.create_api_key(name=f"walk {run}", scopes=SCOPES, now=now)
        screen = Screen(self.stdout)
        began = time.monotonic()
        try:
            with closing(Storefront(options["base_url"], key=key)) as shop:
                Walk(shop, screen, run=run).go()
        except (Deviation, NoAnswer) as error:
            raise CommandError(f"the walk has ended early: {error}") from None
        finally:
            _revoke(key)
        screen.ending(f"All as it should be, in {time.monotonic() - began:.1f} s.")


def _revoke(key: str) -> None:
    parts = parse_key(key)
    found = queries.key_by_prefix(parts.prefix) if parts else None
    if found is not None:
        access.revoke_api_key(key_id=found.key_id, now=timezone.now())
