"""Print a new API key, alone on the last line."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from access import actions
from access.models import Scope
from common.errors import ValidationFailed


class Command(BaseCommand):
    help = "Print a new API key once. Without --scope it has every scope save payouts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--scope", action="append", choices=Scope.values, dest="scopes")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            key = actions.create_api_key(
                name=options["name"], scopes=options["scopes"], now=timezone.now()
            )
        except ValidationFailed as refused:
            raise CommandError(refused.errors[0].detail) from None
        self.stdout.write("Keep it well: it is shown only now.")
        self.stdout.write(key)
