"""End an API key at once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from access import actions, queries


class Command(BaseCommand):
    help = "Revoke an API key: from the next call on it opens nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("key", help="its prefix (pk_<prefix>_...), its name, or the whole key")

    def handle(self, *args: Any, **options: Any) -> None:
        meant = queries.keys_meant(options["key"])
        if not meant:
            raise CommandError("There is no API key of this prefix or name.")
        live = [key for key in meant if key.revoked_at is None]
        if len(live) > 1:
            prefixes = ", ".join(key.prefix for key in live)
            raise CommandError(f"Several keys have this name; say which by its prefix: {prefixes}")
        key = (live or meant)[-1]
        told = f"{key.name} (pk_{key.prefix}_...)"
        if actions.revoke_api_key(key_id=key.key_id, now=timezone.now()):
            self.stdout.write(f"Revoked: {told}")
        else:
            self.stdout.write(f"It was revoked before: {told}")
