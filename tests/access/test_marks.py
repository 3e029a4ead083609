"""Marks: nothing can be read out of one that was not put in here, and of none anything changed."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as some

from access.domain.marks import Mark, claimed_mark, parse_mark, spell_mark

KEYS = some.integers(min_value=0, max_value=2**63 - 1)
TIMES = some.integers(min_value=0, max_value=2**52).map(
    lambda microseconds: datetime(2000, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
)
LETTERS = some.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@given(KEYS, KEYS, TIMES)
def test_what_was_put_in_comes_out(customer, other, at):
    mark = Mark(customer, other, at)
    text = spell_mark(mark, purpose="unsubscribe", secret="s")
    assert len(text) == 64
    assert parse_mark(text, purpose="unsubscribe", secret="s") == mark
    assert claimed_mark(text) == mark
    for purpose, secret, bound_to in (
        ("preferences", "s", ""), ("unsubscribe", "t", ""), ("unsubscribe", "s", "a"),
    ):  # fmt: skip
        assert parse_mark(text, purpose=purpose, secret=secret, bound_to=bound_to) is None


@given(KEYS, TIMES, some.integers(min_value=0, max_value=63), LETTERS)
def test_no_character_can_be_another(customer, at, place, letter):
    text = spell_mark(Mark(customer, 0, at), purpose="confirm", secret="s", bound_to="a@b.de")
    changed = text[:place] + letter + text[place + 1 :]
    parsed = parse_mark(changed, purpose="confirm", secret="s", bound_to="a@b.de")
    assert (parsed is None) == (changed != text)


@given(some.text(LETTERS, min_size=64, max_size=64))
def test_whatever_a_token_claims_can_be_read(text):
    claimed_mark(text)
    assert parse_mark(text, purpose="open", secret="s") is None
