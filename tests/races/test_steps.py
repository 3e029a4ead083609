"""Interleavings that a storm meets too seldom, statement by statement."""

import io
from collections.abc import Callable
from functools import partial

import msgspec
import pytest
from django.db import transaction

from checkout.models import Reservation
from customers.models import Customer
from promotions.actions import batches, imports
from promotions.actions.codes import change_code, terms_of
from promotions.actions.deletion import PromotionInUse, delete_promotion
from promotions.actions.promotions import CurrencyInUse, edit_promotion
from promotions.domain.imports import COLUMNS
from promotions.models import Code, Promotion
from tests.api import NOON
from tests.races.offers import MINUTE, cart, code_counts, codes, counter, customer_counts, promotion
from tests.races.steps import Paused, until_somebody_waits
from tests.races.storm import Told

pytestmark = pytest.mark.postgres15

_COUNT = "EXECUTE raise_customer_counts"
KEY = "one-key-for-both-of-them"


def test_a_twin_that_begins_before_the_first_ends_and_is_locked_after_it_gets_a_replay(action_shop):
    """What was kept is read after the lock is had, in a statement and so a snapshot of its own."""
    codes(promotion("spring"), ["SPRING"])
    ask = partial(action_shop.redeem, cart("SPRING"), "o1", at=NOON, key=KEY)

    twin = Paused(ask, before="pg_try_advisory_xact_lock")
    first = ask()
    second = twin.resume()

    assert (first.status, first.is_replay) == (201, False)
    assert (second.status, second.is_replay, second.raw) == (201, True, first.raw)


def test_a_twin_of_a_call_in_flight_is_told_so_and_does_not_wait(action_shop):
    codes(promotion("spring"), ["SPRING"])
    ask = partial(action_shop.redeem, cart("SPRING"), "o1", at=NOON, key=KEY)

    first = Paused(ask, before="EXECUTE change_counters")
    twin = Paused(ask, may_wait=True)
    told = first.resume(), twin.resume()

    assert [(one.status, one.code) for one in told] == [(201, ""), (409, "request_in_progress")]


def test_a_code_that_is_disabled_during_a_checkout_is_not_used(action_shop):
    codes(promotion("spring"), ["SPRING"])

    call = partial(action_shop.redeem, cart("SPRING"), "o1", at=NOON)
    redeem = Paused(call, before="EXECUTE change_codes")
    with transaction.atomic():
        change_code(
            promotion_id="spring", given="SPRING", actor="test", now=NOON,
            change=lambda terms: type(terms)(status=Code.Status.DISABLED),
        )  # fmt: skip
    told = redeem.resume()

    assert (told.status, told.reasons) == (422, {"code_disabled"})
    assert terms_of(Code.objects.get()).status == "disabled"
    assert code_counts("SPRING") == {"SPRING": (0, 0)}


def test_a_sweep_does_not_expire_what_is_being_extended(action_shop):
    """The extension holds the reservation's lock, but its new end is not yet to be seen."""
    codes(promotion("spring"), ["SPRING"])
    held = action_shop.reserve(cart("SPRING"), at=NOON)["reservation_id"]

    extend = Paused(
        partial(action_shop.extend, held, ttl_seconds=900, at=NOON + 14 * MINUTE),
        before='UPDATE "checkout_reservation"',
    )
    sweep = Paused(partial(action_shop.sweep, at=NOON + 15 * MINUTE), may_wait=True)
    told = [extend.resume(), sweep.resume()]

    assert [one.status for one in told] == [200, 200]
    assert Reservation.objects.get().status == "active"
    assert code_counts("SPRING") == {"SPRING": (0, 1)}


def test_who_needs_what_is_held_too_long_waits_for_whoever_looks_at_it(action_shop):
    """He who comes too late locks the reservation, finds it over, and gives nothing back himself."""
    owner = promotion("spring", limits={"redemptions": 1})
    codes(owner, ["SPRING"])
    action_shop.reserve(cart("SPRING"), at=NOON)

    with transaction.atomic():
        Reservation.objects.select_for_update().get()
        following = Paused(
            partial(action_shop.reserve, cart("SPRING"), at=NOON + 15 * MINUTE), may_wait=True
        )
    told = following.resume()

    assert told.status == 201, told
    assert counter(owner) == (0, 1)


def test_a_promotion_that_is_deleted_during_a_checkout_is_none(action_shop):
    """The last moment at which it can be deleted is before the use is written."""
    codes(promotion("spring"), ["SPRING"])

    call = partial(action_shop.redeem, cart("SPRING"), "o1", at=NOON)
    redeem = Paused(call, before="_uses_")
    with transaction.atomic():
        delete_promotion(promotion_id="spring", actor="test", now=NOON)
    told = redeem.resume()

    assert (told.status, told.reasons) == (422, {"code_not_valid"})


def test_a_checkout_that_has_taken_its_use_keeps_the_promotion_from_being_deleted(action_shop):
    """And neither waits for the other in a ring."""
    codes(promotion("spring"), ["SPRING"])

    def delete() -> Told:
        try:
            with transaction.atomic():
                delete_promotion(promotion_id="spring", actor="test", now=NOON)
        except PromotionInUse as error:
            return Told(409, {"code": error.code})
        return Told(204)

    call = partial(action_shop.redeem, cart("SPRING"), "o1", at=NOON)
    redeem = Paused(call, before="EXECUTE change_counters")
    deletion = Paused(delete)
    until_somebody_waits()
    told = [redeem.resume(), deletion.resume()]

    assert [(one.status, one.code) for one in told] == [(201, ""), (409, "in_use")]
    assert code_counts("SPRING") == {"SPRING": (1, 0)}


