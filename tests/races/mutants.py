"""The guards of money, each taken out once: a race that nobody can lose proves nothing.

A mutant is a small change of the source that removes one guard, and the test that must then fail.
`test_mutants.py` applies each to a copy of the tree; docs/reliability.md tells the same in words.
"""

import os
from dataclasses import dataclass
from itertools import count
from pathlib import Path

COUNTERS = "promotions/actions/counters.py"
ACCESS = "access/actions/__init__.py"
TURNS = "customers/actions/turns.py"
RESERVE = "checkout/actions/reserve.py"
CANCEL = "checkout/actions/cancel.py"
JOBS = "journal/actions/jobs.py"

_ORDER_LOCK = (TURNS, "pg_advisory_xact_lock(%s)", "pg_advisory_xact_lock_shared(%s)")
_READ = "    kept = queries.kept_answer(once.scope_hash)\n"
_CANCEL_ORDER = "    orders.cancel_order(order_key=redemption.order_id, now=now)\n"
_SWAPS = (
    "test_reservations.py::test_swaps_in_opposite_directions_do_not_wait_for_each_other_in_a_ring"
)
_SORTED = "rows = sorted((key, delta) for key, delta in changes.items() if any(delta))"
_UNSORTED = "rows = [(key, delta) for key, delta in changes.items() if any(delta)]"
_CODES = "def _change_codes(changes: dict[int, list[int]]) -> None:\n"
_PROMOTIONS = "def _change_counters(changes: dict[int, list[int]], currency: str | None) -> None:\n"
#: Seconds at which no file was written, one for each writing.
_INSTANTS = count(1_000_000_000)


@dataclass(frozen=True)
class Mutant:
    """`changes` are (file, what stands there once, what stands there instead)."""

    guard: str
    test: str
    changes: tuple[tuple[str, str, str], ...]

    def apply(self, tree: Path) -> dict[Path, str]:
        """Change the tree; what the changed files held, for putting it back."""
        before: dict[Path, str] = {}
        for name, old, new in self.changes:
            path = tree / name
            text = path.read_text()
            before.setdefault(path, text)
            assert text.count(old) == 1, f"{self.guard}: {name} does not hold {old!r} once"
            write(path, text.replace(old, new))
        return before


def write(path: Path, text: str) -> None:
    """So that its bytecode of before is not taken for its own, which goes by size and whole seconds."""
    path.write_text(text)
    instant = next(_INSTANTS)
    os.utime(path, (instant, instant))


def _mutant(guard: str, test: str, *changes: tuple[str, str, str]) -> Mutant:
    return Mutant(guard, f"tests/races/{test}", changes)


