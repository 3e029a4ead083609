"""Amounts as they are typed: exact, or refused."""

import pytest

from common.forms.amounts import (
    AmbiguousAmount,
    NoAmount,
    TooManyDecimals,
    parse_amount,
    parse_count,
)
from common.money import Language

BOTH: tuple[Language, ...] = ("de", "en")


@pytest.mark.parametrize("language", BOTH)
@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("5", "EUR", 500),
        ("5,5", "EUR", 550),
        ("5.50", "EUR", 550),
        ("5,", "EUR", 500),
        ("0,500", "EUR", 50),
        ("0.500", "EUR", 50),
        ("00,50", "EUR", 50),
        ("1234,50", "EUR", 123450),
        ("1234.500", "EUR", 123450),
        ("1.234,50", "EUR", 123450),
        ("1,234.50", "EUR", 123450),
        ("1.234.567", "EUR", 123456700),
        ("1,234,567.8", "EUR", 123456780),
        ("1 234,50", "EUR", 123450),
        ("1,250", "KWD", 1250),
        ("1.250", "KWD", 1250),
        ("0,001", "KWD", 1),
        ("1,250.125", "KWD", 1250125),
        ("1.250.000", "KWD", 1250000000),
        ("1.250.000", "JPY", 1250000),
    ],
)
def test_what_can_mean_one_amount_only_is_read_on_every_page(
    text: str, currency: str, amount: int, language: Language
) -> None:
    assert parse_amount(text, currency=currency, language=language) == amount


@pytest.mark.parametrize(
    ("text", "currency", "of_page", "amount"),
    [
        ("2,000", "EUR", "en", 200000),
        ("2.000", "EUR", "de", 200000),
        ("2,000", "JPY", "en", 2000),
        ("2.500", "JPY", "de", 2500),
    ],
)
def test_three_digits_behind_one_sign_are_thousands_in_the_manner_of_the_page_or_refused(
    text: str, currency: str, of_page: Language, amount: int
) -> None:
    (other,) = set(BOTH) - {of_page}

    assert parse_amount(text, currency=currency, language=of_page) == amount
    with pytest.raises(AmbiguousAmount):
        parse_amount(text, currency=currency, language=other)


@pytest.mark.parametrize("language", BOTH)
@pytest.mark.parametrize(
    ("text", "currency", "refusal"),
    [
        ("0,001", "EUR", TooManyDecimals),
        ("0.001", "EUR", TooManyDecimals),
        ("0,500", "JPY", TooManyDecimals),
        ("5,0001", "KWD", TooManyDecimals),
        ("1.234,567", "EUR", TooManyDecimals),
        ("1234,567", "EUR", TooManyDecimals),
        ("0,123,456", "EUR", NoAmount),
        ("1,23,456", "EUR", NoAmount),
        ("1,234,50", "EUR", NoAmount),
        ("1.234.50", "EUR", NoAmount),
        ("1,234.567.890", "EUR", NoAmount),
        ("1,2,3", "EUR", NoAmount),
        (",50", "EUR", NoAmount),
        ("-5", "EUR", NoAmount),
        ("٥", "EUR", NoAmount),
        ("", "EUR", NoAmount),
    ],
)
def test_what_is_no_such_amount_is_refused_on_every_page(
    text: str, currency: str, refusal: type[Exception], language: Language
) -> None:
    with pytest.raises(refusal):
        parse_amount(text, currency=currency, language=language)


def test_a_count_is_grouped_in_the_manner_of_the_page_only() -> None:
    assert parse_count("1,000", language="en") == 1000
    with pytest.raises(AmbiguousAmount):
        parse_count("1.000", language="en")
    with pytest.raises(TooManyDecimals):
        parse_count("0.500", language="en")
