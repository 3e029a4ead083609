"""A month's statement as PDF, in the language of the page."""

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

from common.words import language_in_use, money
from portal.domain.statement import AccountStatement, Line, MonthStatement
from portal.serializers import words

_PLAIN, _BOLD = "SourceSans", "SourceSans-Bold"
_INK, _FAINT, _RULE, _GREEN = (
    HexColor(code) for code in ("#1d2722", "#5d6b64", "#d5ddd8", "#17694a")
)
_WIDTH, _HEIGHT = A4
_LEFT, _RIGHT = 56, _WIDTH - 56
_TOP, _BOTTOM = _HEIGHT - 64, 72
#: Where the columns stand: the last three end there.
_WHAT, _UNTIL, _AMOUNT, _BALANCE = _LEFT + 62, _RIGHT - 168, _RIGHT - 84, _RIGHT
_WHAT_WIDTH = _UNTIL - 60 - _WHAT
_SIZE, _LEADING = 9.5, 13
#: How high a row of one line is, and what stands above the first one of an account.
_ROW, _HEADING = _LEADING + 5, 54

Stroke = Callable[[Canvas], None]


@dataclass(slots=True)
class _Sheets:
    """What is to be drawn, page by page: how many there are is known only at the end."""

    pages: list[list[Stroke]] = field(default_factory=lambda: [[]])
    y: float = _TOP

    def room_for(self, height: float) -> bool:
        return self.y - height >= _BOTTOM

    def turn(self) -> None:
        self.pages.append([])
        self.y = _TOP

    def down(self, height: float) -> None:
        self.y -= height

    def say(
        self,
        text: str,
        x: float,
        *,
        font: str = _PLAIN,
        size: float = _SIZE,
        color: Color = _INK,
        ends: bool = False,
    ) -> None:
        """Text that begins at `x`, or `ends` there, on the line where the sheet is."""
        y, known = self.y, _known(text)

        def stroke(canvas: Canvas) -> None:
            canvas.setFont(font, size)
            canvas.setFillColor(color)
            (canvas.drawRightString if ends else canvas.drawString)(x, y, known)

        self.pages[-1].append(stroke)

    def rule(self, color: Color = _RULE) -> None:
        y = self.y

        def stroke(canvas: Canvas) -> None:
            canvas.setStrokeColor(color)
            canvas.setLineWidth(0.6)
            canvas.line(_LEFT, y, _RIGHT, y)

        self.pages[-1].append(stroke)


def pdf_statement(statement: MonthStatement, *, shop: str, name: str, customer_id: str) -> bytes:
    """A4, its font inside; the same statement is the same file, byte for byte."""
    _fonts()
    sheets = _Sheets()
    title = _("Cashback statement %(month)s") % {"month": words.month_text(statement.month)}
    _head(sheets, statement, title=title, shop=shop, name=name, customer_id=customer_id)
    for account in statement.accounts:
        _account(sheets, account, statement.currency)
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4, invariant=1, lang=language_in_use(), pageCompression=1)
    canvas.setTitle(_known(f"{title} · {statement.currency}"))
    canvas.setAuthor(_known(shop))
    foot = f"{shop} · {title} · {statement.currency}"
    for number, strokes in enumerate(sheets.pages, start=1):
        for stroke in [*strokes, *_foot(foot, number, len(sheets.pages))]:
            stroke(canvas)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _head(
    sheets: _Sheets,
    statement: MonthStatement,
    *,
    title: str,
    shop: str,
    name: str,
    customer_id: str,
) -> None:
    sheets.say(shop, _LEFT, font=_BOLD, size=11, color=_GREEN)
    sheets.down(34)
    sheets.say(title, _LEFT, font=_BOLD, size=22)
    sheets.down(24)
    if name:
        sheets.say(_fitting(name, _RIGHT - _LEFT, size=11)[0], _LEFT, size=11)
        sheets.down(15)
    number = _("Customer %(id)s") % {"id": customer_id}
    sheets.say(_fitting(number, _RIGHT - _LEFT)[0], _LEFT, color=_FAINT)
    sheets.down(15)
    day = words.last_day(statement.as_of) if statement.is_over else words.day(statement.as_of)
    if statement.is_over:
        until = _("All amounts in %(currency)s, as of %(day)s.")
    else:
        until = _("All amounts in %(currency)s, so far: as of %(day)s.")
    sheets.say(until % {"currency": statement.currency, "day": day}, _LEFT, color=_FAINT)
    sheets.down(30)