MUTANTS = [
    _mutant(
        "the limit in the counter's UPDATE",
        "test_limits.py::test_a_limit_of_50_gives_50_of_400_attempts_over_different_orders_and_codes",
        (COUNTERS, "AND (d.used + d.held <= 0 OR c.used", "AND (true OR c.used"),
    ),
    _mutant(
        "the budget in the counter's UPDATE",
        "test_limits.py::test_a_budget_is_never_exceeded_and_only_too_large_awards_are_refused",
        (COUNTERS, "AND (d.spent + d.held_amount <= 0 OR c.spent", "AND (true OR c.spent"),
    ),
    _mutant(
        "the limit in the code's UPDATE",
        "test_limits.py::test_a_personal_code_tried_100_times_gives_one",
        (COUNTERS, "AND (d.used + d.held <= 0 OR (c.status", "AND (true OR (c.status"),
    ),
    _mutant(
        "a code's own limit in the code's UPDATE",
        "test_limits.py::test_each_code_gives_what_its_own_limit_says",
        (COUNTERS, "coalesce(c.max_redemptions, p.per_code_limit,", "coalesce(p.per_code_limit,"),
    ),
    _mutant(
        "the code's status in the code's UPDATE",
        "test_steps.py::test_a_code_that_is_disabled_during_a_checkout_is_not_used",
        (COUNTERS, "(c.status = 'active'", "(c.status IS NOT NULL"),
    ),
    _mutant(
        "the limit in the customer's count",
        "test_limits.py::test_each_customer_gets_as_many_as_the_promotion_grants_each",
        (
            COUNTERS,
            "WHERE c.used + c.held + excluded.used + excluded.held <= (",
            "WHERE true OR 0 <= (",
        ),
    ),
    _mutant(
        "the row counts of all of these",
        "test_limits.py::test_a_limit_of_50_gives_50_of_400_attempts_over_different_orders_and_codes",
        (COUNTERS, "if cursor.rowcount != expected:", "if cursor.rowcount > expected:"),
    ),
    _mutant(
        "the sorted locks of customers' counts",
        _SWAPS,
        (COUNTERS, f"    {_SORTED}\n    raised", f"    {_UNSORTED}\n    raised"),
        (
            COUNTERS,
            "            ORDER BY customer_id, promotion_id\n            ON CONFLICT",
            "            ON CONFLICT",
        ),
    ),
    _mutant(
        "the sorted locks of codes",
        _SWAPS,
        (COUNTERS, f"{_CODES}    {_SORTED}", f"{_CODES}    {_UNSORTED}"),
        (
            COUNTERS,
            "ORDER BY id FOR NO KEY UPDATE",
            "ORDER BY array_position(%(ids)s::bigint[], id) FOR NO KEY UPDATE",
        ),
    ),
    _mutant(
        "the sorted locks of promotions' counters",
        _SWAPS,
        (COUNTERS, f"{_PROMOTIONS}    {_SORTED}", f"{_PROMOTIONS}    {_UNSORTED}"),
        (
            COUNTERS,
            "ORDER BY promotion_id FOR NO KEY UPDATE",
            "ORDER BY array_position(%(ids)s::bigint[], promotion_id) FOR NO KEY UPDATE",
        ),
    ),
    _mutant(
        "the locks on counts before a swap, missing ones too",
        "test_steps.py::test_swaps_do_not_wait_in_a_ring_for_counts_that_are_only_being_made",
        (
            COUNTERS,
            "ORDER BY customer_id, promotion_id\n            ON CONFLICT",
            "LIMIT 0 ON CONFLICT",
        ),
    ),
    _mutant(
        "figures before counts and codes in a cancel",
        "test_orders.py::test_one_customer_orders_cancels_and_returns_at_once_without_a_deadlock",
        (
            CANCEL,
            f"{_CANCEL_ORDER}    return Cancelled(redemption, _cancel(redemption, now=now))\n",
            f"    done = _cancel(redemption, now=now)\n{_CANCEL_ORDER}    return Cancelled(redemption, done)\n",
        ),
    ),
    _mutant(
        "the order of locks in a promotion's deletion",
        "test_steps.py::"
        "test_a_checkout_that_has_taken_its_use_keeps_the_promotion_from_being_deleted",
        (
            "promotions/actions/deletion.py",
            "promotion = definitions.promotion_by_id(promotion_id)\n",
            "promotion = Promotion.objects.select_for_update().get(reference=promotion_id)\n",
        ),
    ),
    _mutant(
        "the second look before a promotion's deletion",
        "test_steps.py::"
        "test_a_checkout_that_has_taken_its_use_keeps_the_promotion_from_being_deleted",
        (
            "promotions/actions/deletion.py",
            "written its use.\n        _check_unused(promotion)\n",
            "written its use.\n",
        ),
    ),
    _mutant(
        "the currency in the counter's UPDATE",
        "test_steps.py::test_a_checkout_in_flight_spends_nothing_in_a_currency_that_was_taken_away",
        (COUNTERS, "(p.currency <> %(currency)s::text) IS NOT TRUE", "true"),
    ),
    _mutant(
        "the wait for uses before a promotion's currency changes",
        "test_steps.py::test_a_checkout_that_has_counted_its_use_keeps_the_promotions_currency",
        (
            "promotions/actions/promotions.py",
            "    PromotionCounter.objects.filter(promotion=promotion).delete()\n",
            "",
        ),
        (
            "promotions/actions/promotions.py",
            "    counter.save(force_insert=True)\n",
            "    counter.save()\n",
        ),
    ),
    _mutant(
        "the key of a promotion left free by an edit",
        "test_steps.py::test_a_checkout_that_has_counted_its_use_keeps_the_promotions_currency",
        (
            "promotions/actions/promotions.py",
            "Promotion.objects.select_for_update(no_key=True)",
            "Promotion.objects.select_for_update()",
        ),
    ),
    _mutant(
        "the new row of the counter when a promotion's currency changes",
        "test_steps.py::test_a_checkout_that_waits_to_count_prices_again_in_the_new_currency",
        (
            "promotions/actions/promotions.py",
            "    PromotionCounter.objects.filter(promotion=promotion).delete()\n",
            "    PromotionCounter.objects.select_for_update().get(promotion=promotion)\n",
        ),
        (
            "promotions/actions/promotions.py",
            "    counter.save(force_insert=True)\n",
            "",
        ),
    ),
    _mutant(
        "the advisory lock on the idempotency key",
        "test_steps.py::test_a_twin_of_a_call_in_flight_is_told_so_and_does_not_wait",
        (ACCESS, "SELECT pg_try_advisory_xact_lock(%s)", "SELECT %s IS NOT NULL"),
    ),
    _mutant(
        "the reading of the kept answer after its lock",
        "test_steps.py::"
        "test_a_twin_that_begins_before_the_first_ends_and_is_locked_after_it_gets_a_replay",
        (
            ACCESS,
            "    lock = int.from_bytes(once.scope_hash[:8]",
            f"{_READ}    lock = int.from_bytes(once.scope_hash[:8]",
        ),
        (
            ACCESS,
            f"before the twin committed.\n{_READ}",
            "before the twin committed.\n",
        ),
    ),
    _mutant(
        "the second look for an order's redemption after waiting",
        "test_orders.py::test_an_order_is_redeemed_once_and_the_others_learn_by_which_redemption",
        (
            "checkout/actions/redeem.py",
            "was redeemed meanwhile.\n        _check_not_redeemed(order_id)\n",
            "was redeemed meanwhile.\n",
        ),
    ),
    _mutant(
        "both locks of a return: on the order's id and on its row",
        "test_orders.py::test_five_units_come_back_five_times_and_the_money_adds_up",
        _ORDER_LOCK,
        (
            "checkout/actions/returns.py",
            "order_by_reference(order_id, lock=True)",
            "order_by_reference(order_id)",
        ),
    ),
    _mutant(
        "both locks of a cancel: on the order's id and on the redemption",
        "test_orders.py::test_a_redemption_is_cancelled_once",
        _ORDER_LOCK,
        (CANCEL, 'objects.select_for_update(of=("self",))', "objects"),
    ),
    _mutant(
        "the lock on the reservation",
        "test_reservations.py::"
        "test_a_redemption_uses_the_cart_before_or_after_a_change_never_half_of_each",
        (
            RESERVE,
            'rows.select_for_update(of=("self",)).filter(pk=reservation_id)',
            "rows.filter(pk=reservation_id)",
        ),
    ),
    _mutant(
        "the end of a reservation, where nobody has swept",
        "test_reservations.py::test_who_comes_late_gets_410_and_everything_is_given_back",
        (RESERVE, "if reservation.expires_at <= now:", "if False:"),
    ),
    _mutant(
        "the sweep's lock, under which it looks again",
        "test_steps.py::test_a_sweep_does_not_expire_what_is_being_extended",
        ("checkout/actions/expire.py", ' FOR UPDATE {"" if waits else "SKIP LOCKED"}', ""),
    ),
    _mutant(
        "the sweep's wait for whoever looks at what is over",
        "test_steps.py::test_who_needs_what_is_held_too_long_waits_for_whoever_looks_at_it",
        ("checkout/actions/expire.py", '{"" if waits else "SKIP LOCKED"}', "SKIP LOCKED"),
    ),
    _mutant(
        "the advisory lock on who guesses",
        "test_guesses.py::test_of_200_guesses_at_once_ten_are_answered",
        (
            ACCESS,
            "SELECT pg_advisory_xact_lock(%s)",
            "SELECT pg_advisory_xact_lock_shared(%s)",
        ),
    ),
    _mutant(
        "one order of the locks on who guesses",
        "test_guesses.py::test_customers_and_addresses_in_any_mixture_do_not_wait_in_a_ring",
        (
            ACCESS,
            "for subject in sorted(subjects):",
            "for subject in sorted(subjects, reverse=codes[0][-1] < '5'):",
        ),
    ),
    _mutant(
        "the state of a job in the UPDATE that ends it",
        "test_job_cancel.py::test_of_an_end_and_a_cancel_at_once_one_wins",
        (
            JOBS,
            "    ended = Job.objects.filter(pk=job.pk, status__in=_OPEN)",
            "    ended = Job.objects.filter(pk=job.pk)",
        ),
    ),
    _mutant(
        "the state of a job in its report of progress",
        "test_job_cancel.py::test_a_forecast_that_is_cancelled_while_it_works_is_priced_no_further",
        (
            JOBS,
            "    noted_rows = Job.objects.filter(pk=job.pk, status__in=_OPEN)",
            "    noted_rows = Job.objects.filter(pk=job.pk)",
        ),
    ),
]
