"""The demo shop's articles have pictures that are there."""

from django.contrib.staticfiles import finders

from config.demo.assortment import PRODUCTS
from config.demo.catalogue import picture_of


def test_every_article_has_a_picture_that_is_served(settings):
    settings.PUBLIC_URL = "https://tea.example"
    place = f"https://tea.example{settings.STATIC_URL}"
    found = {picture_of(product) for product in PRODUCTS}
    assert len(found) == 9
    for address in found:
        assert address.startswith(f"{place}demo/")
        assert finders.find(address.removeprefix(place)), address
