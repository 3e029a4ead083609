"""`verify_limits` is the judge of every race: here it is shown to see a difference of one."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from checkout.models import Reservation
from promotions.models import Code
from tests.api import NOON, Api
from tests.races.offers import cart, codes, promotion

pytestmark = [pytest.mark.postgres15, pytest.mark.django_db(transaction=True)]

COUNTER = "UPDATE promotions_promotioncounter SET {0} = {0} {1} 1"
CODE = "UPDATE promotions_code SET {0} = {0} {1} 1"
COUNT = "UPDATE promotions_customercount SET {0} = {0} {1} 1"


@pytest.fixture
def shop(api: Api) -> Api:
    """One promotion with a code that was used twice, is held twice, was released and given back."""
    limits = {"redemptions": 10, "per_customer": 10, "discount_budget": 1000}
    codes(promotion("spring", limits=limits), ["SPRING"])
    at = {"at": NOON.isoformat()}
    body = {**cart("SPRING"), **at}
    for order in ("o1", "o2", "o3"):
        made = api.post("/checkout/redemptions", {**body, "order_id": order})
        assert made.status == 201, made
    assert api.post(f"/checkout/redemptions/{made['redemption_id']}/cancel", at).status == 200
    held = [api.post("/checkout/reservations", body)["reservation_id"] for _ in range(3)]
    released = api.delete(f"/checkout/reservations/{held[0]}?at=2026-03-10T12:00:00Z")
    assert released.status == 204
    return api


def test_what_agrees_is_said_to_agree(shop: Api):
    assert verify() == (0, "Every limit, hold and budget agrees with its uses.\n")


@pytest.mark.parametrize("by", ["+", "-"])
@pytest.mark.parametrize("column", ["used", "held", "spent", "held_amount"])
def test_a_counter_of_a_promotion_that_differs_by_one_is_named(shop: Api, column, by):
    run(COUNTER.format(column, by))

    status, text = verify()

    assert status == 1
    differing = {"used": 2, "held": 2, "spent": 20, "held_amount": 20}
    right = "used {used}, held {held}, spent {spent}, held amount {held_amount}"
    wrong = differing | {column: differing[column] + (1 if by == "+" else -1)}
    assert text.splitlines() == [
        f"promotion spring: says {right.format(**wrong)}; counted {right.format(**differing)}",
        "1 row differs.",
    ]


@pytest.mark.parametrize("by", ["+", "-"])
@pytest.mark.parametrize("column", ["used", "held"])
def test_a_code_that_differs_by_one_is_named(shop: Api, column, by):
    run(CODE.format(column, by))

    status, text = verify()

    assert status == 1
    assert text.startswith(f"code {Code.objects.get().pk} of promotion spring: says ")
    assert text.endswith("; counted used 2, held 2\n1 row differs.\n")


@pytest.mark.parametrize("by", ["+", "-"])
@pytest.mark.parametrize("column", ["used", "held"])
def test_a_customers_count_that_differs_by_one_is_named(shop: Api, column, by):
    run(COUNT.format(column, by))

    status, text = verify()

    assert status == 1
    customer = Code.objects.get().uses.first().customer_id
    assert text.startswith(f"customer {customer} at promotion spring: says ")
    assert text.endswith("; counted used 2, held 2\n1 row differs.\n")


@pytest.mark.parametrize("status", ["released", "expired", "redeemed"])
def test_a_hold_of_a_dead_reservation_is_named(shop: Api, status):
    reservation = Reservation.objects.filter(status="active").first()
    run(
        "UPDATE checkout_reservation SET status = %s, ended_at = now() WHERE id = %s",
        [status, reservation.pk],
    )

    assert verify() == (
        1,
        f"hold of reservation {reservation.pk}: says held; counted {status}\n1 row differs.\n",
    )


def test_a_hold_of_no_reservation_at_all_is_named(shop: Api):
    reservation = Reservation.objects.filter(status="active").first()
    run("DELETE FROM checkout_reservation WHERE id = %s", [reservation.pk])

    status, text = verify()

    assert status == 1
    assert f"hold of reservation {reservation.pk}: says held; counted no such reservation" in text


@pytest.mark.parametrize(
    "change",
    [
        pytest.param("DELETE FROM promotions_promotionuse WHERE id = {held}", id="hold-lost"),
        pytest.param("DELETE FROM promotions_promotionuse WHERE id = {used}", id="use-lost"),
        pytest.param(
            "UPDATE promotions_promotionuse SET status = 'released' WHERE id = {held}",
            id="hold-released",
        ),
        pytest.param(
            "UPDATE promotions_promotionuse SET status = 'restored' WHERE id = {used}",
            id="use-given-back",
        ),
        pytest.param(
            "UPDATE promotions_promotionuse SET amount = amount + 1 WHERE id = {held}",
            id="held-amount",
        ),
        pytest.param(
            "UPDATE promotions_promotionuse SET amount = amount - 1 WHERE id = {used}",
            id="used-amount",
        ),
        pytest.param("DELETE FROM promotions_promotioncounter", id="counter-lost"),
        pytest.param("DELETE FROM promotions_customercount", id="count-lost"),
    ],
)
def test_a_row_of_the_source_that_is_lost_or_altered_is_noticed(shop: Api, change):
    uses = Code.objects.get().uses
    run(
        change.format(
            held=uses.filter(status="held").first().pk, used=uses.filter(status="used").first().pk
        )
    )

    status, text = verify()

    assert status == 1
    assert "spring" in text


def test_one_difference_does_not_hide_another(shop: Api):
    run(COUNTER.format("used", "+"))
    run(CODE.format("used", "+"))
    run(COUNT.format("used", "+"))

    status, text = verify()

    assert status == 1
    assert text.endswith("3 rows differ.\n")


def verify() -> tuple[int, str]:
    """The command's exit status and what it printed."""
    out = StringIO()
    try:
        call_command("verify_limits", stdout=out, no_color=True)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue()
    return 0, out.getvalue()


def run(statement: str, parameters: list | None = None) -> None:
    """Alter rows behind the service's back."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        assert cursor.rowcount >= 1
