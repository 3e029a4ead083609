"""What must be done before a new version serves: migrate, collect static files."""

import hashlib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """One process for both, since each start of Django costs seconds. Safe to run again."""

    help = "Migrate the database and collect static files where they have changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """An image is built where there is no database."""
        parser.add_argument("--static-only", action="store_true", help="do not migrate")

    def handle(self, *args: Any, **options: Any) -> None:
        """Static files are compressed at each collection, so it is left out when nothing moved."""
        if not options["static_only"]:
            call_command("migrate", interactive=False, verbosity=1)
        stamp = Path(settings.STATIC_ROOT) / ".collected"
        found = _fingerprint()
        if not stamp.exists() or stamp.read_text(encoding="ascii") != found:
            call_command("collectstatic", interactive=False, verbosity=0)
            stamp.write_text(found, encoding="ascii")


def _fingerprint() -> str:
    """Name, size and time of every static file of every app."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            found = Path(storage.path(path)).stat()
            digest.update(f"{path} {found.st_size} {int(found.st_mtime)}\n".encode())
    return digest.hexdigest()
