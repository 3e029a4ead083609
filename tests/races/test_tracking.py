"""Scanners that follow all links at once, senders that number the same links, people who press twice."""

from collections import Counter
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import transaction

from campaigns.actions.addresses import click_url, pixel_url
from campaigns.actions.links import LinkBook
from campaigns.actions.responding import MOST_KEPT
from campaigns.models import Campaign, Delivery, Link, Response
from customers.models import Consent
from tests.api import NOON, Api, make_key
from tests.campaigns.reader import ONE_CLICK, key_of, leaving, make_ada, path_of, post
from tests.campaigns.test_tracking import call
from tests.races.storm import Told, storm

pytestmark = pytest.mark.postgres15
LATER = NOON + timedelta(minutes=5)
LINKS = 8


@pytest.fixture
def campaign(transactional_db: None, clock: None) -> Campaign:
    """One of many links, of which Ada got two messages, and allows that they are tracked."""
    make_ada(Api(make_key()), "email/marketing", "email/tracking")
    campaign = Campaign.objects.create(
        reference="tea", name="Tea", channel="email", purpose="marketing", trigger={},
        timezone="customer", content={}, created_at=NOON,
    )  # fmt: skip
    Link.objects.bulk_create(
        Link(campaign=campaign, number=n, url=f"https://shop.example/{n}", digest=bytes([n]))
        for n in range(LINKS)
    )
    for occasion in ("one", "two"):
        Delivery.objects.create(
            campaign=campaign, occurrence=occasion, customer_id=key_of("ada"), channel="email",
            state="accepted", not_before=NOON, enlisted_at=NOON, submitted_at=NOON, closed_at=NOON,
        )  # fmt: skip
    return campaign


def called(path: str) -> Told:
    return Told(call(path, now=LATER).status)


def test_a_scanner_that_follows_all_links_in_one_moment_is_found_out(campaign: Campaign, seed: int):
    delivery = Delivery.objects.get(occurrence="one").pk
    keys = {"customer_key": key_of("ada"), "delivery_key": delivery, "now": NOON}
    paths = [path_of(click_url(**keys, number=n)) for n in range(LINKS)]
    jobs = [(path, partial(called, path)) for path in (*paths, path_of(pixel_url(**keys)))]
    attempts = storm(jobs, seed=seed, threads=len(jobs), in_flight=2)
    assert {attempt.told.status for attempt in attempts} == {200, 302}
    rows = Counter(Response.objects.values_list("kind", "agent"))
    assert rows["click", "bot"] == LINKS
    assert rows["click", "human"] == 0
    # A picture that was called when all was said is believed.
    assert rows["open", "human"] <= 1


def test_senders_number_the_same_links_at_once_each_once(campaign: Campaign, seed: int):
    urls = [f"https://shop.example/new/{n}" for n in range(12)]

    def numbered(order: list[str]) -> Told:
        with transaction.atomic():
            book = LinkBook(campaign.pk)
            return Told(200, {url: book.number_of(url) for url in order})

    orders = [urls, urls[::-1], urls[6:] + urls[:6]]
    jobs: list[Any] = [(n, partial(numbered, orders[n % 3])) for n in range(48)]
    attempts = storm(jobs, seed=seed, in_flight=2)
    told = {tuple(sorted(attempt.told.body.items())) for attempt in attempts}
    assert len(told) == 1
    assert dict(told.pop()) == dict(Link.objects.filter(url__in=urls).values_list("url", "number"))
    assert sorted(Link.objects.values_list("number", flat=True)) == list(range(LINKS + 12))


def test_a_number_that_was_rolled_back_is_not_believed(campaign: Campaign):
    class Refused(Exception):
        pass

    def numbered(url: str) -> int | None:
        return LinkBook(campaign.pk).number_of(url)

    @transaction.atomic
    def refused() -> None:
        assert numbered("https://shop.example/never") == LINKS
        raise Refused

    with pytest.raises(Refused):
        refused()
    with transaction.atomic():
        assert numbered("https://shop.example/first") == LINKS
        assert numbered("https://shop.example/never") == LINKS + 1
    assert Link.objects.get(number=LINKS + 1).url == "https://shop.example/never"


def test_one_message_that_is_loaded_without_end_fills_no_table(campaign: Campaign, seed: int):
    delivery = Delivery.objects.get(occurrence="one").pk
    path = path_of(pixel_url(customer_key=key_of("ada"), delivery_key=delivery, now=NOON))
    storm([(n, partial(called, path)) for n in range(80)], seed=seed, in_flight=2)
    # Those that are under way at once do not see each other.
    assert MOST_KEPT <= Response.objects.count() < MOST_KEPT + 16


def test_whoever_leaves_by_many_messages_at_once_has_left_by_one(campaign: Campaign, seed: int):
    keys = list(Delivery.objects.values_list("pk", flat=True))
    paths = [leaving(delivery=keys[n % 2]) for n in range(40)]
    jobs = [
        (n, lambda path=path: Told(post(path, ONE_CLICK).status)) for n, path in enumerate(paths)
    ]
    storm(jobs, seed=seed, in_flight=2)
    assert Response.objects.filter(kind="unsubscribe").count() == 1
    assert Consent.objects.get(purpose="marketing").state == "withdrawn"
