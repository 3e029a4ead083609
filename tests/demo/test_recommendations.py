"""The tea shop plants ten pairs among all that is bought by taste, season and chance."""

from catalog.queries.recommendations import recommendations
from config.demo.assortment import PRODUCTS
from config.demo.catalogue import SOLD_OUT
from config.demo.companions import PAIRS
from tests.demo.loaded import NOW, count, rows

FOUND = """
    SELECT one.sku, other.sku FROM catalog_pair AS pair
    JOIN catalog_product AS one ON one.id = pair.product_id
    JOIN catalog_product AS other ON other.id = pair.other_id
"""


def test_its_products_are_there_and_what_is_out_of_season_is_not_available(shop):
    assert count("catalog_product") == len(PRODUCTS)
    resting = rows("SELECT sku FROM catalog_product WHERE NOT available ORDER BY sku")
    assert [sku for (sku,) in resting] == [
        "ADVENTSKALENDER", "GEBAECK-STOLLEN", "TEE-ADVENT", "TEE-EISTEE", SOLD_OUT,
    ]  # fmt: skip
    assert rows("SELECT count(*) FROM catalog_product WHERE name_de = '' OR name_en = ''") == [(0,)]


def test_all_ten_pairs_are_found_and_no_other_passes(shop):
    found = {frozenset(pair) for pair in rows(FOUND)}
    assert len(PAIRS) == 10
    assert found == {frozenset(pair) for pair in PAIRS}
    assert count("catalog_pair") == 20


def test_whoever_bought_one_of_a_pair_long_ago_is_shown_the_other(shop):
    [(customer, bought, other)] = rows(f"""
        SELECT customer.reference, line.sku, companion.sku
        FROM customers_order o
        JOIN customers_orderline line ON line.order_id = o.id AND returned_quantity = 0
        JOIN customers_customer customer ON customer.id = o.customer_id
        JOIN ({FOUND}) AS pair (sku, other) ON pair.sku = line.sku
        JOIN catalog_product companion ON companion.sku = pair.other AND companion.available
        WHERE o.status = 'delivered' AND o.placed_at < '{NOW:%Y-%m-%d}'::date - 40
            AND NOT EXISTS (
                SELECT FROM customers_order recent JOIN customers_orderline its ON its.order_id = recent.id
                WHERE recent.customer_id = o.customer_id AND its.sku = companion.sku)
        ORDER BY 1, 2, 3 LIMIT 1
    """)
    found = recommendations(customer_id=customer, limit=20, now=NOW).found
    told = {one.sku: one for one in found}
    assert told[other].ground == "together"
    assert not {SOLD_OUT, "TEE-ADVENT"} & told.keys(), bought
