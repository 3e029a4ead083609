"""What a value may hold, and that none becomes anything but text."""

import re
from urllib.parse import urlsplit

from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain.letters.letter import BodyInvalid
from campaigns.domain.letters.values import CashbackCard, CodeCard, ProductCard
from tests.campaigns.letters import Elements, letter, rendered, values, with_texts

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
NASTY = st.one_of(
    TEXTS,
    st.lists(
        st.sampled_from(["<b>", "</td>", '"', "'", "<!--", "-->", "]]>", "&lt;", "<script>", "{{ code }}",
                         "__1__", "__2(__", "\n", "\r\nBcc: x", "javascript:", "**", "[a](", "\x00", "\u2028",
                         "http://evil.example", "<![endif]-->", ":::code", "onload="]),
        max_size=6,
    ).map("".join),
)  # fmt: skip


def test_a_subject_is_one_line_whatever_a_name_holds():
    got = rendered(subject="Hi {{ customer.first_name }}!",
                   texts=with_texts(first_name="Ada\r\nBcc: all@evil.example\u2028\x00"))  # fmt: skip
    assert got.subject == "Hi Ada Bcc: all@ evil. example!"


def test_a_name_holds_nothing_that_a_mail_program_would_link():
    got = rendered(
        "{{ customer.first_name }}", texts=with_texts(first_name="https://evil.example/x")
    )
    for text in (got.html, got.text):
        assert "evil.example" not in text
        assert "https: //evil. example/x" in text


def test_a_value_within_an_address_is_encoded():
    body = "[a](https://shop.example/?c={{ customer.first_name }}&x=1)"
    got = rendered(body, texts=with_texts(first_name='"/ä?&#'))
    assert Elements(got.html).links[0] == "https://shop.example/?c=%22%2F%C3%A4%3F%26%23&x=1"


PROBE = """\
:::header
![A pot](https://shop.example/pot.jpg)
{{ customer.first_name }}
:::
{{ promotion.title }} **{{ customer.last_name }}** [{{ order.id }}](https://shop.example/{{ order.id }})
:::code
:::
:::products 3
:::
:::cashback
:::
:::button
[{{ plan.name }}](https://shop.example/{{ plan.name }})
:::
:::footer
{{ promotion.terms }}
:::"""
PROBED = letter(PROBE, subject="{{ promotion.title }}")
NAMES = ("customer.first_name", "customer.last_name", "promotion.title", "order.id", "plan.name",
         "promotion.terms")  # fmt: skip


def probed(text):
    card = ProductCard(name=text, price=text, url="https://shop.example/p",
                       image_url="https://shop.example/p.jpg")  # fmt: skip
    return PROBED.render(
        values(
            texts=dict.fromkeys(NAMES, f"a{text}"),
            code=CodeCard(code=f"a{text}", valid_until=f"a{text}"),
            cashback=CashbackCard(available=f"a{text}", expiring=f"a{text}", expires_at=f"a{text}"),
            products=[card] * 3,
        )
    )


@given(NASTY)
def test_no_value_becomes_a_tag_or_a_link(text):
    harmless, got = Elements(probed("b").html), Elements(probed(text).html)
    breaks = ("br", ())
    del harmless.tags[breaks], got.tags[breaks]
    assert got.tags == harmless.tags
    assert {urlsplit(link).netloc for link in got.links} == {"shop.example"}
    assert got.sources == harmless.sources


@given(NASTY)
def test_no_value_breaks_out_of_the_subject_line(text):
    subject = probed(text).subject
    assert subject.splitlines() == [subject]
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]", subject)


@given(NASTY, NASTY)
def test_no_paragraph_holds_a_tag_that_is_not_ours(first, second):
    try:
        made = letter(f"x{first}\n\ny{second}")
    except BodyInvalid:
        return
    tags = {tag for tag, _ in Elements(made.render(values()).html).tags}
    expected = {
        tag
        for tag, _ in Elements(
            rendered("**a** *b* [c](https://d.example)\nx\n:::code\n:::").html
        ).tags
    }
    assert tags <= expected
