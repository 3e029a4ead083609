"""Rows of recipients: what the database holds of them, and that none is written twice."""

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError

from campaigns.models import Campaign, Delivery
from customers.models import Customer
from tests.api import NOON
from tests.campaigns.shop import Marketing
from tests.campaigns.sink import Sink

pytestmark = pytest.mark.postgres15
#: Two rows, of a campaign and of the next one, which there is not.
INSERT_OF_ANOTHER = """
    INSERT INTO campaigns_delivery (campaign_id, occurrence, customer_id, channel, variant, state,
        reason, not_before, enlisted_at, attempts)
    SELECT campaign_id + number, 'other', customer_id, channel, '', 'pending', '', not_before,
        enlisted_at, 0
    FROM campaigns_delivery, generate_series(0, 1) AS number
"""


@pytest.fixture
def row(marketing: Marketing) -> Delivery:
    """A row of one customer for the only campaign."""
    marketing.customer("ada")
    marketing.campaign("hello")
    return Delivery.objects.create(
        campaign=Campaign.objects.get(), occurrence="once", customer=Customer.objects.get(),
        channel="email", state="held_out", reason="held_out", not_before=NOON,
        enlisted_at=NOON, closed_at=NOON,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        (
            INSERT_OF_ANOTHER,
            "campaigns_delivery_of_campaign",
        ),
        ("UPDATE campaigns_delivery SET campaign_id = campaign_id + 1", "campaigns_delivery_stays"),
        ("DELETE FROM campaigns_campaign", "campaigns_delivery_of_campaign"),
        ("UPDATE campaigns_campaign SET id = id + 1", "campaigns_delivery_of_campaign"),
    ],
)
def test_a_row_names_a_campaign_for_ever(row: Delivery, statement: str, constraint: str) -> None:
    with (
        pytest.raises(IntegrityError) as refused,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert refused.value.__cause__.diag.constraint_name == constraint  # type: ignore[union-attr]
    row.refresh_from_db()
    assert Delivery.objects.count() == 1


def test_a_row_that_is_there_before_its_chunk_stays_as_it_is(
    marketing: Marketing, row: Delivery, sink: Sink
) -> None:
    marketing.customer("ben")
    marketing.start("hello")
    marketing.run()
    assert marketing.deliveries("hello") == {
        "ada": ("held_out", "held_out"),
        "ben": ("accepted", None),
    }
    assert [message["To"] for message in sink.taken] == ["ben@example.org"]


def test_who_was_erased_is_not_enlisted_though_a_segment_still_has_them(
    marketing: Marketing, sink: Sink
) -> None:
    api = marketing.api
    for name in ("ada", "ben"):
        marketing.customer(name)
    api.put("/segments/some", {"name": "Some", "kind": "static"})
    assert api.put("/segments/some/members", {"customer_ids": ["ada", "ben"]}).status == 200
    marketing.campaign("hello", audience={"segments": ["some"]})
    marketing.start("hello")
    assert api.post("/customers/ada/erase").status == 200
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO customers_segmentmember (segment_id, customer_id, since)"
            " SELECT segment.id, customer.id, now() FROM customers_segment AS segment,"
            " customers_customer AS customer WHERE customer.erased_at IS NOT NULL"
        )
        assert cursor.rowcount == 1
    marketing.run()
    assert list(Delivery.objects.values_list("customer__reference", flat=True)) == ["ben"]
