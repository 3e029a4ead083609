"""Codes: how they are compared, made and guessed. Where they are kept is not known here."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

#: Without 0, 1, I, L and O, which people mix up. 31 symbols.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
DEFAULT_PATTERN = "#" * 12
MIN_RANDOM_SYMBOLS = 8
MIN_LENGTH = 4
MAX_LENGTH = 64
#: Codes of a call that are looked up; later ones are refused unseen.
MAX_CODES_LOOKED_UP = 10

_TYPED = re.compile(rf"[A-Za-z0-9]{{{MIN_LENGTH},{MAX_LENGTH}}}")
# The hyphens that mail programs put in place of the one on the keyboard count as well.
_HYPHENS = str.maketrans("", "", "-\u2010\u2011")
_PATTERN = re.compile(r"[A-Za-z0-9#-]{1,128}")
# The largest multiple of the alphabet's size in a byte: what lies above would favour some symbols.
_FAIR_BYTES = 256 - 256 % len(ALPHABET)
_UNFAIR = bytes(range(_FAIR_BYTES, 256))
_RANDOM_RUN = re.compile("#+")
_CODES_A_ROUND = 4096
_SYMBOL_OF_BYTE = bytes(ord(ALPHABET[byte % len(ALPHABET)]) for byte in range(256))


def normalise(given: str) -> str | None:
    """A code as it is compared: upper case, without spaces and hyphens.

    `None` when no code can look like this: after that, 4-64 of `A-Z0-9` must be left.

    >>> normalise("spring-7kq 2"), normalise("TEE €"), normalise("a-b")
    ('SPRING7KQ2', None, None)
    """
    code = "".join(given.translate(_HYPHENS).split())
    # Asked before upper(): "ß" would become "SS".
    return code.upper() if _TYPED.fullmatch(code) else None


def span_of(beginning: str) -> tuple[str, str]:
    """The first and the last code that can begin like this (normalised), as they are sorted.

    >>> span_of("TEA12")[0], span_of("TEA12")[1][:8], len(span_of("TEA12")[1])
    ('TEA12', 'TEA12ZZZ', 64)
    """
    return beginning, beginning.ljust(MAX_LENGTH, "Z")


def to_look_up(given: Sequence[str]) -> list[str]:
    """The codes of a call that are worth a look-up: normalised, each once, of the first ten.

    >>> to_look_up(["Tea-1234", "tea 1234", "?", "CUP99"])
    ['TEA1234', 'CUP99']
    """
    normal = (normalise(code) for code in given[:MAX_CODES_LOOKED_UP])
    return list(dict.fromkeys(code for code in normal if code is not None))


def limit_in_force(
    *, own: int | None, per_code: int | None, personal: bool, in_batch: bool
) -> int | None:
    """How often a code may be used: its own limit, else the promotion's `per_code`, else 1 for
    personal and batch codes, else `None`: no limit.

    >>> limit_in_force(own=None, per_code=None, personal=True, in_batch=False)
    1
    """
    if own is not None:
        return own
    if per_code is not None:
        return per_code
    return 1 if personal or in_batch else None


def is_pattern(pattern: str) -> bool:
    """Whether codes can be made by it: letters, digits, hyphens and at least 8 `#`, 64 in all
    when hyphens are left out.

    >>> is_pattern("TEA-########"), is_pattern("TEA-###"), is_pattern("TEÄ-########")
    (True, False, False)
    """
    return (
        _PATTERN.fullmatch(pattern) is not None
        and pattern.count("#") >= MIN_RANDOM_SYMBOLS
        and len(pattern.replace("-", "")) <= MAX_LENGTH
    )


def generate(
    *, pattern: str, count: int, random_bytes: Callable[[int], bytes], beginning: str = ""
) -> Iterator[str]:
    """`count` codes by the pattern, upper case, hyphens kept as the pattern has them.

    `random_bytes(n)` gives n bytes from a cryptographic source (`os.urandom`). Each symbol is
    equally likely: bytes that would favour the first symbols are thrown away. Codes may repeat,
    as chance has it; whoever stores them sees to uniqueness. `beginning` stands for the first `#`.

    Raises:
        ValueError: if the pattern is none.
    """
    if not is_pattern(pattern):
        raise ValueError("a pattern has letters, digits, hyphens and at least 8 #")
    filled = pattern.upper()
    for symbol in beginning:
        filled = filled.replace("#", symbol, 1)
    template = _RANDOM_RUN.sub("%s", filled)
    run_lengths = [len(run) for run in _RANDOM_RUN.findall(filled)]
    return _filled(template, run_lengths, count, random_bytes)


def draw_beginnings(*, count: int, random_bytes: Callable[[int], bytes]) -> dict[str, int]:
    """How many of `count` codes begin with which two random symbols.

    Drawing this first and the rest of each code later is the same chance as drawing whole codes. But
    the codes can be made in their order, and so be written to neighbouring pages of an index.
    """
    return dict(sorted(Counter(_filled("%s", [2], count, random_bytes)).items()))


def guess_chance(*, live_codes: int, pattern: str) -> Fraction:
    """The chance that one guess by somebody who knows the pattern hits one of the live codes.

    >>> guess_chance(live_codes=31, pattern="TEA-########")
    Fraction(1, 27512614111)
    """
    return min(Fraction(live_codes, len(ALPHABET) ** pattern.count("#")), Fraction(1))


def _filled(
    template: str,
    run_lengths: list[int],
    count: int,
    random_bytes: Callable[[int], bytes],
) -> Iterator[str]:
    symbols = ""
    length = sum(run_lengths)
    while count:
        # About 3 % of the bytes are thrown away; what is missing then is drawn in the next round.
        wanted = min(count, _CODES_A_ROUND) * length - len(symbols)
        drawn = random_bytes(wanted + wanted // 16 + 16)
        symbols += drawn.translate(_SYMBOL_OF_BYTE, _UNFAIR).decode("ascii")
        ready = min(count, len(symbols) // length)
        at = 0
        for _ in range(ready):
            runs = []
            for run_length in run_lengths:
                runs.append(symbols[at : at + run_length])
                at += run_length
            yield template % tuple(runs)
        symbols = symbols[at:]
        count -= ready
