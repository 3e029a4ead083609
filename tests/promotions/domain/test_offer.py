"""An offer is small and answers by look-ups, however long its lists are."""

import tracemalloc

from promotions.domain.offer import compile_offer
from tests.promotions.domain.shop import cart, define, line_discounts, off, offer, quote


def test_the_widest_list_is_matched_by_look_ups():
    skus = [f"SKU-{number}" for number in range(14_477)]
    wide = offer(effect=off(50), items={"include": {"skus": skus}})
    bought = cart((1, 500, {"sku": "SKU-14476"}), (1, 500, {"sku": "SKU-14477"}))

    assert line_discounts(quote(bought, [wide])) == [50, 0]


def test_offers_share_the_names_that_repeat_and_do_not_keep_their_definition():
    tracemalloc.start()
    offers = [
        compile_offer(
            key=number,
            promotion_id=f"p{number}",
            definition=define(items={"include": {"skus": [f"S{sku}" for sku in range(1_000)]}}),
        )
        for number in range(50)
    ]
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    # A set of 1,000 names takes 33 kB; the names themselves would take 50 kB more each time.
    assert len(offers) == 50
    assert kept / len(offers) < 45_000


def test_segments_that_must_be_known_are_told():
    found = offer(audience={"segments": ["vip"], "exclude_segments": ["staff"]})

    assert found.asked_segments == {"vip", "staff"}
