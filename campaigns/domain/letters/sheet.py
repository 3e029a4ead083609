"""The blocks of a body as MJML, and the sheet that they stand on."""

from collections.abc import Sequence
from dataclasses import dataclass

from campaigns.domain.letters import cards
from campaigns.domain.letters.blocks import (
    Block,
    Button,
    Cashback,
    Code,
    Footer,
    Header,
    Paragraphs,
    Picture,
    Products,
    Text,
)  # fmt: skip
from campaigns.domain.letters.brand import Brand
from campaigns.domain.letters.colours import Palette
from campaigns.domain.letters.look import EDGE
from campaigns.domain.letters.panels import Panels
from campaigns.domain.letters.programs import (
    Segment,
    address_of,
    in_attribute,
    in_html,
    link_to,
    plain_words,
)  # fmt: skip
from campaigns.domain.letters.rich import anchor, inline_html, paragraphs_html
from campaigns.domain.letters.shell import Places
from campaigns.domain.letters.values import Reading
from campaigns.domain.letters.wording import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Writes the MJML of one letter's body."""

    places: Places
    panels: Panels
    brand: Brand
    wording: Wording
    palette: Palette

    def mjml(self, blocks: Sequence[Block], *, is_marketing: bool) -> str:
        """What stands within `mj-body`."""
        sections = []
        held: list[str] = []
        for block in blocks:
            if isinstance(block, Products):
                sections += [self._section(held), self.panels.products(block)]
                held = []
            elif not isinstance(block, Footer):
                held.append(self._row(block))
        sections.append(self._section(held))
        footers = [block.paragraphs for block in blocks if isinstance(block, Footer)]
        return "".join(
            [
                self._shop(),
                self._edge("14px 14px 0 0", 32),
                *sections,
                self._edge("0 0 14px 14px", 16),
                self._below(footers, is_marketing=is_marketing),
                self.places.only(lambda reading: reading.values.pixel_url, self._pixel()),
            ]
        )

    def _shop(self) -> str:
        name = self.places.put([in_html(self.brand.shop_name)])
        return (
            f'<mj-section padding="28px 0 16px"><mj-column><mj-text css-class="words shop"'
            f' align="center" font-size="18px" font-weight="700" line-height="1.3"'
            f' color="{self.palette.link}" padding="0px {EDGE}px">{name}'
            "</mj-text></mj-column></mj-section>"
        )

    def _edge(self, radius: str, height: int) -> str:
        return (
            f'<mj-section css-class="sheet" background-color="{self.palette.room}"'
            f' border-radius="{radius}"><mj-column><mj-spacer height="{height}px"/></mj-column>'
            "</mj-section>"
        )

    def _section(self, rows: Sequence[str]) -> str:
        if not rows:
            return ""
        return (
            f'<mj-section css-class="sheet" background-color="{self.palette.room}"><mj-column>'
            f"{''.join(rows)}</mj-column></mj-section>"
        )

    def _row(self, block: Block) -> str:
        if isinstance(block, Header):
            return self._header(block)
        if isinstance(block, Text):
            return self._text(block.paragraphs)
        if isinstance(block, Code):
            return self.places.only(cards.code, self.panels.code(block))
        if isinstance(block, Cashback):
            return self.places.only(cards.cashback, self.panels.cashback(block))
        assert isinstance(block, Button)
        target = self.places.put([link_to(block.address, in_attribute)])
        words = self.places.put(plain_words(block.inside, in_html))
        return f'<mj-button css-class="button words" href="{target}">{words}</mj-button>'

    def _text(self, paragraphs: Paragraphs) -> str:
        words = self.places.put(paragraphs_html(paragraphs, palette=self.palette))
        return f'<mj-text css-class="words ink">{words}</mj-text>'

    def _header(self, block: Header) -> str:
        heading = self.places.put(
            ['<h1 style="margin:0;font-size:inherit;line-height:inherit;font-weight:inherit;">',
             *inline_html(block.heading, palette=self.palette), "</h1>"]
        )  # fmt: skip
        picture = self._picture(block.picture) if block.picture else ""
        return (
            f'{picture}<mj-text css-class="words ink heading" font-size="28px" font-weight="700"'
            f' line-height="1.25" letter-spacing="-0.3px"'
            f' padding="0px {EDGE}px 18px {EDGE}px">{heading}</mj-text>'
        )

    def _picture(self, picture: Picture) -> str:
        # A picture is no link: it is shown from where it is, never by way of the tracking.
        address = address_of(picture.address)
        from_where = self.places.put([lambda reading: in_attribute(address(reading))])
        alt = self.places.put([in_attribute(picture.alt)])
        return f'<mj-image src="{from_where}" alt="{alt}" border-radius="10px"/>'

    def _below(self, footers: Sequence[Paragraphs], *, is_marketing: bool) -> str:
        parts: list[Segment] = []
        for paragraphs in footers:
            parts += [*paragraphs_html(paragraphs, palette=self.palette, gap=10), _GAP]
        if is_marketing:
            reason = self.wording.reason.format(self.brand.shop_name)
            parts += [in_html(reason), _GAP, *self._ways_out(), _GAP]
        parts.append(in_html(self.brand.imprint))
        return (
            '<mj-section padding="24px 0 40px"><mj-column><mj-text css-class="words faint below"'
            f' align="center" font-size="13px" line-height="1.55" color="{self.palette.faint}"'
            f' padding="0px {EDGE}px">{self.places.put(parts)}</mj-text></mj-column></mj-section>'
        )

    def _ways_out(self) -> list[Segment]:
        def page(name: str, words: str) -> list[Segment]:
            def address(reading: Reading) -> str:
                return in_attribute(getattr(reading.values.links, name) or "")

            return anchor(address, [words], palette=self.palette)

        way_out = page("unsubscribe", self.wording.unsubscribe)
        return [*way_out, " &nbsp;·&nbsp; ", *page("preferences", self.wording.preferences)]

    def _pixel(self) -> str:
        address = self.places.put([lambda reading: in_attribute(reading.values.pixel_url or "")])
        return (
            f'<mj-raw><img src="{address}" width="1" height="1" alt=""'
            ' style="display:block;width:1px;height:1px;border:0;"></mj-raw>'
        )


_GAP = '<div style="height:12px;line-height:12px;">&#8203;</div>'
