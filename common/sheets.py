"""A document of text on A4, as PDF: its font inside, no system library; the same text is the same file."""

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

import font_source_sans_pro as source_sans
from django.utils.translation import gettext as _
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from common.words import language_in_use

PLAIN, BOLD = "SourceSans", "SourceSans-Bold"
INK, FAINT, RULE, GREEN = (HexColor(code) for code in ("#1d2722", "#5d6b64", "#d5ddd8", "#17694a"))
WIDTH, HEIGHT = A4
LEFT, RIGHT = 56, WIDTH - 56
TOP, BOTTOM = HEIGHT - 64, 72
SIZE, LEADING = 9.5, 13

Stroke = Callable[[Canvas], None]


@dataclass(slots=True)
class Sheets:
    """What is to be drawn, page by page: how many there are is known only at the end."""

    pages: list[list[Stroke]] = field(default_factory=lambda: [[]])
    y: float = TOP

    def room_for(self, height: float) -> bool:
        """Whether so much fits on the sheet, in points."""
        return self.y - height >= BOTTOM

    def turn(self) -> None:
        """To the top of a new sheet."""
        self.pages.append([])
        self.y = TOP

    def down(self, height: float) -> None:
        """Further down, in points."""
        self.y -= height

    def say(
        self,
        text: str,
        x: float,
        *,
        font: str = PLAIN,
        size: float = SIZE,
        color: Color = INK,
        ends: bool = False,
    ) -> None:
        """Text that begins at `x`, or `ends` there, on the line where the sheet is."""
        y, known = self.y, _known(text)

        def stroke(canvas: Canvas) -> None:
            canvas.setFont(font, size)
            canvas.setFillColor(color)
            (canvas.drawRightString if ends else canvas.drawString)(x, y, known)

        self.pages[-1].append(stroke)

    def rule(self, color: Color = RULE) -> None:
        """A line from margin to margin."""
        y = self.y

        def stroke(canvas: Canvas) -> None:
            canvas.setStrokeColor(color)
            canvas.setLineWidth(0.6)
            canvas.line(LEFT, y, RIGHT, y)

        self.pages[-1].append(stroke)

    def entry(self, lines: Sequence[tuple[str, Color]], x: float) -> None:
        """Lines below each other that begin at `x`, and a line under them."""
        for text, color in lines:
            self.say(text, x, color=color)
            self.down(LEADING)
        self.down(-LEADING + 5)
        self.rule()
        self.down(LEADING)

    def file(self, *, title: str, author: str, foot: str) -> bytes:
        """The document; at the foot of each page `foot`, and which page of how many it is."""
        _fonts()
        content = io.BytesIO()
        canvas = Canvas(
            content, pagesize=A4, invariant=1, lang=language_in_use(), pageCompression=1
        )
        canvas.setTitle(_known(title))
        canvas.setAuthor(_known(author))
        for number, strokes in enumerate(self.pages, start=1):
            for stroke in [*strokes, *_foot(foot, number, len(self.pages))]:
                stroke(canvas)
            canvas.showPage()
        canvas.save()
        return content.getvalue()


def fitting(text: str, width: float, *, size: float = SIZE) -> list[str]:
    """The text in lines of this width, one at least; a word that is longer than a line is cut."""
    lines: list[str] = []
    for part in simpleSplit(_known(text), PLAIN, size, width):
        while len(part) > 1 and pdfmetrics.stringWidth(part, PLAIN, size) > width:
            fits = next(
                length
                for length in range(len(part) - 1, 0, -1)
                if length == 1 or pdfmetrics.stringWidth(part[:length], PLAIN, size) <= width
            )
            lines.append(part[:fits])
            part = part[fits:]
        lines.append(part)
    return lines or [""]


def _foot(text: str, number: int, pages: int) -> Iterator[Stroke]:
    foot = Sheets(y=40)
    foot.say(text, LEFT, size=8, color=FAINT)
    page = _("Page %(number)s of %(pages)s") % {"number": number, "pages": pages}
    foot.say(page, RIGHT, size=8, color=FAINT, ends=True)
    yield from foot.pages[0]


def _known(text: str) -> str:
    """The text with a question mark for what the font cannot show."""
    _fonts()
    glyphs = pdfmetrics.getFont(PLAIN).face.charToGlyph
    return "".join(char if ord(char) in glyphs else "?" for char in text)


@cache
def _fonts() -> None:
    pdfmetrics.registerFont(TTFont(PLAIN, source_sans.font_files_ttf["SourceSansPro"]))
    pdfmetrics.registerFont(TTFont(BOLD, source_sans.font_files_ttf["SourceSansProBold"]))
