"""Replay a year of a real grocer's coupons against a running service, over HTTP."""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError
from django.utils import timezone

from access import actions as access
from access import queries
from access.domain.keys import parse_key
from replay.bodies import Names
from replay.calls import Caller, ServiceAway
from replay.plan import PlanImpossible, make_plan
from replay.player import play
from replay.progress import Progress
from replay.reading import UnreadableFile, read_journey
from replay.run import Run, SetUpRefused
from replay.shop import set_up
from replay.tally import Tally, is_right, report
from stack import launch
from stack.paths import CHECKOUT, Folders
from stack.processes import manage_command

SCOPES = ("checkout", "customers", "orders", "promotions", "segments")
WORKERS = 8
HELP = """
Replay the Complete Journey (campaigns, coupons, baskets and redemptions of 2017) over HTTP against
a service that runs with TEST_CLOCK=1. Exit code 1 on any deviation from what the files say.
"""


class Command(BaseCommand):
    """Each run has ids of its own, so it can be repeated on the same shop."""

    help = HELP

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "folder", type=Path, metavar="DIR", help="the CSV files, gzipped or not"
        )
        parser.add_argument(
            "--base-url",
            default=os.environ.get("REPLAY_URL"),
            help="of the service; else REPLAY_URL, else the stack that runs here",
        )
        parser.add_argument(
            "--api-key",
            default=os.environ.get("REPLAY_API_KEY"),
            help="else REPLAY_API_KEY, else a key is made, and revoked at the end",
        )
        parser.add_argument(
            "--campaign",
            action="append",
            default=[],
            metavar="N",
            help="only this campaign and its households; may be repeated",
        )
        parser.add_argument("--no-orders", action="store_true", help="leave out the past orders")
        parser.add_argument(
            "--run",
            default=f"cj-{uuid4().hex[:8]}",
            help="what all ids of this run begin with (default: a new one each time); a run that"
            " broke off during the set-up goes on under the same name and key",
        )
        parser.add_argument("--workers", type=int, default=WORKERS, help="calls at the same time")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["api_key"] and (variables := _unknown_stack()):
            self._run_inside(variables)
            return
        progress = Progress(sys.stderr)
        try:
            with _key(options["api_key"]) as api_key:
                rows, deviations = self._replay(options, api_key=api_key, progress=progress)
        except (UnreadableFile, PlanImpossible, SetUpRefused, ServiceAway, ValueError) as error:
            raise CommandError(f"the replay has ended early: {error}") from None
        except OperationalError as error:
            raise CommandError(
                "no database to make an API key in: `TEST_CLOCK=1 make up` first, or name a"
                f" service by --base-url and --api-key\n{error}"
            ) from None
        finally:
            progress.end()
        self.stdout.write("\n".join(report(rows, deviations, progress.seconds)))
        if not is_right(rows, deviations):
            sys.exit(1)

    def _replay(
        self, options: dict[str, Any], *, api_key: str, progress: Progress
    ) -> tuple[list[Any], list[str]]:
        base_url = options["base_url"] or settings.PUBLIC_URL
        caller = Caller(base_url=base_url, api_key=api_key)
        names = Names(options["run"])
        progress.begin("files read", 1)
        journey = read_journey(options["folder"])
        plan = make_plan(journey, only=options["campaign"], with_orders=not options["no_orders"])
        progress.advance()
        tally = Tally()
        self.stdout.write(f"{options['folder']} against {base_url}, run {names.run}\n")
        with ThreadPoolExecutor(options["workers"]) as pool:
            run = Run(
                caller=caller, names=names, journey=journey, plan=plan, tally=tally,
                progress=progress, pool=pool,
            )  # fmt: skip
            play(run, set_up(run))
        return tally.rows(plan.expected), tally.deviations

    def _run_inside(self, variables: dict[str, str]) -> None:
        """Once more, as the running stack's own processes would see it."""
        command = manage_command(*sys.argv[1:])
        environment = dict(os.environ) | variables
        done = subprocess.run(command, cwd=CHECKOUT, env=environment, check=False)
        if done.returncode:
            sys.exit(done.returncode)


def _unknown_stack() -> dict[str, str]:
    """The variables of a stack that runs here and that nobody told us of; empty if there is none."""
    state = (
        None if "DATABASE_URL" in os.environ else launch.running_state(Folders.from_environment())
    )
    return state.variables if state else {}


@contextmanager
def _key(given: str | None) -> Iterator[str]:
    """The key given, or one for the length of this block."""
    if given:
        yield given
        return
    key = access.create_api_key(name="replay", scopes=SCOPES, now=timezone.now())
    try:
        yield key
    finally:
        parts = parse_key(key)
        found = queries.key_by_prefix(parts.prefix) if parts else None
        if found is not None:
            access.revoke_api_key(key_id=found.key_id, now=timezone.now())
