"""Play the redemptions: four refusals first, then the redemption itself; repeats are refused."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from replay import bodies
from replay.calls import Got
from replay.history import UNKNOWN
from replay.plan import Attempt, Count
from replay.run import Run
from replay.shop import Codes

_SECOND = timedelta(seconds=1)


def play(run: Run, codes: Codes) -> None:
    """Every attempt of the plan; those of one household in turn, households beside each other.

    Raises:
        calls.ServiceAway
    """
    by_household: dict[str, list[Attempt]] = {}
    for attempt in run.plan.attempts:
        by_household.setdefault(attempt.household_id, []).append(attempt)
    run.progress.begin("redemptions", len(run.plan.attempts))

    def play_all(attempts: Sequence[Attempt]) -> None:
        for attempt in attempts:
            code = codes.of(attempt.offer.coupon, attempt.household_id)
            if attempt.is_repeat:
                _repeat(run, attempt, code)
            else:
                _refuse_in_vain(run, attempt, code)
                _redeem(run, attempt, code)
            run.progress.advance()

    run.each(by_household.values(), play_all)


def _refuse_in_vain(run: Run, attempt: Attempt, code: str) -> None:
    """Everything that must not work, at the very edges of the window."""
    offer = attempt.offer
    noon = bodies.played_at(attempt)
    refused = Count.OUTSIDER_PERSONAL if offer.is_personal else Count.OUTSIDER_SHARED
    _validate(run, attempt, code, refused, at=noon, household_id=attempt.outsider)
    _validate(run, attempt, code, Count.DAY_BEFORE, at=bodies.starts_at(offer) - _SECOND)
    _validate(run, attempt, code, Count.DAY_AFTER, at=bodies.ends_at(offer))
    _validate(
        run, attempt, code, Count.NOTHING_COVERED, at=noon, product_id=attempt.uncovered_product
    )


def _validate(
    run: Run,
    attempt: Attempt,
    code: str,
    expected: Count,
    *,
    at: datetime,
    household_id: str | None = None,
    product_id: str | None = None,
) -> None:
    """Try the code where it must be refused, and count under what was tried what came out."""
    body = _cart(run, attempt, code, at=at, household_id=household_id, product_id=product_id)
    got = run.caller.post("/checkout/validate", body)
    tried, _, reason = expected.value.partition(": ")
    found = outcome(got)
    run.tally.count(f"{tried}: {found}")
    if found != reason or not _takes_nothing(got) or not _names(run, attempt, got):
        run.tally.deviate(f"attempt {attempt.number}, {tried}: expected {reason}, got {got}")


def _redeem(run: Run, attempt: Attempt, code: str) -> None:
    got = _call_redeem(run, attempt, code)
    found = "accepted" if got.status == 201 else outcome(got)
    run.tally.count(f"redemptions: {found}")
    if found != "accepted" or not _takes_its_worth(run, attempt, got):
        run.tally.deviate(f"attempt {attempt.number}: expected to be accepted, got {got}")


def _repeat(run: Run, attempt: Attempt, code: str) -> None:
    expected = Count.REPEAT_OF_SHARED
    if attempt.offer.is_personal:
        expected = Count.REPEAT_OF_PERSONAL
    got = _call_redeem(run, attempt, code)
    found = outcome(got) if got.code == "offers_not_applicable" else str(got.status)
    run.tally.count(f"repeats: {found}")
    if f"repeats: {found}" != expected.value or got.status != 422:
        run.tally.deviate(f"attempt {attempt.number}, a repeat: expected {expected}, got {got}")


def _call_redeem(run: Run, attempt: Attempt, code: str) -> Got:
    cart = _cart(run, attempt, code, at=bodies.played_at(attempt))
    body = {**cart, "order_id": run.names.redeemed_order(attempt)}
    key = run.names.key("redemption", attempt.number)
    return run.caller.post("/checkout/redemptions", body, key=key)


def _cart(
    run: Run,
    attempt: Attempt,
    code: str,
    *,
    at: datetime,
    household_id: str | None = None,
    product_id: str | None = None,
) -> bodies.Body:
    sku = product_id or attempt.covered_product
    return bodies.cart(
        customer_id=run.names.customer(household_id or attempt.household_id),
        code=code,
        product_id=sku,
        product=run.journey.products.get(sku, UNKNOWN),
        at=at,
    )


def outcome(got: Got) -> str:
    """What became of the one code: `applied`, the reason against it, or the status of the call."""
    rows = got.body.get("codes") if isinstance(got.body, dict) else None
    if not rows:
        return f"{got.status} {got.code or ''}".strip()
    reason = rows[0].get("reason")
    return str(reason["code"] if reason else rows[0]["status"])


def _takes_nothing(got: Got) -> bool:
    told = (got.body.get("discount_total"), got.body.get("total"))
    return got.status == 200 and told == (0, bodies.UNIT_PRICE)


def _takes_its_worth(run: Run, attempt: Attempt, got: Got) -> bool:
    told = got.body
    return (
        (told["status"], told["discount_total"], told["total"])
        == ("redeemed", bodies.WORTH, bodies.UNIT_PRICE - bodies.WORTH)
        and told["order_id"] == run.names.redeemed_order(attempt)
        and [one["promotion_id"] for one in told["applied"]]
        == [run.names.promotion(attempt.offer.coupon)]
    )


def _names(run: Run, attempt: Attempt, got: Got) -> bool:
    """The promotion is named, but never to somebody whose code it is not."""
    row = got.body["codes"][0]
    known = None if outcome(got) == "code_not_valid" else run.names.promotion(attempt.offer.coupon)
    return bool(row["promotion_id"] == known)
