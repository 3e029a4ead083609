"""What is to be done and expected: pure, from the files alone."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from replay import bodies
from replay.bodies import Names
from replay.plan import Count, PlanImpossible, make_plan
from replay.reading import Coupon, read_journey
from replay.tally import Tally, is_right, report
from tests.replay import counting
from tests.replay.generated import generate, read_table
from tests.replay.real import needs_real_files, real_files

DAY = timedelta(days=1)


def expected_of(folder, **options):
    plan = make_plan(read_journey(folder), **options)
    return {name.value: number for name, number in plan.expected.items() if number}


@pytest.fixture
def folder(tmp_path):
    return generate(tmp_path, seed=2)


@pytest.fixture
def plan(folder):
    return make_plan(read_journey(folder))


@pytest.mark.parametrize("seed", range(12))
def test_the_plan_expects_what_plain_counting_finds(tmp_path, seed):
    folder = generate(tmp_path, seed=seed)
    counted = counting.count(folder)
    assert expected_of(folder) == counted
    # The generator makes all that can happen.
    assert set(counted) == set(counting.REAL)


def test_one_seed_makes_one_grocer(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one, other = generate(tmp_path / "a", seed=5), generate(tmp_path / "b", seed=5)
    assert [p.read_bytes() for p in sorted(one.iterdir())] == [
        p.read_bytes() for p in sorted(other.iterdir())
    ]


@needs_real_files
def test_the_real_files_hold_what_is_said_of_them():
    assert counting.count(real_files()) == counting.REAL
    plan = make_plan(read_journey(real_files()))
    assert plan.expected == counting.REAL
    assert max(len(offer.products) for offer in plan.offers) == 14_477
    personal = {offer.campaign.campaign_id for offer in plan.offers if offer.is_personal}
    assert personal == {"18", "13", "8", "27"}


def test_outsiders_did_not_get_the_campaign_and_take_turns(plan):
    for attempt in plan.attempts:
        assert attempt.outsider not in attempt.offer.members
        assert attempt.household_id in attempt.offer.members
    # Ten wrong codes within ten minutes, and a customer is not listened to any more.
    assert max(Counter(one.outsider for one in plan.attempts).values()) < 10


def test_the_played_product_is_covered_and_the_other_is_not(plan):
    for attempt in plan.attempts:
        covered = [int(product) for product in attempt.offer.products]
        assert int(attempt.covered_product) == min(covered)
        assert int(attempt.uncovered_product) not in covered


def test_repeats_come_after_what_they_repeat(plan):
    seen = set()
    for attempt in plan.attempts:
        what = (attempt.household_id, attempt.offer.coupon)
        assert attempt.is_repeat == (what in seen)
        seen.add(what)
    assert [one.day for one in plan.attempts] == sorted(one.day for one in plan.attempts)


def test_a_promotion_runs_from_the_first_midnight_to_the_midnight_after_the_last_day(plan):
    for offer in plan.offers:
        runs = bodies.promotion(Names("r"), offer)["schedule"]
        first, last = offer.campaign.first_day, offer.campaign.last_day
        assert runs["starts_at"] == f"{first}T00:00:00+00:00"
        assert runs["ends_at"] == f"{last + DAY}T00:00:00+00:00"


def test_only_the_campaigns_asked_for_with_the_households_they_concern(folder):
    plan = make_plan(read_journey(folder), only=["2"])
    assert set(plan.members) == {"2"}
    assert {offer.campaign.campaign_id for offer in plan.offers} == {"2"}
    concerned = set(plan.members["2"]) | {attempt.outsider for attempt in plan.attempts}
    assert set(plan.customers) == concerned
    assert {order.household_id for order in plan.history.orders} <= concerned
    coupons = [row for row in read_table(folder, "coupon_redemptions") if row["campaign_id"] == "2"]
    assert len(plan.attempts) == len(coupons)


def test_without_orders_nothing_is_dropped_either(folder):
    expected = expected_of(folder, with_orders=False)
    assert "orders" not in expected
    assert "transaction lines dropped" not in expected


def add_row(folder, table, row):
    path = folder / f"{table}.csv"
    path.write_text(path.read_text() + row + "\n")


def test_files_that_contradict_each_other_are_refused(folder):
    with pytest.raises(PlanImpossible, match="no campaign 99"):
        make_plan(read_journey(folder), only=["99"])
    late = read_table(folder, "campaigns")[0]["end_date"]
    member = read_table(folder, "campaign_households")[0]["household_id"]
    day = datetime.fromisoformat(late).date() + DAY
    add_row(folder, "coupon_redemptions", f"{member},51111030050,1,{day}")
    with pytest.raises(PlanImpossible, match="outside its campaign"):
        make_plan(read_journey(folder))


def test_a_redemption_by_a_household_that_did_not_get_the_campaign_is_refused(folder):
    day = read_table(folder, "campaigns")[0]["end_date"]
    add_row(folder, "coupon_redemptions", f"99999,51111030050,1,{day}")
    with pytest.raises(PlanImpossible, match="did not get the campaign"):
        make_plan(read_journey(folder))


def test_a_campaign_that_everybody_got_has_no_outsider(folder):
    told = {row["household_id"] for row in read_table(folder, "transactions")}
    told |= {row["household_id"] for row in read_table(folder, "campaign_households")}
    for household in told:
        add_row(folder, "campaign_households", f"3,{household}")
    with pytest.raises(PlanImpossible, match="nobody is an outsider"):
        make_plan(read_journey(folder))


@pytest.mark.parametrize("name", ["", "a b", "ä", "r_1", "x" * 33, "r\n"])
def test_a_run_is_named_so_that_ids_and_codes_can_hold_it(name):
    with pytest.raises(ValueError, match="1-32"):
        Names(name)


def test_ids_of_two_runs_and_of_two_coupons_never_meet():
    coupons = [Coupon("1", "11111030050"), Coupon("11", "1111030050"), Coupon("11", "11111030050")]
    names = [Names("r1"), Names("r11"), Names("r1-1")]
    codes = [each.shared_code(one).replace("-", "") for each in names[:1] for one in coupons]
    promotions = [each.promotion(one) for each in names for one in coupons]
    assert len(set(codes)) == len(codes)
    assert len(set(promotions)) == len(promotions)
    assert all(len(each.key("code", 1)) >= 16 for each in names)


def test_a_played_instant_is_noon_utc(plan):
    for attempt in plan.attempts:
        at = bodies.played_at(attempt)
        assert (at.date(), at.hour, at.tzinfo) == (attempt.day, 12, UTC)


def test_every_difference_is_told():
    tally = Tally()
    tally.count(Count.ORDERS, 2)
    tally.count("redemptions: accepted", 3)
    assert is_right(tally.rows({Count.ORDERS: 2, Count.ACCEPTED: 3}), tally.deviations)

    less = tally.rows({Count.ORDERS: 2, Count.ACCEPTED: 4})
    assert not is_right(less, [])
    assert "IT DEVIATES" in list(report(less, [], {}))[-1]

    tally.count("by an outsider: applied")
    more = tally.rows({Count.ORDERS: 2, Count.ACCEPTED: 3})
    assert not is_right(more, [])
    assert any("by an outsider: applied" in line for line in report(more, [], {}))

    assert not is_right(tally.rows({Count.ORDERS: 2, Count.ACCEPTED: 3})[:2], ["one more"])
