"""The page on the law names every statement, and no test that does not exist."""

import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PAGE = HERE.parents[2] / "docs" / "law.md"
NUMBERS = [
    f"{letter}{number}"
    for letter, most in (("U", 9), ("B", 5), ("C", 9), ("R", 5))
    for number in range(1, most + 1)
]
#: This list may only become shorter.
STILL_TO_COME: set[str] = set()
#: Where others decide.
BEYOND_US = {"B1"}


def rows() -> dict[str, str]:
    """The last column of each statement's row."""
    text = PAGE.read_text(encoding="utf-8")
    found = re.findall(r"^\| ([UBCR][0-9]) \| [^|]+ \| ([^|]+) \|$", text, re.MULTILINE)
    assert len(dict(found)) == len(found)
    return dict(found)


def names_of_tests() -> set[str]:
    """The names of the tests beside this one."""
    files = "".join(path.read_text(encoding="utf-8") for path in HERE.glob("test_?.py"))
    return set(re.findall(r"^def (test_[a-z0-9_]+)\(", files, re.MULTILINE))


def test_every_number_stands_in_the_page():
    assert list(rows()) == NUMBERS


def test_what_is_still_to_come_is_what_the_list_says():
    assert {number for number, test in rows().items() if test == "still to come"} == STILL_TO_COME


@pytest.mark.parametrize("number", sorted(set(NUMBERS) - STILL_TO_COME - BEYOND_US))
def test_its_test_exists_and_is_named_after_it(number: str):
    named = re.findall(r"`(\w+)`", rows()[number])
    assert named
    for name in named:
        assert name.startswith(f"test_{number.lower()}_")
        assert name in names_of_tests()


def test_what_cannot_be_tested_says_why():
    for number in BEYOND_US:
        assert rows()[number].startswith("cannot be tested here: ")


def test_no_test_is_named_after_a_number_that_the_page_lacks():
    named = {
        name.split("_")[1].upper()
        for name in names_of_tests()
        if re.match(r"test_[ubcr][0-9]_", name)
    }
    assert named == set(NUMBERS) - STILL_TO_COME - BEYOND_US
