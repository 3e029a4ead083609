"""The blocks that show what a recipient has: the code's box, the cashback's panel, the products."""

from dataclasses import dataclass

from campaigns.domain.letters import cards
from campaigns.domain.letters.blocks import Cashback, Code, Paragraphs, Products
from campaigns.domain.letters.cards import shown
from campaigns.domain.letters.colours import Palette
from campaigns.domain.letters.look import EDGE, MONO
from campaigns.domain.letters.programs import (
    Program,
    Segment,
    in_attribute,
    in_html,
    where,
)  # fmt: skip
from campaigns.domain.letters.rich import anchor, paragraphs_html
from campaigns.domain.letters.shell import Places
from campaigns.domain.letters.values import Reading
from campaigns.domain.letters.wording import Wording

_WIDEST_ROW = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Panels:
    """Writes their MJML."""

    places: Places
    wording: Wording
    palette: Palette

    def code(self, block: Code) -> str:
        day = self.palette
        words = self.places.put(paragraphs_html(block.paragraphs, palette=day))
        label = (
            f'<mj-text css-class="words ink" align="center" padding="4px {EDGE}px 12px {EDGE}px">'
            f"{words}</mj-text>"
            if block.paragraphs
            else ""
        )
        before, after = self.wording.valid_until.split("{}")
        until: Program = (
            f'<p class="box-faint" style="margin:12px 0 0;font-size:14px;color:{day.faint};">{before}',
            shown(cards.code_until, in_html),
            f"{after}</p>",
        )
        box = self.places.put(
            [
                (
                    '<table role="presentation" align="center" cellpadding="0" cellspacing="0"'
                    ' border="0" style="border-collapse:separate;margin:0 auto;"><tr>'
                    '<td class="box" align="center"'
                    f' style="padding:18px 28px;border:2px dashed {day.link};border-radius:12px;'
                    f'background-color:{day.mild};"><span class="box-ink" style="font-family:{MONO};'
                    "font-weight:700;letter-spacing:1.5px;line-height:1.3;word-break:break-all;"
                    f"color:{day.ink};font-size:"
                ),
                _code_size,
                '">',
                shown(cards.code, in_html),
                "</span></td></tr></table>",
                where(cards.code_until, until),
            ]
        )
        return (
            f'{label}<mj-text align="center" padding="0px {EDGE}px 28px {EDGE}px">{box}</mj-text>'
        )

    def cashback(self, block: Cashback) -> str:
        day = self.palette
        words = paragraphs_html(block.paragraphs, palette=day) or [in_html(self.wording.cashback)]
        before, after = self.wording.use_until.split("{}")
        part: Program = (
            f'<div class="box-faint" style="font-size:14px;color:{day.faint};">{before}',
            shown(cards.expires_at, in_html),
            f"{after}: ",
            shown(cards.expiring, in_html),
            "</div>",
        )
        panel = self.places.put(
            [
                (
                    '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"'
                    ' style="border-collapse:separate;"><tr><td class="panel" style="padding:20px 24px;'
                    f'border-radius:12px;background-color:{day.mild};">'
                    f'<div class="box-ink" style="font-size:15px;color:{day.ink};">'
                ),
                *words,
                (
                    f'</div><div class="box-ink" style="font-size:32px;line-height:1.35;font-weight:700;'
                    f'color:{day.ink};">'
                ),
                shown(cards.cashback, in_html),
                "</div>",
                where(cards.expiring, part),
                where(cards.account, self._account()),
                "</td></tr></table>",
            ]
        )
        return f'<mj-text css-class="words" padding="4px {EDGE}px 28px {EDGE}px">{panel}</mj-text>'

    def _account(self) -> Program:
        words: list[Segment] = [self.wording.account]
        link = anchor(shown(cards.account, in_attribute), words, palette=self.palette)
        return ['<div style="margin-top:10px;font-size:15px;">', *link, "</div>"]

    def products(self, block: Products) -> str:
        templates: list[Program] = []

        def keep(row: Program) -> Segment:
            templates.append(row)
            return ""

        def whole(inside: Program) -> Segment:
            written = (*inside, cards.rows(block.count, templates))
            return where(cards.has_products(block.count), written)

        label = self._label(block.paragraphs) if block.paragraphs else ""
        rows = [
            self.places.around(keep, self._products_row(width))
            for width in range(1, _WIDEST_ROW + 1)
        ]
        return self.places.around(whole, label + "".join(rows))

    def _label(self, paragraphs: Paragraphs) -> str:
        words = self.places.put(paragraphs_html(paragraphs, palette=self.palette))
        return (
            f'<mj-section css-class="sheet" background-color="{self.palette.room}"><mj-column>'
            f'<mj-text css-class="words ink">{words}</mj-text></mj-column></mj-section>'
        )

    def _products_row(self, width: int) -> str:
        columns = "".join(self._product(place) for place in range(width))
        return (
            f'<mj-section css-class="sheet" background-color="{self.palette.room}"'
            f' padding="0px {EDGE - 10}px 4px {EDGE - 10}px">{columns}</mj-section>'
        )

    def _product(self, place: int) -> str:
        put, day = self.places.put, self.palette
        page = put([shown(cards.page_of(place), in_attribute)])
        source = put([shown(cards.picture_of(place), in_attribute)])
        alt = put([shown(cards.name_of(place), in_attribute)])
        picture = self.places.only(
            cards.picture_of(place),
            f'<mj-image href="{page}" src="{source}" alt="{alt}" border-radius="10px"'
            ' padding="0px 10px 12px 10px"/>',
        )
        style = f"color:{day.ink};text-decoration:none;font-weight:600;"
        name = put(
            ['<a class="box-ink" href="', shown(cards.page_of(place), in_attribute),
             f'" style="{style}">', shown(cards.name_of(place), in_html), "</a><br>"]
        )  # fmt: skip
        price = put([shown(cards.price_of(place), in_html)])
        return (
            f'<mj-column css-class="card">{picture}<mj-text css-class="words faint" font-size="15px"'
            f' line-height="1.45" color="{day.faint}" padding="0px 10px 24px 10px">{name}{price}</mj-text>'
            "</mj-column>"
        )


def _code_size(reading: Reading) -> str:
    """A long code is smaller, so that it stays in one line on a phone."""
    length = len(cards.code(reading))
    return "26px" if length <= 13 else "19px" if length <= 18 else "16px"
