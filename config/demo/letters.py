"""What the tea shop writes to its customers by itself: four campaigns made from recipes, and some to come."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
from django.contrib.auth import get_user_model

from campaigns.actions.approvals import approve, schedule, submit
from campaigns.actions.campaigns import put_campaign
from campaigns.actions.running import run_all
from campaigns.domain.definition import CampaignDefinition
from campaigns.domain.local_times import instant_at
from campaigns.domain.recipes.book import RECIPES
from campaigns.domain.recipes.feasts import coming_feasts
from campaigns.domain.recipes.recipe import draft
from campaigns.domain.triggers import Once
from config.demo.offers.offer import READERS, ZONE
from config.demo.offers.personal import BIRTHDAY, TEA_20, WIN_BACK
from config.demo.people import Person
from customers.actions.events import record_events
from customers.domain.events import ToldEvent

COLLEAGUE = "lena"
SHOP = "https://shop.example/"
#: They have gone out by themselves since so long ago.
_SINCE = timedelta(days=3)
#: So many days of sign-ups are told.
_SIGNED_UP = timedelta(days=10)
#: Id, recipe and promotion of those that run.
RUNNING: Sequence[tuple[str, str, str | None]] = (
    ("willkommen", "welcome", TEA_20),
    ("geburtstag", "birthday", BIRTHDAY),
    ("wiedersehen", "win_back", WIN_BACK),
    ("cashback-verfaellt", "cashback_expiring", None),
)


@dataclass(frozen=True, slots=True)
class Team:
    """Who writes campaigns, and who approves them."""

    writes: str
    approves: str


def make_team(*, approves: str) -> Team:
    """A colleague, who cannot log in, beside the member of staff. Part of the caller's transaction."""
    users = get_user_model()
    user, is_new = users.objects.get_or_create(username=COLLEAGUE)
    if is_new:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return Team(writes=f"staff:{user.pk}", approves=approves)


def write_campaigns(everybody: Sequence[Person], *, today: datetime, team: Team) -> None:
    """All of them, and who has signed up lately. Part of the caller's transaction."""
    _tell_sign_ups(everybody, today=today)
    since = today - _SINCE
    for campaign_id, recipe, promotion_id in RUNNING:
        _put(campaign_id, _running(recipe, promotion_id), team=team, now=since)
        submit(campaign_id=campaign_id, actor=team.writes, now=since)
        approve(campaign_id=campaign_id, actor=team.approves, now=since)
        schedule(campaign_id=campaign_id, actor=team.approves, now=since)
    _plan(today=today, team=team)


def send_letters(*, clock: Callable[[], datetime], wall: Callable[[], datetime]) -> int:
    """All that is due; how many letters left. The stack's workers may do the same meanwhile."""
    return run_all(now=clock(), wall=wall)


def _running(recipe: str, promotion_id: str | None) -> CampaignDefinition:
    made = RECIPES[recipe]
    definition = draft(made, name=made.title.de, link=SHOP, promotion_id=promotion_id)
    # Whenever the shop is loaded, also at night, there is something to see, and always as much.
    return msgspec.structs.replace(
        definition, holdout_percent="0", quiet_hours=None, expires_after_hours=None
    )


def _plan(*, today: datetime, team: Team) -> None:
    """A feast that waits for the approval of somebody else, and a member day that is still a draft."""
    coming = coming_feasts(after=today.date() + timedelta(days=7))[0]
    at = instant_at(coming.sent_on, today.time().replace(hour=9), zone=ZoneInfo(ZONE))
    recipe = RECIPES["sale_day" if coming.feast.is_sale else "holiday"]
    greeting = coming.feast.greeting
    feast = draft(
        recipe,
        name=coming.feast.name.de,
        link=SHOP,
        trigger=Once(at=at),
        segments=[READERS],
        greetings={"de": greeting.de, "en": greeting.en},
    )
    _put(coming.key.replace("_", "-"), feast, team=team, now=today)
    submit(campaign_id=coming.key.replace("_", "-"), actor=team.writes, now=today)
    member_day = RECIPES["member_day"]
    club = draft(member_day, name=member_day.title.de, link=SHOP, segments=["teeclub"])
    _put("mitgliedertag", club, team=team, now=today)


def _put(campaign_id: str, definition: CampaignDefinition, *, team: Team, now: datetime) -> None:
    put_campaign(campaign_id=campaign_id, definition=definition, actor=team.writes, now=now)


def _tell_sign_ups(everybody: Sequence[Person], *, today: datetime) -> None:
    signed_up = [
        ToldEvent(
            event_id=f"newsletter-{person.customer_id}",
            customer_id=person.customer_id,
            name="newsletter_signup",
            occurred_at=person.registered_at + timedelta(minutes=3),
        )
        for person in everybody
        if person.reads_newsletter and person.registered_at > today - _SIGNED_UP
    ]
    record_events(events=signed_up, now=today)
