"""Acts: show what is meant for somebody at a place on the site, and count it.

A customer has one row for each campaign that was ever shown, or kept back, as with any other channel:
who is held out stays so, and a personal code is made once, by whoever of two calls is first.
"""

import random
from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction
from msgspec import Struct

from campaigns.actions.candidates import Candidate, audiences_with, candidates_in
from campaigns.actions.letters import Addressee, language_among, spoken
from campaigns.actions.notes import notes_of, told_to
from campaigns.actions.visitors import Visitor, visitor
from campaigns.domain.letters.values import RenderFailed
from campaigns.domain.local_times import end_of_validity
from campaigns.domain.notes.note import Told
from campaigns.domain.placing import Spot, Standing, Verdict, variant_at, verdict
from campaigns.models import Campaign
from campaigns.models.impression import PARTS
from campaigns.queries.placing import SHOWN, Place, places_of
from common.money import Language, parse_percent
from promotions.actions.personal import make_personal_codes
from promotions.queries.wallet import Words, words_in

_ROW = """
    INSERT INTO campaigns_delivery (campaign_id, occurrence, customer_id, channel, variant, state,
        reason, not_before, enlisted_at, attempts, submitted_at, closed_at)
    VALUES (%(campaign)s, %(occurrence)s, %(customer)s, 'placement', %(variant)s, %(state)s,
        %(reason)s, %(now)s, %(now)s, 0,
        CASE WHEN %(state)s = 'delivered' THEN %(now)s::timestamptz END, %(now)s)
    ON CONFLICT DO NOTHING RETURNING id
"""
_VIEW = """
    INSERT INTO campaigns_impression AS known (campaign_id, customer_id, part, views, first_at, last_at)
    VALUES (%(campaign)s, %(customer)s, %(part)s, 1, %(now)s, %(now)s)
    ON CONFLICT (campaign_id, customer_id, part) DO UPDATE
        SET views = known.views + 1, last_at = greatest(known.last_at, excluded.last_at)
        WHERE %(most)s::bigint IS NULL OR known.views < %(most)s
"""


class Banner(Struct, frozen=True, kw_only=True):
    """What is shown: the words, and the offer behind them."""

    campaign: Campaign
    variant: str
    told: Told
    #: Title and terms of its promotion.
    offer: tuple[str, str] | None
    code: str | None
    code_valid_until: datetime | None


def show(
    *, slot: str, customer_id: str | None, spot: Spot, language: Language, now: datetime
) -> Banner | None:
    """What the visitor sees in the slot at this moment; None: nothing. It is counted as seen.

    `language` is the caller's, for whoever has none. Opens its own transactions.
    """
    who = visitor(customer_id, language=language, now=now)
    candidates = [each for each in candidates_in(slot, spot, who, now=now) if who.may_see(each)]
    if not candidates:
        return None
    if who.customer_key is None:
        return _first(candidates, {}, {}, who, now=now)
    inside = audiences_with(candidates, who.customer_key, now=now)
    places = places_of(who.customer_key, [each.campaign.pk for each in candidates], now=now)
    return _first(candidates, inside, places, who, now=now)


def _first(
    candidates: Sequence[Candidate],
    inside: Mapping[int, bool],
    places: Mapping[int, Place],
    who: Visitor,
    *,
    now: datetime,
) -> Banner | None:
    for each in candidates:
        comes_as = who.towards(each)
        place = places.get(each.campaign.pk) if comes_as.customer_key is not None else None
        match _verdict(each, place, is_member=inside.get(each.campaign.pk, True)):
            case "held_out":
                assert place is not None
                _write_row(each, place, comes_as, state="held_out", now=now)
                return None
            case "shown":
                try:
                    with transaction.atomic():
                        return _shown(each, place, comes_as, now=now)
                except (RenderFailed, _SeenEnough):
                    # What cannot be written for this visitor is not for them: nothing of it stays.
                    continue
    return None


class _SeenEnough(Exception):
    """Somebody else has shown it meanwhile, for the last time."""


def _verdict(each: Candidate, place: Place | None, *, is_member: bool) -> Verdict:
    if place is None:
        return "shown"
    standing = Standing(
        is_member=is_member,
        is_held_out=place.state == "held_out"
        if place.state is not None
        else place.holdout_part < each.campaign.holdout_percent,
        views=place.views,
        is_used=place.is_code_usable is False,
    )
    return verdict(standing, max_views=each.placement.max_views)


