"""Letters of a tea shop, for the tests of letters."""

import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser

from campaigns.domain.letters.brand import Brand
from campaigns.domain.letters.letter import Letter, Rendered, compile_letter
from campaigns.domain.letters.sample import sample_values
from campaigns.domain.letters.values import Values

BRAND = Brand(
    shop_name="Teehaus & Söhne",
    imprint="Teehaus & Söhne GmbH, Lindenstraße 5, 10969 Berlin",
    public_url="https://promo.shop.example",
)
WHOLE = """\
:::header
![A pot of tea](https://shop.example/pot.jpg)
Happy birthday, {{ customer.first_name | "friend" }}!
:::

Hello {{ customer.first_name | "there" }}, **today** is *your* day: [see why](https://shop.example/why).

:::code
Your code:
:::

:::button
[To the tea](https://shop.example/tea?code={{ code }})
:::

:::products 4
You may like
:::

:::cashback
:::

:::footer
{{ promotion.terms }}
:::
"""


def letter(body: str = WHOLE, *, subject="A subject", language="en", purpose="marketing") -> Letter:
    return compile_letter(subject, body, language=language, purpose=purpose, brand=BRAND)


def values(language="en", **changes) -> Values:
    return replace(sample_values(language=language), **changes)


def rendered(body: str = WHOLE, *, language="en", purpose="marketing", subject="A subject",
             **changes) -> Rendered:  # fmt: skip
    made = letter(body, subject=subject, language=language, purpose=purpose)
    return made.render(values(language, **changes))


def with_texts(**texts: str) -> dict[str, str]:
    """The sample's texts, save some: `first_name` is the customer's."""
    named = {"customer.first_name": texts.pop("first_name")} if "first_name" in texts else {}
    return (
        dict(values().texts)
        | {name.replace("__", "."): text for name, text in texts.items()}
        | named
    )


class Elements(HTMLParser):
    """The elements of a page: how often each tag is there with which attributes, and the addresses."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: Counter[tuple[str, tuple[str, ...]]] = Counter()
        self.links: list[str] = []
        self.sources: list[str] = []
        self.pictures: list[dict[str, str | None]] = []
        self.words: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags[tag, tuple(name for name, _ in attrs)] += 1
        found = dict(attrs)
        if tag == "a":
            self.links.append(found["href"])
        if "src" in found:
            self.sources.append(found["src"])
        if tag == "img":
            self.pictures.append(found)

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", "".join(self.words))
