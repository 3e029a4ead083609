"""Reading the files, dropping what is no order line, and the prices that are left."""

import gzip
from datetime import UTC, date, datetime

import pytest

from replay.history import past_orders
from replay.reading import Coupon, Product, Purchase, UnreadableFile, read_journey
from tests.replay.generated import generate

NOON = datetime(2017, 5, 1, 12, tzinfo=UTC)


def purchase(*, quantity=1, value=100, basket="b1", household="1", product="5"):
    return Purchase(household, basket, product, quantity, value, NOON)


@pytest.fixture
def folder(tmp_path):
    return generate(tmp_path, seed=1)


def test_every_table_is_read_with_its_ids_as_numbers(folder):
    journey = read_journey(folder)
    assert len(journey.campaigns) == 6
    assert len(journey.products) == 242
    assert "900000" in journey.products
    assert "40000000000" in {one.basket_id for one in journey.purchases}
    assert not [one for one in journey.products if not one.isdecimal()]


def test_a_coupon_is_known_by_campaign_and_barcode_together(folder):
    journey = read_journey(folder)
    same = [coupon for coupon in journey.scopes if coupon.upc == "51111030050"]
    assert len(same) == len(journey.campaigns)
    assert all(isinstance(coupon, Coupon) for coupon in same)


def test_products_of_a_coupon_stand_once_and_by_number(folder):
    for products in read_journey(folder).scopes.values():
        assert [int(one) for one in products] == sorted({int(one) for one in products})


def test_gzipped_files_are_read_as_well(folder):
    plain = read_journey(folder)
    for path in list(folder.iterdir()):
        (folder / f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes()))
        path.unlink()
    assert read_journey(folder) == plain


def test_a_missing_file_is_named(folder):
    (folder / "campaigns.csv").unlink()
    with pytest.raises(UnreadableFile, match=r"campaigns\.csv"):
        read_journey(folder)


@pytest.mark.parametrize(
    ("table", "line"),
    [
        ("transactions", "1,31,b1,5,1,1.999,0,0,0,1,2017-05-01T12:00:00"),
        ("transactions", "1,31,2,5,1.5,1.99,0,0,0,1,2017-05-01T12:00:00"),
        ("transactions", "1,31,2,5,1,0.001,0,0,0,1,2017-05-01T12:00:00"),
        ("transactions", "1,31,2,5,1,nan,0,0,0,1,2017-05-01T12:00:00"),
        ("transactions", "1,31,2,5"),
        ("coupon_redemptions", "1,51111030050,1,2017-02-30"),
        ("campaign_households", "1,one"),
    ],
)
def test_a_line_that_is_none_is_named_by_its_number(folder, table, line):
    path = folder / f"{table}.csv"
    path.write_text(path.read_text() + line + "\n")
    with pytest.raises(UnreadableFile, match=rf"{table}\.csv, line \d+: "):
        read_journey(folder)


@pytest.mark.parametrize(
    ("quantity", "value", "unit_price", "discount"),
    [
        (1, 199, 199, 0),
        (3, 199, 67, 2),
        (3, 200, 67, 1),
        (3, 201, 67, 0),
        (20_000, 4_321, 1, 15_679),
    ],
)
def test_unit_prices_are_rounded_up_and_the_rest_is_a_discount(
    quantity, value, unit_price, discount
):
    bought = [purchase(quantity=quantity, value=value)]
    (order,) = past_orders(bought, products={}).orders
    assert (order.lines[0].unit_price, order.lines[0].discount) == (unit_price, discount)
    assert quantity * unit_price - discount == value


def test_lines_without_units_or_worth_are_dropped_and_counted():
    bought = [
        purchase(quantity=0),
        purchase(value=0, basket="b2"),
        purchase(value=-5, basket="b3"),
        purchase(quantity=0, value=0, basket="b4"),
        purchase(basket="b3", value=1),
    ]
    history = past_orders(bought, products={})
    assert history.dropped == 4
    assert [order.basket_id for order in history.orders] == ["b3"]


def test_lines_take_category_and_brand_from_the_list_of_products():
    bought = [purchase(product="5"), purchase(product="6")]
    (order,) = past_orders(bought, products={"5": Product("TEA", "Private")}).orders
    assert [line.product for line in order.lines] == [Product("TEA", "Private"), Product("", "")]


def test_a_basket_of_two_households_is_no_basket():
    with pytest.raises(ValueError, match="b1"):
        past_orders([purchase(), purchase(household="2")], products={})


def test_days_are_read_as_days(folder):
    journey = read_journey(folder)
    assert all(isinstance(one.day, date) for one in journey.redemptions)
    assert all(one.bought_at.tzinfo is UTC for one in journey.purchases)
