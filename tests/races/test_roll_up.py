"""Counting while the shop is open: what commits late is counted late, and nothing twice."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection, transaction

from checkout.actions.report import report_promotion
from checkout.actions.roll_up import count_piece, roll_up
from checkout.models import CallDay, PromotionDay, Uncounted
from tests.api import NOON
from tests.races.offers import cart, codes, customers, promotion
from tests.races.shops import OverHttp, ThroughActions
from tests.races.steps import Paused
from tests.races.storm import Job, Told, storm

CARTS = 60


def count(rows: int = 3) -> Told:
    return Told(200, {"rows": count_piece(rows)})


def redeemed() -> int:
    """What the roll-ups say by now."""
    return sum(PromotionDay.objects.values_list("redeemed", flat=True))


def test_counters_in_a_storm_of_carts_cancels_and_returns_count_each_once(
    shop: Any, seed: int
) -> None:
    """The fixture recounts everything at the end."""
    codes(promotion("spring"), ["SPRING"])

    def whole_life(number: int, who: str) -> Told:
        body = cart("SPRING", customer=who, quantity=2)
        shop.validate(body, at=NOON)
        made = shop.redeem(body, f"o{number}", at=NOON)
        assert made.status == 201
        if number % 3 == 0:
            return shop.cancel(made["redemption_id"], at=NOON)
        return shop.return_units(f"o{number}", "r1", {"1": 1 + number % 2}, at=NOON)

    jobs: list[Job] = [
        ("life", lambda n=n, who=who: whole_life(n, who)) for n, who in enumerate(customers(CARTS))
    ]
    jobs += [("count", count)] * CARTS
    storm(jobs, seed=seed)
    roll_up()

    figures = PromotionDay.objects.get(promotion_id="spring")
    back = [number for number in range(CARTS) if number % 3]
    assert figures.redeemed == CARTS
    assert figures.cancelled == CARTS - len(back)
    assert figures.discount == 10 * len(back)
    assert figures.revenue == (2000 - 10) * len(back)
    assert figures.returned == len(back)
    assert figures.returned_units == sum(1 + number % 2 for number in back)
    assert CallDay.objects.get(kind="validate", outcome="applied").calls == CARTS
    assert not Uncounted.objects.exists()


def test_a_redemption_that_commits_late_is_counted_after_what_came_later(
    action_shop: ThroughActions,
) -> None:
    codes(promotion("spring"), ["SPRING"])
    late = Paused(
        lambda: action_shop.redeem(cart("SPRING"), "o1", at=NOON),
        before="EXECUTE change_counters",
    )
    action_shop.validate(cart("SPRING", customer="bob"), at=NOON)
    assert report_promotion(promotion_id="spring", now=NOON).calls.validated == 1
    assert redeemed() == 0

    assert late.resume().status == 201

    (sold,) = report_promotion(promotion_id="spring", now=NOON).sales
    assert (sold.redeemed, sold.discount) == (1, 10)


def test_who_reads_a_report_waits_for_what_is_being_counted(action_shop: ThroughActions) -> None:
    codes(promotion("spring"), ["SPRING"])
    action_shop.redeem(cart("SPRING"), "o1", at=NOON)

    def read() -> Told:
        (sold,) = report_promotion(promotion_id="spring", now=NOON).sales
        return Told(200, {"redeemed": sold.redeemed})

    def count_and_hesitate() -> Told:
        with transaction.atomic():
            told = count(100)
            with connection.cursor() as cursor:
                cursor.execute("SELECT 'hesitate'")
        return told

    counter = Paused(count_and_hesitate, before="hesitate")
    reader = Paused(read, may_wait=True)

    assert counter.resume()["rows"] == 1
    assert reader.resume()["redeemed"] == 1


def test_a_report_among_redemptions_knows_each_that_was_answered_before(
    http_shop: OverHttp, seed: int
) -> None:
    """Whoever has the answer of his redemption finds it in the next report, whoever else counts."""
    codes(promotion("spring"), ["SPRING"])
    answered: list[int] = []

    def redeem_and_look(number: int, who: str) -> Told:
        made = http_shop.redeem(cart("SPRING", customer=who), f"o{number}", at=NOON)
        assert made.status == 201
        answered.append(number)
        at_least = len(answered)
        told = http_shop.call("GET", "/promotions/spring/report?at=2026-03-10T12:00:00Z")
        assert told.status == 200
        assert told["redeemed"] >= at_least
        assert told["discount"] == 10 * told["redeemed"]
        return told

    storm(
        [
            ("look", lambda n=n, who=who: redeem_and_look(n, who))
            for n, who in enumerate(customers(40))
        ],
        seed=seed,
    )


def test_many_counters_at_once_share_the_work(action_shop: ThroughActions) -> None:
    codes(promotion("spring"), ["SPRING"])
    for number, who in enumerate(customers(20)):
        action_shop.redeem(cart("SPRING", customer=who), f"o{number}", at=NOON)

    def work() -> int:
        try:
            return roll_up()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        counted = sum(pool.map(lambda _: work(), range(4)))

    assert counted == 20
    assert redeemed() == 20
