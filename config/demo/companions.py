"""What goes with what in the tea shop: ten pairs that shoppers often take together.

Only where the cart comes to the service as history: what was bought at the checkout stays as it was put
together for the sake of an offer.
"""

from collections.abc import Sequence
from random import Random

from common.cart import CartLine
from config.demo.assortment import BY_SKU
from config.demo.baskets import cart_line, on_the_shelf

SEED = 31
#: Whoever takes one takes the other along so often.
_SHARE = 0.5
PAIRS = (
    ("TEE-DARJEELING", "GEBAECK-SHORTBREAD"),
    ("TEE-OSTFRIESEN", "KANDIS"),
    ("TEE-MATCHA", "MATCHA-BESEN"),
    ("MATCHA-SCHALE", "GEBAECK-MATCHA"),
    ("KANNE-GLAS", "STOEVCHEN"),
    ("TEE-GYOKURO", "KANNE-KYUSU"),
    ("TEE-CHAI", "BECHER-REISE"),
    ("TEE-LONGJING", "TASSE-GLAS"),
    ("TEE-LAPSANG", "KANNE-GUSS"),
    ("TEE-EARL-GREY", "TEEDOSE"),
)


def with_companions(lines: Sequence[CartLine], *, month: int, random: Random) -> list[CartLine]:
    """The lines, and behind them what goes with them, as often as that is taken along."""
    filled = list(lines)
    shelf = {product.sku for product in on_the_shelf(month)}
    in_cart = {line.sku for line in lines}
    for one, other in PAIRS:
        # Drawn for every pair, so that each shop draws alike whatever is in a cart.
        is_taken = random.random() < _SHARE
        missing = {one, other} - in_cart
        if is_taken and len(missing) == 1 and missing <= shelf:
            [sku] = missing
            filled.append(cart_line(str(len(filled) + 1), BY_SKU[sku], 1))
    return filled
