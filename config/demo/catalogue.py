"""The assortment as the shop tells it to the service."""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings

from catalog.domain.products import ProductName, ProductState
from config.demo.assortment import PRODUCTS, Product
from config.demo.baskets import on_the_shelf

#: Sold out today.
SOLD_OUT = "TEE-LAPSANG"
_SHOP = "https://teeladen.example/artikel"

#: What is drawn in `static/demo` of a kind of article.
_PICTURES: Mapping[str, str] = {
    "Grüntee": "green",
    "Schwarztee": "black",
    "Kräutertee": "herbs",
    "Früchtetee": "fruit",
    "Rooibos": "rooibos",
    "Kannen": "pots",
    "Tassen": "cups",
    "Gebäck": "sweets",
}

_ENGLISH: Mapping[str, str] = {
    "TEE-SENCHA": "Sencha Uji, 100 g",
    "TEE-GYOKURO": "Gyokuro shade tea, 50 g",
    "TEE-MATCHA": "Everyday matcha, 30 g",
    "TEE-GENMAICHA": "Genmaicha with rice, 100 g",
    "TEE-JASMIN": "Jasmine pearls, 100 g",
    "TEE-LONGJING": "Longjing, 100 g",
    "TEE-BANCHA": "Bancha, 200 g",
    "TEE-DARJEELING": "Darjeeling first flush, 100 g",
    "TEE-ASSAM": "Strong Assam, 250 g",
    "TEE-EARL-GREY": "Earl Grey, 100 g",
    "TEE-OSTFRIESEN": "East Frisian blend, 250 g",
    "TEE-CEYLON": "Ceylon orange pekoe, 200 g",
    "TEE-LAPSANG": "Lapsang souchong, 100 g",
    "TEE-KEEMUN": "Keemun, 100 g",
    "TEE-CHAI": "Masala chai, 200 g",
    "TEE-KAMILLE": "Whole chamomile, 80 g",
    "TEE-PFEFFERMINZ": "Peppermint, 80 g",
    "TEE-KRAEUTER": "Alpine herbs, 100 g",
    "TEE-FENCHEL": "Fennel, anise and caraway, 150 g",
    "TEE-VERBENE": "Lemon verbena, 50 g",
    "TEE-INGWER": "Ginger and lemon, 100 g",
    "TEE-HAGEBUTTE": "Rose hip, 200 g",
    "TEE-WALDBEERE": "Wild berries, 200 g",
    "TEE-APFEL-ZIMT": "Apple and cinnamon, 200 g",
    "TEE-EISTEE": "Iced tea with peach, 200 g",
    "TEE-ADVENT": "Advent tea, 150 g",
    "TEE-ROOIBOS": "Pure rooibos, 200 g",
    "TEE-ROOIBOS-VANILLE": "Rooibos with vanilla, 200 g",
    "KANNE-GUSS": "Cast iron pot, 1.2 l",
    "KANNE-GLAS": "Glass pot with strainer, 1 l",
    "KANNE-KYUSU": "Clay kyusu, 0.3 l",
    "STOEVCHEN": "Teapot warmer",
    "TASSE-YUNOMI": "Yunomi, 0.2 l",
    "TASSE-GLAS": "Double-walled glass, set of 2",
    "BECHER-REISE": "Travel mug, 0.4 l",
    "MATCHA-BESEN": "Bamboo matcha whisk",
    "MATCHA-SCHALE": "Matcha bowl",
    "TEESIEB": "Tea strainer, extra fine",
    "TEEDOSE": "Tea caddy, 200 g",
    "KANDIS": "Rock candy sticks, 10 pieces",
    "GEBAECK-SHORTBREAD": "Shortbread, 200 g",
    "GEBAECK-MATCHA": "Matcha biscuits, 150 g",
    "GEBAECK-STOLLEN": "Almond stollen, 500 g",
    "ADVENTSKALENDER": "24 teas until Christmas",
}


def products(*, today: datetime) -> Mapping[str, ProductState]:
    """Every article by its SKU; what is out of season is not available."""
    shelf = on_the_shelf(today.month)
    return {
        product.sku: ProductState(
            name=ProductName(de=product.name, en=_ENGLISH[product.sku]),
            url=f"{_SHOP}/{product.sku.lower()}",
            image_url=picture_of(product),
            categories=list(product.categories),
            brand=product.brand,
            tags=list(product.tags),
            price=product.price,
            list_price=product.list_price,
            currency="EUR",
            available=product in shelf and product.sku != SOLD_OUT,
        )
        for product in PRODUCTS
    }


def picture_of(product: Product) -> str:
    """The address of its picture, which this service serves: the shop of the demo has no website."""
    kind = _PICTURES.get(product.categories[-1], "tools")
    return f"{settings.PUBLIC_URL}{settings.STATIC_URL}demo/{kind}.png"
