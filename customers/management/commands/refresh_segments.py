"""Find out anew who is in segments."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from customers.actions.refresh import due_segments, refresh_segment


class Command(BaseCommand):
    help = "Fill dynamic segments anew: those named, or all that are due. Safe at any moment."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("segments", nargs="*", metavar="SEGMENT")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        for reference in options["segments"] or due_segments(now=now):
            began = time.perf_counter()
            with transaction.atomic():
                done = refresh_segment(reference=reference, now=now)
            if done is None:
                raise CommandError(f"{reference}: there is no such dynamic segment.")
            self.stdout.write(
                f"{reference}: {done.members} members, {done.entered} entered, {done.left} left,"
                f" {time.perf_counter() - began:.3f} s"
            )