def _account(sheets: _Sheets, account: AccountStatement, currency: str) -> None:
    lines = [(line, list(_wrapped(line))) for line in account.lines]
    height = _HEADING + 2 * _ROW + sum(map(_height_of, (what for _line, what in lines)))
    is_short = height <= _TOP - _BOTTOM
    if not sheets.room_for(height if is_short else _HEADING + 4 * _ROW):
        sheets.turn()
    name = words.account_name(account.account)
    sheets.say(name, _LEFT, font=_BOLD, size=13)
    sheets.down(15)
    sheets.say(words.account_meaning(account.account), _LEFT, color=_FAINT)
    sheets.down(20)
    _columns(sheets)
    _sum(sheets, _("Opening balance"), account.opening, currency)
    for line, what in lines:
        if not sheets.room_for(_height_of(what) + _ROW):
            sheets.turn()
            sheets.say(_("%(account)s, continued") % {"account": name}, _LEFT, font=_BOLD, size=13)
            sheets.down(22)
            _columns(sheets)
        _entry(sheets, line, what, currency)
    _sum(sheets, _("Closing balance"), account.closing, currency)
    sheets.down(26)


def _height_of(what: Sequence[object]) -> float:
    """An entry's, by its lines."""
    return len(what) * _LEADING + 5


def _columns(sheets: _Sheets) -> None:
    for text, x, ends in (
        (_("Date"), _LEFT, False), (_("What"), _WHAT, False), (_("Until"), _UNTIL, True),
        (_("Amount"), _AMOUNT, True), (_("Balance"), _BALANCE, True),
    ):  # fmt: skip
        sheets.say(text, x, size=8, color=_FAINT, ends=ends)
    sheets.down(6)
    sheets.rule(_FAINT)
    sheets.down(_LEADING)


def _sum(sheets: _Sheets, text: str, amount: int, currency: str) -> None:
    sheets.say(text, _WHAT, font=_BOLD)
    sheets.say(money(amount, currency), _BALANCE, font=_BOLD, ends=True)
    sheets.down(5)
    sheets.rule()
    sheets.down(_LEADING)


def _wrapped(line: Line) -> Iterator[tuple[str, Color]]:
    """What happened, and below it the order and the reason, in lines that fit."""
    yield from ((part, _INK) for part in _fitting(words.what_happened(line.entry), _WHAT_WIDTH))
    for told in words.about(line.entry):
        yield from ((part, _FAINT) for part in _fitting(told, _WHAT_WIDTH))


def _fitting(text: str, width: float, *, size: float = _SIZE) -> list[str]:
    """The text in lines of this width, one at least; a word that is longer than a line is cut."""
    fitting: list[str] = []
    for part in simpleSplit(_known(text), _PLAIN, size, width):
        while len(part) > 1 and pdfmetrics.stringWidth(part, _PLAIN, size) > width:
            fits = next(
                length
                for length in range(len(part) - 1, 0, -1)
                if length == 1 or pdfmetrics.stringWidth(part[:length], _PLAIN, size) <= width
            )
            fitting.append(part[:fits])
            part = part[fits:]
        fitting.append(part)
    return fitting or [""]


def _entry(sheets: _Sheets, line: Line, what: list[tuple[str, Color]], currency: str) -> None:
    entry = line.entry
    sheets.say(words.short_day(entry.at), _LEFT)
    if entry.expires_at is not None:
        sheets.say(words.short_last_day(entry.expires_at), _UNTIL, color=_FAINT, ends=True)
    sheets.say(words.signed(entry.amount, currency), _AMOUNT, ends=True)
    sheets.say(money(line.balance, currency), _BALANCE, ends=True)
    for text, color in what:
        sheets.say(text, _WHAT, color=color)
        sheets.down(_LEADING)
    sheets.down(-_LEADING + 5)
    sheets.rule()
    sheets.down(_LEADING)


def _foot(text: str, number: int, pages: int) -> Iterator[Stroke]:
    foot = _Sheets(y=40)
    foot.say(text, _LEFT, size=8, color=_FAINT)
    page = _("Page %(number)s of %(pages)s") % {"number": number, "pages": pages}
    foot.say(page, _RIGHT, size=8, color=_FAINT, ends=True)
    yield from foot.pages[0]


def _known(text: str) -> str:
    """The text with a question mark for what the font cannot show."""
    _fonts()
    glyphs = pdfmetrics.getFont(_PLAIN).face.charToGlyph
    return "".join(char if ord(char) in glyphs else "?" for char in text)


@cache
def _fonts() -> None:
    pdfmetrics.registerFont(TTFont(_PLAIN, source_sans.font_files_ttf["SourceSansPro"]))
    pdfmetrics.registerFont(TTFont(_BOLD, source_sans.font_files_ttf["SourceSansProBold"]))
