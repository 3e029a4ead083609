"""Codes: compared kindly, made fairly."""

import os
import random
from collections import Counter
from fractions import Fraction

import pytest

from promotions.domain.codes import (
    ALPHABET,
    draw_beginnings,
    generate,
    guess_chance,
    is_pattern,
    limit_in_force,
    normalise,
    to_look_up,
)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("SPRING7KQ2", "SPRING7KQ2"),
        (" spring-7kq 2\t", "SPRING7KQ2"),
        ("spring\N{NON-BREAKING HYPHEN}7kq2\N{NO-BREAK SPACE}", "SPRING7KQ2"),
        ("abc", None),
        ("a" * 64, "A" * 64),
        ("a" * 65, None),
        ("straße", None),
        ("ｔｅａ１２", None),
        ("TEA_12", None),
        ("tea\x00123", None),
        ("", None),
        ("----", None),
    ],
    ids=repr,
)
def test_case_spaces_and_hyphens_do_not_count(given, expected):
    assert normalise(given) == expected


def test_only_the_first_ten_codes_are_looked_up():
    given = ["one1", "ONE-1", "?", *(f"code{number}" for number in range(10))]

    assert to_look_up(given) == ["ONE1", *(f"CODE{number}" for number in range(7))]


@pytest.mark.parametrize(
    ("own", "per_code", "personal", "in_batch", "expected"),
    [
        (5, 3, True, True, 5),
        (None, 3, True, True, 3),
        (None, None, True, False, 1),
        (None, None, False, True, 1),
        (None, None, False, False, None),
    ],
)
def test_the_limit_of_a_code(own, per_code, personal, in_batch, expected):
    found = limit_in_force(own=own, per_code=per_code, personal=personal, in_batch=in_batch)

    assert found == expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("TEA-########", True),
        ("########", True),
        ("tea-####-####-x", True),
        ("#######", False),
        ("TEA ########", False),
        ("TEÉ-########", False),
        ("#" * 65, False),
        ("-" + "#" * 64, True),
        ("########\n", False),
    ],
)
def test_what_a_pattern_is(pattern, expected):
    assert is_pattern(pattern) is expected


def test_the_alphabet_has_31_symbols_that_nobody_mixes_up():
    assert len(set(ALPHABET)) == len(ALPHABET) == 31
    assert set(ALPHABET).isdisjoint("01ILO")


def test_codes_follow_their_pattern():
    codes = list(generate(pattern="tea-####-####", count=5_000, random_bytes=os.urandom))

    assert len(codes) == 5_000
    for code in codes:
        word, one, two = code.split("-")
        assert word == "TEA"
        assert len(one) == len(two) == 4
        assert set(one + two) <= set(ALPHABET)


def test_every_symbol_is_equally_likely():
    seeded = random.Random(7)
    codes = generate(pattern="#" * 12, count=31_000, random_bytes=seeded.randbytes)

    counts = Counter("".join(codes))

    # 12,000 of each are expected; a byte taken modulo 31 would give eight symbols 12 % more.
    assert set(counts) == set(ALPHABET)
    assert all(abs(count - 12_000) < 500 for count in counts.values())


def test_a_source_that_gives_only_unfair_bytes_first_is_drawn_from_again():
    rounds = iter([b"\xff" * 10_000, bytes(range(248)) * 100])

    codes = list(generate(pattern="########", count=3, random_bytes=lambda n: next(rounds)[:n]))

    assert codes[0] == ALPHABET[:8]


def test_a_beginning_stands_for_the_first_symbols():
    codes = list(
        generate(pattern="x#-####-####", count=50, random_bytes=os.urandom, beginning="7K")
    )

    assert {code[:4] + code[7:8] for code in codes} == {"X7-K-"}
    assert len(set(codes)) == 50


def test_beginnings_are_drawn_like_codes_and_come_in_their_order():
    drawn = draw_beginnings(count=96_100, random_bytes=random.Random(7).randbytes)

    # 100 of each of the 961 are expected.
    assert list(drawn) == sorted(first + second for first in ALPHABET for second in ALPHABET)
    assert sum(drawn.values()) == 96_100
    assert all(50 < count < 150 for count in drawn.values())
    assert len(set(drawn.values())) > 20, "chance deals no equal shares"


def test_codes_of_no_pattern_are_not_made():
    with pytest.raises(ValueError):
        generate(pattern="TEA", count=1, random_bytes=os.urandom)


def test_the_chance_of_a_guess():
    assert guess_chance(live_codes=1_000, pattern="TEA-########") == Fraction(1_000, 31**8)
    assert guess_chance(live_codes=31**9, pattern="########") == 1
