"""The colours of a letter, by day and by night, from one colour of the shop.

Contrast is that of WCAG 2: text has at least 4.5 to 1 on what it stands on, a button 3 to 1.
"""

from dataclasses import dataclass
from typing import NamedTuple

_TEXT_CONTRAST = 4.5
_BUTTON_CONTRAST = 3.0
_WHITE, _BLACK = "#ffffff", "#000000"


class _Rgb(NamedTuple):
    red: int
    green: int
    blue: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """One time of the day. `room` is the sheet, `paper` what it lies on, `mild` a box in it."""

    paper: str
    room: str
    ink: str
    faint: str
    rule: str
    mild: str
    link: str
    button: str
    on_button: str


def day(colour: str) -> Palette:
    """By day: dark on light.

    >>> day("#17694a").link, day("#ffd400").on_button
    ('#17694a', '#1d2722')
    """
    paper = mixed(_WHITE, colour, 5)
    mild = mixed(_WHITE, colour, 10)
    button = _told_apart(colour, _WHITE, towards=_BLACK, least=1.3)
    return Palette(
        paper=paper,
        room=_WHITE,
        ink="#1d2722",
        faint="#56635c",
        rule=mixed("#dfe4e1", colour, 8),
        mild=mild,
        link=_told_apart(colour, mild, paper, _WHITE, towards=_BLACK, least=_TEXT_CONTRAST),
        button=button,
        on_button=_on(button),
    )


def night(colour: str) -> Palette:
    """By night: light on dark.

    >>> contrast(night("#17694a").link, night("#17694a").mild) >= 4.5
    True
    """
    room = mixed("#1b201e", colour, 4)
    mild = mixed(room, colour, 16)
    button = _told_apart(colour, room, towards=_WHITE, least=_BUTTON_CONTRAST)
    paper = mixed("#101412", colour, 2)
    return Palette(
        paper=paper,
        room=room,
        ink="#e9efec",
        faint="#b3beb8",
        rule=mixed("#323a36", colour, 8),
        mild=mild,
        link=_told_apart(colour, mild, room, paper, towards=_WHITE, least=_TEXT_CONTRAST),
        button=button,
        on_button=_on(button),
    )


def contrast(one: str, other: str) -> float:
    """From 1 (alike) to 21 (black on white).

    >>> round(contrast("#000000", "#ffffff"))
    21
    """
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mixed(colour: str, other: str, percent: int) -> str:
    """`colour` with so much of the other.

    >>> mixed("#ffffff", "#000000", 50)
    '#808080'
    """
    pairs = zip(_rgb(colour), _rgb(other), strict=True)
    return "#" + "".join(
        f"{round((a * (100 - percent) + b * percent) / 100):02x}" for a, b in pairs
    )


def _told_apart(colour: str, *grounds: str, towards: str, least: float) -> str:
    """The colour, moved as little as it needs to be seen on each of the grounds."""
    for percent in range(0, 101, 4):
        moved = mixed(colour, towards, percent)
        if all(contrast(moved, ground) >= least for ground in grounds):
            return moved.lower()
    return towards


def _on(ground: str) -> str:
    """White where it is read well, else ink, else black: one of them always is."""
    inks = (_WHITE, "#1d2722")
    return next((ink for ink in inks if contrast(ink, ground) >= _TEXT_CONTRAST), _BLACK)


def _rgb(colour: str) -> _Rgb:
    return _Rgb(*(int(colour[at : at + 2], 16) for at in (1, 3, 5)))


def _luminance(colour: str) -> float:
    shares = [part / 255 for part in _rgb(colour)]
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
