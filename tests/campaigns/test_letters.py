"""What a recipient gets: HTML, plain text and subject, and what no value can do to them."""

import re
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain.letters.brand import Brand
from campaigns.domain.letters.colours import contrast, day, night
from campaigns.domain.letters.letter import BodyInvalid, compile_letter
from campaigns.domain.letters.values import (
    CashbackCard,
    CodeCard,
    Links,
    ProductCard,
    RenderFailed,
)  # fmt: skip
from tests.campaigns.letters import BRAND, WHOLE, Elements, letter, rendered, values, with_texts


def test_a_letter_is_a_page_in_its_language_with_its_subject():
    html = rendered(language="de", subject="Für {{ customer.first_name }}").html
    assert html.startswith("<!doctype html>")
    assert '<html lang="de"' in html
    assert "<title>Für Ada</title>" in html
    assert '<meta name="color-scheme" content="light dark">' in html
    assert "@media (prefers-color-scheme: dark)" in html


@pytest.mark.parametrize(
    ("language", "valid", "use", "leave", "choose"),
    [
        ("en", "Valid until 31 March 2027", "Of this, use by 30 April 2027: 5.00", "Unsubscribe",
         "E-mail preferences"),
        ("de", "Gültig bis 31. März 2027", "Davon bis 30. April 2027 einlösen: 5,00", "Abmelden",
         "E-Mail-Einstellungen"),
    ],
)  # fmt: skip
def test_what_every_letter_says_is_in_its_language(language, valid, use, leave, choose):
    got = rendered(language=language)
    for text in (Elements(got.html).text, got.text):
        assert {valid, use, leave, choose} <= {
            part for part in (valid, use, leave, choose) if part in text
        }


def test_the_whole_letter_as_plain_text():
    assert rendered().text == (
        "Teehaus & Söhne\n\n\n"
        "Happy birthday, Ada!\n====================\n\n"
        "Hello Ada, *today* is your day: see why <https://shop.example/why>.\n\n"
        "Your code:\n\n    TEA-7KQ2-M4XP\n    Valid until 31 March 2027\n\n"
        "To the tea:\nhttps://shop.example/tea?code=TEA-7KQ2-M4XP\n\n"
        "You may like\n\n"
        "- Sencha Asamiya, 100 g, 12.90\xa0€\n  https://shop.example/tea/1\n"
        "- Earl Grey, loose, 8.90\xa0€\n  https://shop.example/tea/2\n"
        "- Cast-iron teapot, 0.8 l, 49.00\xa0€\n  https://shop.example/tea/3\n"
        "- Darjeeling First Flush, 16.50\xa0€\n  https://shop.example/tea/4\n\n"
        "Your cashback\n\n    12.40\xa0€\n    Of this, use by 30 April 2027: 5.00\xa0€\n\n"
        "-- \n"
        "For one order from 30\xa0€, not for reduced items.\n\n"
        "You receive this e-mail because you agreed to offers from Teehaus & Söhne by e-mail.\n\n"
        "Unsubscribe: https://shop.example/u/sample\n"
        "E-mail preferences: https://shop.example/preferences/sample\n\n"
        "Teehaus & Söhne GmbH, Lindenstraße 5, 10969 Berlin\n"
    )


def test_words_around_a_variable_keep_their_blanks_everywhere():
    body = "To {{ order.id }} and **on**\n:::button\n[to {{ order.id }} now](https://shop.example)\n:::"
    got = rendered(body, subject="For {{ order.id }} now")
    assert got.subject == "For 10042 now"
    assert "<title>For 10042 now</title>" in got.html
    assert ">To 10042 and on&#847;" in got.html
    assert ">to 10042 now</a>" in got.html
    assert "to 10042 now:\nhttps://shop.example\n" in got.text


