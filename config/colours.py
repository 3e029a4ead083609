"""The colours of the staff's pages."""

#: Tea green; its contrast with white is above 4.5 from 600 on.
COLOURS = {
    "primary": {
        "50": "oklch(97.5% .015 165)",
        "100": "oklch(94.5% .04 165)",
        "200": "oklch(89.5% .075 165)",
        "300": "oklch(82.5% .11 165)",
        "400": "oklch(74% .13 164)",
        "500": "oklch(62% .125 164)",
        "600": "oklch(51% .105 164)",
        "700": "oklch(44% .09 165)",
        "800": "oklch(37.5% .075 166)",
        "900": "oklch(32% .062 167)",
        "950": "oklch(23% .045 168)",
    },
}
