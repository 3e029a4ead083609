"""Acts: decide about a few claimed deliveries, and make those ready that may go."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from msgspec import Struct

from campaigns.actions.capping import Asked, over_cap
from campaigns.actions.claiming import LEASE, Claim
from campaigns.actions.inbox import put_into_inboxes
from campaigns.actions.letters import Addressee, Letters, letters_of
from campaigns.actions.mails import asking, written
from campaigns.actions.notes import notes_of, told_to
from campaigns.actions.noting import end, let_wait, submit
from campaigns.actions.phones import push_message, sms_message
from campaigns.actions.ready import Ready
from campaigns.channels.message import Mail, address_on_the_wire, message_bytes
from campaigns.channels.pace import LONGEST_WAIT, Pace
from campaigns.domain.gates import Ends, Occasion, Waits, gate
from campaigns.domain.letters.values import RenderFailed
from campaigns.domain.local_times import end_of_validity, zone_for
from campaigns.domain.notes.note import Told
from campaigns.models import Campaign, Delivery, PushSubscription
from campaigns.queries.bounces import resting
from campaigns.queries.campaigns import definition_of
from campaigns.queries.subjects import facts_of
from campaigns.queries.subscriptions import subscriptions_of
from common import faults
from customers.domain.reach import Reachable
from customers.queries.gate import reachable
from promotions.actions.personal import make_personal_codes
from promotions.queries.standing import is_given_out, used_up


class Code(Struct, frozen=True):
    """A personal code of a row."""

    key: int
    spelling: str
    valid_until: datetime | None


def prepare(
    claimed: Claim, keys: Sequence[int], *, pace: Pace, now: datetime, wall: datetime
) -> list[Ready]:
    """Those of the claimed rows that may go, ready to be handed over; all others have their end, or wait.

    One transaction: what it returns is committed as `submitting`. A row that is not ours any more is left.
    """
    with transaction.atomic():
        campaign = _running(claimed)
        rows = list(
            Delivery.objects.select_for_update(no_key=True, of=("self",))
            .select_related("code")
            .filter(pk__in=keys, lease=claimed.lease, state=Delivery.State.CLAIMED)
            .order_by("pk")
        )
        if claimed.campaign_key is not None and campaign is None:
            let_wait({row.pk: now for row in rows})
            return []
        preparation = _Preparation(campaign, rows, pace=pace, now=now, wall=wall)
        ready = preparation.made()
    faults.point("submitting")
    return ready


def _running(claimed: Claim) -> Campaign | None:
    """Read at the last moment: who pauses or cancels it is heard at once."""
    rows = Campaign.objects.select_related("promotion")
    return rows.filter(pk=claimed.campaign_key or 0, status=Campaign.Status.RUNNING).first()


def _useless(campaign: Campaign | None, *, now: datetime) -> str | None:
    """Why nobody could use a code of its promotion, if it has one."""
    if campaign is None or campaign.promotion is None:
        return None
    if not is_given_out(campaign.promotion, now=now):
        return "promotion_not_running"
    return used_up(campaign.promotion)


class _Preparation:
    """What is decided about some rows of one campaign; None: mail that asks for a consent."""

    def __init__(
        self,
        campaign: Campaign | None,
        rows: Sequence[Delivery],
        *,
        pace: Pace,
        now: datetime,
        wall: datetime,
    ) -> None:
        self._campaign, self._rows, self._now, self._wall = campaign, rows, now, wall
        self._useless = _useless(campaign, now=now)
        self._pace = pace
        self._definition = definition_of(campaign) if campaign is not None else None
        self._people: Mapping[int, Reachable] = {}
        self._ends: dict[int, Ends] = {}
        self._waits: dict[int, datetime] = {}
        self._codes: dict[int, Code] = {}
        self._told: dict[int, Told] = {}
        self._browsers: Mapping[int, Sequence[PushSubscription]] = {}

    def made(self) -> list[Ready]:
        """Decide, make codes, write, and note all of it."""
        channel = self._definition.channel if self._definition else "email"
        self._people = reachable(
            customer_keys={row.customer_id for row in self._rows}, channel=channel
        )
        for row in self._rows:
            self._ask_gate(row)
        self._ask_caps()
        self._keep_pace()
        self._make_codes()
        ready = self._written()
        self._note(ready)
        return ready

    def _passing(self) -> list[Delivery]:
        done = self._ends.keys() | self._waits.keys()
        return [row for row in self._rows if row.pk not in done]

    def _addresses(self) -> dict[int, str]:
        """Of mails; rates and bounces are those of mailboxes."""
        mails = [row for row in self._passing() if row.channel == Campaign.Channel.EMAIL]
        return {row.pk: self._people[row.customer_id].email for row in mails}

    def _ask_gate(self, row: Delivery) -> None:
        person = self._people.get(row.customer_id)
        definition = self._definition
        occasion = Occasion(
            channel=row.channel,
            purpose=definition.purpose if definition else "transactional",
            quiet_hours=definition.quiet_hours if definition else None,
            zone=self._zone(person),
            expires_at=row.expires_at,
            code_is_useless=self._useless,
        )
        match gate(person, occasion, min_age=settings.MARKETING_MIN_AGE, now=self._now):
            case Ends() as ends:
                self._ends[row.pk] = ends
            case Waits(until):
                self._waits[row.pk] = until

    def _zone(self, person: Reachable | None) -> ZoneInfo:
        shop = ZoneInfo(settings.SHOP_TIME_ZONE)
        if person is None:
            return shop
        campaign = self._definition.timezone if self._definition else "customer"
        return zone_for(campaign=campaign, customer=person.timezone, shop=shop)

    def _ask_caps(self) -> None:
        if self._definition is None or self._definition.purpose != "marketing":
            return
        for key in resting(self._addresses(), now=self._now):
            self._ends[key] = Ends("suppressed", "soft_bounces")
        asked = [Asked(row.pk, self._people[row.customer_id]) for row in self._passing()]
        for key in over_cap(asked, channel=self._definition.channel, now=self._now):
            self._ends[key] = Ends("capped", "capped")

    def _keep_pace(self) -> None:
        """What could not go within a moment is not written yet."""
        addresses = self._addresses()
        for key, seconds in zip(addresses, self._pace.room([*addresses.values()]), strict=True):
            if seconds > LONGEST_WAIT:
                self._waits[key] = self._now + timedelta(seconds=seconds)

    def _make_codes(self) -> None:
        """A retry keeps its code."""
        campaign = self._campaign
        if campaign is None or campaign.promotion_id is None:
            return
        for row in self._rows:
            if row.code is not None:
                self._codes[row.pk] = Code(row.code.pk, row.code.spelling, row.code.valid_until)
        without = [row for row in self._passing() if row.pk not in self._codes]
        days, shop = campaign.code_valid_days, ZoneInfo(settings.SHOP_TIME_ZONE)
        valid_until = end_of_validity(days, now=self._now, zone=shop) if days else None
        # Two rows of one customer get a code each: one set after the other.
        while without:
            first = {row.customer_id: row for row in reversed(without)}
            made = make_personal_codes(
                promotion_key=campaign.promotion_id, customer_keys=sorted(first),
                valid_until=valid_until, now=self._now,
            )  # fmt: skip
            for customer_key, (key, spelling) in made.items():
                self._codes[first[customer_key].pk] = Code(key, spelling, valid_until)
            without = [row for row in without if row.pk not in self._codes]
        faults.point("code_made")

    def _written(self) -> list[Ready]:
        rows = self._passing()
        if not rows:
            return []
        facts = facts_of(self._campaign, rows, now=self._now)
        if self._campaign is not None and self._campaign.channel != Campaign.Channel.EMAIL:
            return self._noted(self._campaign, rows, facts)
        letters = letters_of(self._campaign) if self._campaign is not None else None
        ready = []
        for row in rows:
            try:
                ready.append(self._one(row, letters, facts.get(row.pk, {})))
            except RenderFailed as failed:
                self._ends[row.pk] = Ends("render_failed", failed.name[:40])
            except ValueError:
                self._ends[row.pk] = Ends("failed", "bad_address")
        faults.point("rendered")
        return ready

    def _noted(
        self, campaign: Campaign, rows: Sequence[Delivery], facts: Mapping[int, Mapping[str, str]]
    ) -> list[Ready]:
        """What is no letter: told within the house at once, or sent to a phone."""
        notes = notes_of(campaign)
        if campaign.channel == Campaign.Channel.PUSH:
            self._browsers = subscriptions_of({row.customer_id for row in rows})
        ready = []
        for row in rows:
            addressee = self._addressee(row, facts.get(row.pk, {}))
            is_push = campaign.channel == Campaign.Channel.PUSH
            if is_push and row.customer_id not in self._browsers:
                self._ends[row.pk] = Ends("failed", "no_address")
                continue
            try:
                told = told_to(addressee, notes, campaign, now=self._now)
                if campaign.channel == Campaign.Channel.IN_APP:
                    self._told[row.pk] = told
                else:
                    ready.append(self._sent(row, told, campaign))
            except RenderFailed as failed:
                self._ends[row.pk] = Ends("render_failed", failed.name[:40])
            except ValueError:
                self._ends[row.pk] = Ends("failed", "bad_address")
        faults.point("rendered")
        return ready

    def _sent(self, row: Delivery, told: Told, campaign: Campaign) -> Ready:
        code = self._codes.get(row.pk)
        person = self._people[row.customer_id]
        if campaign.channel == Campaign.Channel.SMS:
            recipient, message = sms_message(
                told, person, campaign, delivery_key=row.pk, now=self._now
            )
        else:
            browsers = self._browsers[row.customer_id]
            recipient, message = push_message(told, browsers, row, now=self._now)
        return Ready(
            delivery_key=row.pk,
            channel=row.channel,
            recipient=recipient,
            message=message,
            attempts=row.attempts,
            expires_at=row.expires_at,
            code_key=code.key if code else None,
        )

    def _one(self, row: Delivery, letters: Letters | None, facts: Mapping[str, str]) -> Ready:
        person = self._people[row.customer_id]
        if letters is None or self._campaign is None:
            mail = asking(row, person, now=self._now)
            return self._ready(row, person, mail, None)
        mail = written(self._campaign, letters, self._addressee(row, facts), now=self._now)
        return self._ready(row, person, mail, self._codes.get(row.pk))

    def _addressee(self, row: Delivery, facts: Mapping[str, str]) -> Addressee:
        code = self._codes.get(row.pk)
        return Addressee(
            person=self._people[row.customer_id], delivery_key=row.pk, variant=row.variant,
            facts=facts, code=code.spelling if code else None,
            code_valid_until=code.valid_until if code else None,
        )  # fmt: skip

    def _ready(self, row: Delivery, person: Reachable, mail: Mail, code: Code | None) -> Ready:
        return Ready(
            delivery_key=row.pk,
            recipient=address_on_the_wire(person.email),
            message=message_bytes(mail, now=self._now),
            attempts=row.attempts,
            expires_at=row.expires_at,
            code_key=code.key if code else None,
        )

    def _note(self, ready: Sequence[Ready]) -> None:
        codes = {key: code.key for key, code in self._codes.items()}
        let_wait(self._waits)
        end(self._ends, codes=codes, now=self._now)
        if self._told:
            rows = [row for row in self._rows if row.pk in self._told]
            put_into_inboxes(rows, self._told, codes=codes, now=self._now)
        if ready:
            submitted = {each.delivery_key: each.code_key for each in ready}
            submit(submitted, leased_until=self._wall + LEASE, now=self._now)