def test_what_a_customer_has_not_is_left_out():
    body = "Hello.\n:::code\nYour code:\n:::\n:::products\nFor you\n:::\n:::cashback\nYours:\n:::"
    got = rendered(body, code=None, products=(), cashback=None)
    for text in (Elements(got.html).text, got.text):
        assert "Hello." in text
        for left_out in ("Your code:", "Valid until", "For you", "Yours:", "Of this"):
            assert left_out not in text


def test_a_code_without_an_end_and_cashback_that_stays_say_nothing_of_it():
    got = rendered(":::code\n:::\n:::cashback\n:::", code=CodeCard(code="ABC"),
                   cashback=CashbackCard(available="1.00"))  # fmt: skip
    assert "ABC" in got.text
    assert "Valid until" not in got.text + got.html
    assert "Of this" not in got.text + got.html


@pytest.mark.parametrize("count", range(1, 7))
def test_as_many_products_as_asked_for_stand_in_rows(count):
    got = Elements(rendered(f":::products {count}\n:::").html)
    assert len(got.pictures) == count
    assert [link for link in dict.fromkeys(got.links) if "/tea/" in link] == [
        f"https://shop.example/tea/{number}" for number in range(1, count + 1)
    ]


def test_a_product_may_lack_its_picture_but_not_its_page():
    cards = [
        ProductCard(name="Plain", price="1 €", url="https://shop.example/1"),
        ProductCard(name="Nowhere", price="1 €", url="javascript:alert(1)"),
        ProductCard(name="Odd", price="", url="https://shop.example/2", image_url="data:x"),
    ]
    got = Elements(rendered(":::products\n:::", products=cards).html)
    assert got.pictures == []
    assert "Plain" in got.text
    assert "Odd" in got.text
    assert "Nowhere" not in got.text


def test_every_picture_says_what_it_shows():
    pictures = Elements(rendered().html).pictures
    assert [picture["alt"] for picture in pictures][:2] == ["A pot of tea", "Sencha Asamiya, 100 g"]
    assert all(picture["alt"] for picture in pictures)


def test_nothing_is_loaded_but_the_shops_pictures():
    html = rendered().html
    assert {urlsplit(source).netloc for source in Elements(html).sources} == {"shop.example"}
    addresses = set(re.findall(r"https?://[^\s/\"'<>)]+", html))
    assert addresses == {"https://shop.example", "http://www.w3.org"}
    for loading in ("<link", "<script", "@import", "url(", "@font-face"):
        assert loading not in html


def test_it_fits_into_what_mail_programs_show():
    assert len(rendered().html.encode()) < 40_000
    with pytest.raises(RenderFailed, match="size"):
        rendered(texts=with_texts(promotion__terms="ä" * 60_000))


def test_a_marketing_letter_always_has_a_way_out():
    links = Elements(rendered("Hi.").html).links
    assert links == ["https://shop.example/u/sample", "https://shop.example/preferences/sample"]
    for missing in ("unsubscribe", "preferences"):
        for address in (None, "", "javascript:alert(1)"):
            with pytest.raises(RenderFailed, match=missing):
                letter().render(values(links=replace(values().links, **{missing: address})))


def test_a_transactional_letter_ends_with_the_imprint_alone():
    got = rendered("Hi.", purpose="transactional", links=Links())
    assert Elements(got.html).links == []
    assert got.text.endswith("Hi.\n\n-- \nTeehaus & Söhne GmbH, Lindenstraße 5, 10969 Berlin\n")


def test_without_tracking_there_is_no_pixel_and_links_are_plain():
    got = rendered(WHOLE)
    assert "https://shop.example/why" in Elements(got.html).links
    assert 'width="1"' not in got.html


