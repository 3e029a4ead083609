"""What the tea shop sells: prices in euro cents, names as they stand on the shelf."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Product:
    """One article. `list_price` above `price`: it is reduced at the moment. `months`: when it is on
    the shelf; empty is always.
    """

    sku: str
    name: str
    categories: tuple[str, ...]
    brand: str
    price: int
    list_price: int | None = None
    tags: tuple[str, ...] = ()
    months: frozenset[int] = frozenset()


_WINTER = frozenset({10, 11, 12})
_SUMMER = frozenset({5, 6, 7, 8})

_TEA = ("Tee",)
_GREEN = ("Tee", "Grüntee")
_BLACK = ("Tee", "Schwarztee")
_HERBS = ("Tee", "Kräutertee")
_FRUIT = ("Tee", "Früchtetee")
_ROOIBOS = ("Tee", "Rooibos")
_POTS = ("Zubehör", "Kannen")
_CUPS = ("Zubehör", "Tassen")
_TOOLS = ("Zubehör",)
_SWEETS = ("Gebäck",)

PRODUCTS = (
    Product("TEE-SENCHA", "Sencha Uji, 100 g", _GREEN, "Hanami", 1190, tags=("bio",)),
    Product("TEE-GYOKURO", "Gyokuro Schattentee, 50 g", _GREEN, "Hanami", 2490),
    Product("TEE-MATCHA", "Matcha für den Alltag, 30 g", _GREEN, "Hanami", 1890,
            tags=("bio", "matcha")),
    Product("TEE-GENMAICHA", "Genmaicha mit Reis, 100 g", _GREEN, "Hanami", 890),
    Product("TEE-JASMIN", "Jasminperlen, 100 g", _GREEN, "Drachenbrunnen", 1690),
    Product("TEE-LONGJING", "Longjing, 100 g", _GREEN, "Drachenbrunnen", 2190, 2590),
    Product("TEE-BANCHA", "Bancha, 200 g", _GREEN, "Hanami", 790, tags=("bio",)),
    Product("TEE-DARJEELING", "Darjeeling First Flush, 100 g", _BLACK, "Himalaya", 1499),
    Product("TEE-ASSAM", "Assam kräftig, 250 g", _BLACK, "Himalaya", 1290),
    Product("TEE-EARL-GREY", "Earl Grey, 100 g", _BLACK, "Elbufer", 899),
    Product("TEE-OSTFRIESEN", "Ostfriesenmischung, 250 g", _BLACK, "Elbufer", 1090),
    Product("TEE-CEYLON", "Ceylon Orange Pekoe, 200 g", _BLACK, "Elbufer", 990),
    Product("TEE-LAPSANG", "Lapsang Souchong, 100 g", _BLACK, "Drachenbrunnen", 1150, 1390),
    Product("TEE-KEEMUN", "Keemun, 100 g", _BLACK, "Drachenbrunnen", 1350),
    Product("TEE-CHAI", "Masala Chai, 200 g", _BLACK, "Himalaya", 1050, tags=("bio",)),
    Product("TEE-KAMILLE", "Kamille ganz, 80 g", _HERBS, "Wiesengrund", 590, tags=("bio",)),
    Product("TEE-PFEFFERMINZ", "Pfefferminze, 80 g", _HERBS, "Wiesengrund", 550,
            tags=("bio",)),
    Product("TEE-KRAEUTER", "Almkräuter, 100 g", _HERBS, "Wiesengrund", 690),
    Product("TEE-FENCHEL", "Fenchel-Anis-Kümmel, 150 g", _HERBS, "Wiesengrund", 620),
    Product("TEE-VERBENE", "Zitronenverbene, 50 g", _HERBS, "Wiesengrund", 820, tags=("bio",)),
    Product("TEE-INGWER", "Ingwer-Zitrone, 100 g", _HERBS, "Wiesengrund", 750, 890),
    Product("TEE-HAGEBUTTE", "Hagebutte, 200 g", _FRUIT, "Obsthof", 640),
    Product("TEE-WALDBEERE", "Waldbeere, 200 g", _FRUIT, "Obsthof", 790),
    Product("TEE-APFEL-ZIMT", "Apfel und Zimt, 200 g", _FRUIT, "Obsthof", 790),
    Product("TEE-EISTEE", "Eistee Pfirsich, 200 g", _FRUIT, "Obsthof", 850, months=_SUMMER),
    Product("TEE-ADVENT", "Adventstee, 150 g", _FRUIT, "Obsthof", 890, months=_WINTER),
    Product("TEE-ROOIBOS", "Rooibos pur, 200 g", _ROOIBOS, "Kapland", 850, tags=("bio",)),
    Product("TEE-ROOIBOS-VANILLE", "Rooibos Vanille, 200 g", _ROOIBOS, "Kapland", 920),
    Product("KANNE-GUSS", "Gusskanne 1,2 l", _POTS, "Tetsubin", 6490),
    Product("KANNE-GLAS", "Glaskanne mit Sieb, 1 l", _POTS, "Klar", 2990),
    Product("KANNE-KYUSU", "Kyusu aus Ton, 0,3 l", _POTS, "Tokoname", 4490, 5290),
    Product("STOEVCHEN", "Stövchen", _TOOLS, "Klar", 1790),
    Product("TASSE-YUNOMI", "Yunomi, 0,2 l", _CUPS, "Tokoname", 1590),
    Product("TASSE-GLAS", "Doppelwandglas, 2 Stück", _CUPS, "Klar", 1990),
    Product("BECHER-REISE", "Thermobecher, 0,4 l", _CUPS, "Unterwegs", 2490),
    Product("MATCHA-BESEN", "Matchabesen aus Bambus", _TOOLS, "Hanami", 1490, tags=("matcha",)),
    Product("MATCHA-SCHALE", "Matchaschale", _CUPS, "Tokoname", 2290, tags=("matcha",)),
    Product("TEESIEB", "Teesieb, extrafein", _TOOLS, "Klar", 990),
    Product("TEEDOSE", "Teedose, 200 g", _TOOLS, "Tetsubin", 1290, 1490),
    Product("KANDIS", "Kandis am Stiel, 10 Stück", _SWEETS, "Elbufer", 490),
    Product("GEBAECK-SHORTBREAD", "Shortbread, 200 g", _SWEETS, "Elbufer", 690),
    Product("GEBAECK-MATCHA", "Matchakekse, 150 g", _SWEETS, "Hanami", 750, tags=("matcha",)),
    Product("GEBAECK-STOLLEN", "Mandelstollen, 500 g", _SWEETS, "Elbufer", 1450, months=_WINTER),
    Product("ADVENTSKALENDER", "24 Tees bis Weihnachten", _TEA, "Elbufer", 2490, months=_WINTER),
)  # fmt: skip

BY_SKU = {product.sku: product for product in PRODUCTS}
