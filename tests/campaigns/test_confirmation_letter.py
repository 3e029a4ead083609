"""The letter that asks whether a consent was really given holds nothing else."""

import pytest

from campaigns.domain.letters.confirmation import confirmation_letter
from tests.campaigns.letters import BRAND, Elements

LINK = "https://promo.shop.example/confirm/abc"


@pytest.mark.parametrize(
    ("language", "subject", "asked", "ignore"),
    [
        ("en", "Please confirm: Teehaus & Söhne",
         "Somebody gave this e-mail address to Teehaus & Söhne and asked for this: offers by e-mail.",
         "That was not you? Then there is nothing to do"),
        ("de", "Bitte bestätigen: Teehaus & Söhne",
         "bei Teehaus & Söhne um Folgendes gebeten: Angebote per E-Mail zu erhalten.",
         "Das waren nicht Sie? Dann brauchen Sie nichts zu tun"),
    ],
)  # fmt: skip
def test_it_says_who_asked_for_what_and_that_ignoring_it_is_enough(
    language, subject, asked, ignore
):
    got = confirmation_letter(language=language, shop=BRAND, link=LINK)
    assert got.subject == subject
    assert f'<html lang="{language}"' in got.html
    for text in (Elements(got.html).text, got.text):
        assert asked in text
        assert ignore in text
        assert BRAND.imprint in text
    assert got.text.count(LINK) == 1


def test_it_has_no_link_but_the_one_that_confirms_and_no_picture():
    page = Elements(confirmation_letter(language="en", shop=BRAND, link=LINK).html)
    assert set(page.links) == {LINK}
    assert page.sources == []


@pytest.mark.parametrize("language", ["de", "en"])
def test_each_purpose_is_asked_for_by_itself(language):
    texts = {
        confirmation_letter(language=language, shop=BRAND, link=LINK, purpose=purpose).text
        for purpose in ("marketing", "profiling", "tracking")
    }
    assert len(texts) == 3


def test_its_link_is_a_web_address():
    with pytest.raises(ValueError, match="no web address"):
        confirmation_letter(language="en", shop=BRAND, link="javascript:alert(1)")
