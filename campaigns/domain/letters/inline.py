"""What stands within a paragraph: `**bold**`, `*italic*`, `[words](https://...)`, `{{ variables }}`.

One pass over the text, whatever it holds: a mark without its partner is a letter like any other.
"""

import difflib
import re
from dataclasses import dataclass, field

from campaigns.domain.letters.addresses import is_web_address, read_address
from campaigns.domain.letters.blocks import (
    Bold,
    Inline,
    Italic,
    Link,
    Node,
    Problem,
    Variable,
    Words,
)
from campaigns.domain.letters.variables import VARIABLES

_TOKEN = re.compile(
    r"""
      \\(?P<kept>[\\*\[\](){}:!])
    | (?P<braces>\{\{(?:[^{}\n]*\}\})?)
    | (?P<stars>\*+)
    | (?P<picture>!\[)
    | (?P<open>\[)
    | \]\((?P<target>(?:\{\{[^{}\n]*\}\}|[^\s()]|\([^\s()]*\))*+)\)
    | (?P<broken>\]\()
    """,
    re.VERBOSE,
)
_VARIABLE = re.compile(
    r"""\{\{ \s* (?P<name>[^|"\s]+) \s* (?:\| \s* ["“”„] (?P<fallback>[^"“”„]*) ["“”] \s*)? \}\}""",
    re.VERBOSE,
)
_HOW = 'Line {}: a variable is written {{ name }} or {{ name | "otherwise" }}.'


@dataclass(slots=True)
class _Frame:
    """A mark that is open, and what has come since."""

    mark: str
    inside: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class InlineReader:
    """Reads paragraphs and keeps what is wrong with them."""

    problems: list[Problem] = field(default_factory=list)

    def read(self, text: str, *, line: int) -> Inline:
        """The nodes of a paragraph that begins on the line."""
        frames = [_Frame("")]
        end = 0
        for token in _TOKEN.finditer(text):
            before = text[end : token.start()]
            _write(frames, before)
            line += before.count("\n")
            self._take(token, frames, line)
            end = token.end()
        _write(frames, text[end:])
        _let_go(frames, 0)
        return _merged(frames[0].inside)

    def variable(self, text: str, *, line: int) -> Variable:
        """The variable between braces; where it is none, that is kept."""
        found = _VARIABLE.fullmatch(text)
        if found is None:
            self.complain(line, _HOW.replace("{}", str(line), 1))
            return Variable("")
        name, fallback = found["name"], found["fallback"]
        known = VARIABLES.get(name)
        if known is None:
            near = difflib.get_close_matches(name[:80], VARIABLES, n=1)
            hint = f" Did you mean “{near[0]}”?" if near else ""
            self.complain(line, f"Line {line}: there is no variable “{name}”.{hint}", "unknown")
        elif known.kind == "address" and fallback is not None and not is_web_address(fallback):
            self._no_address(line, fallback)
        return Variable(name, fallback)

    def complain(self, line: int, detail: str, code: str = "invalid") -> None:
        """Keep a problem."""
        self.problems.append(Problem(line, code, detail))

    def _take(self, token: re.Match[str], frames: list[_Frame], line: int) -> None:
        kind = token.lastgroup
        if kind == "kept":
            _write(frames, token["kept"])
        elif kind == "braces":
            self._value(token["braces"], frames, line)
        elif kind == "stars":
            _stars(token, frames)
        elif kind == "picture":
            self.complain(line, f"Line {line}: a picture stands in a block “header”.")
        elif kind == "open":
            # Links do not nest: of two brackets the inner one counts.
            if (at := _opened(frames, "[")) is not None:
                _let_go(frames, at - 1)
            frames.append(_Frame("["))
        else:
            self._link(token, frames, line)

    def _value(self, braces: str, frames: list[_Frame], line: int) -> None:
        variable = self.variable(braces, line=line)
        known = VARIABLES.get(variable.name)
        is_link = known is not None and known.kind == "address" and _opened(frames, "[") is None
        node = Link((variable,), (variable,)) if is_link else variable
        frames[-1].inside.append(node)

    def _link(self, token: re.Match[str], frames: list[_Frame], line: int) -> None:
        at = _opened(frames, "[")
        if at is None:
            _write(frames, token[0])
            return
        _let_go(frames, at)
        inside = _merged(frames.pop().inside)
        if token["target"] is None or not inside:
            self.complain(line, f"Line {line}: a link is written [words](https://shop.example).")
            return
        address = read_address(token["target"], lambda braces: self.variable(braces, line=line))
        if address is None:
            self._no_address(line, token["target"])
            return
        frames[-1].inside.append(Link(inside, address))

    def _no_address(self, line: int, text: str) -> None:
        detail = (
            f"Line {line}: “{text[:200]}” is no link address. It begins with https:// or http://."
        )
        self.complain(line, detail)


def _stars(token: re.Match[str], frames: list[_Frame]) -> None:
    """They open in front of a word and close behind one; else they are stars."""
    text, run = token.string, token[0]
    behind_word = text[max(token.start() - 1, 0) : token.start()].strip() != ""
    after = text[token.end() : token.end() + 1]
    # "5*, then" opens nothing.
    before_word = after.strip() != "" and (not behind_word or after.isalnum() or after in "[{\\")
    if len(run) > 3:
        _write(frames, run)
        return
    both = ["*", "**"] if frames[-1].mark == "*" else ["**", "*"]
    for mark in both if len(run) == 3 else [run]:
        at = _opened(frames, mark)
        if at is not None and behind_word and (frames[at].inside or frames[-1].inside):
            _let_go(frames, at)
            inside = _merged(frames.pop().inside)
            frames[-1].inside.append(Bold(inside) if mark == "**" else Italic(inside))
        elif at is None and before_word:
            frames.append(_Frame(mark))
        else:
            _write(frames, mark)


def _opened(frames: list[_Frame], mark: str) -> int | None:
    """Where the mark is open; at most once, so that there are never more than a few frames."""
    return next((at for at, frame in enumerate(frames) if frame.mark == mark), None)


def _let_go(frames: list[_Frame], last: int) -> None:
    """Every mark opened after the frame `last` is a letter after all."""
    while len(frames) > last + 1:
        frame = frames.pop()
        _write(frames, frame.mark)
        frames[-1].inside.extend(frame.inside)


def _write(frames: list[_Frame], text: str) -> None:
    if text:
        frames[-1].inside.append(Words(text))


def _merged(nodes: list[Node]) -> Inline:
    """Neighbouring words are one text."""
    merged: list[Node] = []
    words: list[str] = []
    for node in nodes:
        if isinstance(node, Words):
            words.append(node.text)
            continue
        if words:
            merged.append(Words("".join(words)))
            words = []
        merged.append(node)
    return (*merged, Words("".join(words))) if words else tuple(merged)