def _redenominated() -> Told:
    try:
        with transaction.atomic():
            edit_promotion(
                promotion_id="spring",
                edit=lambda definition: msgspec.structs.replace(definition, currency="JPY"),
                actor="test",
                now=NOON,
            )
    except CurrencyInUse as error:
        return Told(409, {"code": error.code})
    return Told(200)


def test_a_checkout_in_flight_spends_nothing_in_a_currency_that_was_taken_away(action_shop):
    """The last moment at which it can be changed is before the use is written."""
    codes(owner := promotion("spring"), ["SPRING"])

    call = partial(action_shop.redeem, cart("SPRING"), "o1", at=NOON)
    redeem = Paused(call, before="_uses_")
    assert _redenominated().status == 200
    told = redeem.resume()

    assert (told.status, told.reasons) == (422, {"currency_not_supported"})
    assert counter(owner) == (0, 0)


def test_a_checkout_that_has_counted_its_use_keeps_the_promotions_currency(action_shop):
    """And neither waits for the other in a ring, though the checkout needs the promotion at its end."""
    codes(promotion("spring"), ["SPRING"])
    Customer.objects.create(reference="ada", created_at=NOON)

    with transaction.atomic():
        # Its end looks for the customer, whose key is ours for now.
        Customer.objects.select_for_update().get(reference="ada")
        redeem = Paused(partial(action_shop.redeem, cart("SPRING"), "o1", at=NOON), may_wait=True)
        edit = Paused(_redenominated)
        until_somebody_waits(2)
    told = [redeem.resume(), edit.resume()]

    assert [(one.status, one.code) for one in told] == [(201, ""), (409, "in_use")]
    assert Promotion.objects.get().currency == "EUR"


def test_a_checkout_that_waits_to_count_prices_again_in_the_new_currency(action_shop):
    """Its statement began, and with it what it sees of the promotion, before the edit was done."""
    codes(owner := promotion("spring"), ["SPRING"])

    edit = Paused(_redenominated, before='UPDATE "promotions_promotion"')
    redeem = Paused(partial(action_shop.redeem, cart("SPRING"), "o1", at=NOON), may_wait=True)
    told = [edit.resume(), redeem.resume()]

    assert [one.status for one in told] == [200, 422]
    assert told[1].reasons == {"currency_not_supported"}
    assert counter(owner) == (0, 0)


def _ordered_batch() -> Callable[[], object]:
    with transaction.atomic():
        asked = batches.order_batch(
            promotion_id="spring", order=batches.BatchOrder(count=9), actor="test", now=NOON
        )
    return lambda: batches.run_batch(job_id=asked.job_id, clock=lambda: NOON)


def _ordered_import() -> Callable[[], object]:
    lines = [",".join(COLUMNS), *(f"CODE{number},,,,," for number in range(9))]
    with transaction.atomic():
        asked = imports.order_import(
            promotion_id="spring",
            file=io.BytesIO("\n".join(lines).encode()),
            is_dry_run=False,
            actor="test",
            now=NOON,
        )
    return lambda: imports.run_import(job_id=asked.job_id, clock=lambda: NOON)


@pytest.mark.parametrize("order", [_ordered_batch, _ordered_import])
@pytest.mark.parametrize("step", [1, 2])
def test_a_promotion_is_deleted_between_the_steps_of_a_job_that_makes_codes(
    action_shop, monkeypatch, order, step
):
    """The step that is under way is waited for; the next finds nothing to go on with."""
    monkeypatch.setattr(batches, "CODES_A_STEP", 4)
    monkeypatch.setattr(imports, "ROWS_A_STEP", 4)
    promotion("spring")
    run = order()

    def work() -> Told:
        return Told(200, {"result": run()})

    job = Paused(work, before='UPDATE "journal_job"', nth=step)
    deletion = Paused(_deleted)
    until_somebody_waits()
    told = [job.resume(), deletion.resume()]

    assert [one.status for one in told] == [200, 204]
    assert not Code.objects.exists()


def _deleted() -> Told:
    with transaction.atomic():
        delete_promotion(promotion_id="spring", actor="test", now=NOON)
    return Told(204)


def test_swaps_do_not_wait_in_a_ring_for_counts_that_are_only_being_made(action_shop):
    """One swap is about to count a customer at two promotions for the first time, another one makes
    a count that the first did not see, and gives it up for the one that the first makes before it.
    """
    owners = [promotion(name) for name in ("first", "second", "third")]
    for owner in owners:
        codes(owner, [owner.name.upper()])
    one = action_shop.reserve(cart("FIRST"), at=NOON)["reservation_id"]
    both = Paused(partial(action_shop.change, one, cart("SECOND", "THIRD"), at=NOON), before=_COUNT)

    def there_and_back() -> Told:
        another = action_shop.reserve(cart("THIRD"), at=NOON)["reservation_id"]
        return action_shop.change(another, cart("SECOND"), at=NOON)

    back = Paused(there_and_back, before=_COUNT, nth=2, may_wait=True)

    both.proceed()
    until_somebody_waits()
    told = [back.resume(), both.resume()]

    assert [one.status for one in told] == [200, 200]
    assert [customer_counts(owner).get("ada") for owner in owners] == [(0, 0), (0, 2), (0, 1)]