def _shown(each: Candidate, place: Place | None, who: Visitor, *, now: datetime) -> Banner:
    """Make what is shown, and count it. Part of the caller's transaction.

    Raises:
        RenderFailed, _SeenEnough
    """
    place = _with_row(each, place, who, now=now) if place is not None else None
    _count(each, who, now=now)
    words = _words(each.campaign)
    told = _told(each, place, who, words, now=now)
    language = language_among(words, spoken(who.person.locale)) if words else None
    offer = words[language] if language else None
    return Banner(
        campaign=each.campaign,
        variant=(place.variant or "") if place is not None else "",
        told=told,
        offer=(offer.title, offer.terms) if offer is not None else None,
        code=place.code if place is not None else None,
        code_valid_until=place.code_valid_until if place is not None else None,
    )


def _with_row(each: Candidate, place: Place, who: Visitor, *, now: datetime) -> Place:
    """The customer's place with its row and code, which are made at the first time."""
    assert who.customer_key is not None
    if place.delivery_key is not None:
        return place
    key = _write_row(each, place, who, state="delivered", now=now)
    if key is None:
        # Another call was first; it has committed, so that its code is there.
        return places_of(who.customer_key, [each.campaign.pk], now=now)[each.campaign.pk]
    place = place._replace(delivery_key=key, variant=_variant(each, place))
    if not each.wants_code:
        return place
    days, shop = each.campaign.code_valid_days, ZoneInfo(settings.SHOP_TIME_ZONE)
    valid_until = end_of_validity(days, now=now, zone=shop) if days else None
    assert each.campaign.promotion_id is not None
    made = make_personal_codes(
        promotion_key=each.campaign.promotion_id, customer_keys=[who.customer_key],
        valid_until=valid_until, now=now,
    )  # fmt: skip
    code_key, spelling = made[who.customer_key]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE campaigns_delivery SET code_id = %s WHERE id = %s", [code_key, key])
    return place._replace(code=spelling, code_valid_until=valid_until)


def _write_row(
    each: Candidate, place: Place, who: Visitor, *, state: str, now: datetime
) -> int | None:
    """The key of the customer's new row; None where there is one already."""
    with connection.cursor() as cursor:
        cursor.execute(
            _ROW,
            {
                "campaign": each.campaign.pk,
                "occurrence": SHOWN,
                "customer": who.customer_key,
                "variant": "" if state == "held_out" else _variant(each, place),
                "state": state,
                "reason": "held_out" if state == "held_out" else "",
                "now": now,
            },
        )
        row = cursor.fetchone()
    return row[0] if row else None


def _variant(each: Candidate, place: Place) -> str:
    shares = [(one.name, parse_percent(one.percent)) for one in each.definition.variants]
    return variant_at(place.variant_part, shares)


def _count(each: Candidate, who: Visitor, *, now: datetime) -> None:
    """One more view.

    Raises:
        _SeenEnough
    """
    is_known = who.customer_key is not None
    with connection.cursor() as cursor:
        cursor.execute(
            _VIEW,
            {
                "campaign": each.campaign.pk,
                "customer": who.customer_key,
                "part": 0 if is_known else random.randrange(PARTS),
                "most": each.placement.max_views if is_known else None,
                "now": now,
            },
        )
        if cursor.rowcount == 0:
            raise _SeenEnough


def _words(campaign: Campaign) -> Mapping[Language, Words]:
    if campaign.promotion_id is None:
        return {}
    key = campaign.promotion_id
    both: Sequence[Language] = ("de", "en")
    return {language: words_in(language, [key])[key] for language in both}


def _told(
    each: Candidate,
    place: Place | None,
    who: Visitor,
    words: Mapping[Language, Words],
    *,
    now: datetime,
) -> Told:
    if not each.campaign.content:
        # An offer in its own words.
        own = words[language_among(words, spoken(who.person.locale))]
        return Told(title=own.title, text=own.terms, html=f"<p>{escape(own.terms)}</p>")
    addressee = Addressee(
        person=who.person,
        delivery_key=(place.delivery_key or 0) if place is not None else 0,
        variant=(place.variant or "") if place is not None else "",
        code=place.code if place is not None else None,
        code_valid_until=place.code_valid_until if place is not None else None,
    )
    told = {language: (text.title, text.terms) for language, text in words.items()}
    return told_to(addressee, notes_of(each.campaign, told), each.campaign, now=now)