def test_with_tracking_every_link_is_wrapped_save_the_customers_own_pages():
    body = (
        "[a](https://shop.example/a) [own](https://promo.shop.example/account/x) {{ account_url }}\n"
        ":::button\n[b](https://shop.example/b)\n:::\n:::products 1\n:::\n:::cashback\n:::\n"
        ":::header\n![A pot](https://shop.example/pot.jpg)\nHi\n:::"
    )
    got = rendered(body, wrap_link=lambda url, _: f"https://promo.shop.example/t/c/{url[-1]}",
                   pixel_url="https://promo.shop.example/t/o/x")  # fmt: skip
    page = Elements(got.html)
    wrapped = {link for link in page.links if "/t/c/" in link}
    assert wrapped == {f"https://promo.shop.example/t/c/{end}" for end in "ab1"}
    assert set(page.links) - wrapped == {
        "https://promo.shop.example/account/x", "https://shop.example/account/sample",
        "https://shop.example/u/sample", "https://shop.example/preferences/sample",
    }  # fmt: skip
    assert {link for link in re.findall(r"https://\S+(?<!>)", got.text) if "shop.example/a" in link}
    assert page.sources == ["https://shop.example/tea/1.jpg", "https://shop.example/pot.jpg",
                            "https://promo.shop.example/t/o/x"]  # fmt: skip


def test_a_missing_value_takes_its_fallback_or_stops_the_letter():
    blank = with_texts(first_name=" \n ")
    assert "Hello there," in rendered(texts=blank).text
    assert "Hello there," in rendered(texts={"promotion.terms": "x"}).text
    with pytest.raises(RenderFailed) as failed:
        rendered("Hello {{ customer.first_name }}", texts=blank)
    assert failed.value.name == "customer.first_name"
    with pytest.raises(RenderFailed, match=r"code.valid_until"):
        rendered("{{ code.valid_until }}", texts={}, code=CodeCard(code="A"))
    with pytest.raises(RenderFailed, match=r"order\.tracking_url"):
        rendered("{{ order.tracking_url }}", texts=with_texts(order__tracking_url="javascript:x"))
    with pytest.raises(RenderFailed, match="subject"):
        rendered("x", subject='{{ code | "" }}', texts={}, code=None)


def test_a_letter_says_what_it_will_ask_for():
    made = letter(subject="{{ plan.name }}")
    assert made.variables == {"plan.name", "customer.first_name", "code", "promotion.terms"}
    assert (made.products, made.shows_code, made.shows_cashback) == (4, True, True)
    plain = letter("[a]({{ account_url }})")
    assert plain.variables == {"account_url"}
    assert (plain.products, plain.shows_code, plain.shows_cashback) == (0, False, False)


def test_the_shop_and_the_account_are_known_without_being_told():
    got = rendered("{{ shop.name }}: {{ account_url }}", texts={})
    assert "Teehaus & Söhne: https://shop.example/account/sample" in got.text


def test_a_body_with_mistakes_is_no_letter():
    with pytest.raises(BodyInvalid, match="Line 1: there is no variable “x”"):
        letter("{{ x }}")
    with pytest.raises(BodyInvalid):
        letter(subject="{{ x }}")


@given(st.integers(0, 0xFFFFFF))
def test_text_is_legible_in_any_colour_of_a_shop_by_day_and_by_night(number):
    for palette in (day(f"#{number:06x}"), night(f"#{number:06x}")):
        for ground in (palette.room, palette.mild, palette.paper):
            for ink in (palette.ink, palette.faint, palette.link):
                assert contrast(ink, ground) >= 4.5, (ink, ground)
        assert contrast(palette.on_button, palette.button) >= 4.5


def test_a_brand_has_a_name_and_a_colour():
    with pytest.raises(ValueError, match="a colour is written #rrggbb"):
        Brand(shop_name="Tea", imprint="", colour='red"')
    with pytest.raises(ValueError, match="a shop has a name"):
        Brand(shop_name=" ", imprint="")


def test_a_shop_may_have_any_name():
    brand = replace(BRAND, shop_name="__0__ <b>&{{ code }}", imprint="A\nB</td>")
    made = compile_letter("x", "y", language="en", purpose="marketing", brand=brand)
    got = made.render(values())
    assert Elements(got.html).tags == Elements(letter("y").render(values()).html).tags | {
        ("br", ()): 1
    }
    assert "__0__ &lt;b&gt;&amp;{{ code }}" in got.html
