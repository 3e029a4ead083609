"""Every sentence of the pricing policy has an example worked out by hand.

`rules_sentences.json` holds the policy, sections 1 and 2, sentence by sentence, and says of each
where its examples are: `rows` (in `rules/`), or `tests: ...` (only orders in a database can show
it: the tests' files and functions).
"""

import json
import os
import re
from pathlib import Path

import pytest

from tests.promotions.rules import (
    amounts,
    choosing,
    conditions,
    eligible,
    extras,
    lanes,
    left_out,
    legal,
    prices,
    reasons,
    returns,
    runs,
    spending,
    tiers,
)

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SENTENCES = json.loads((HERE / "rules_sentences.json").read_text(encoding="utf-8"))
_PARTS = (
    *(eligible, conditions, lanes, amounts, prices, runs, tiers, extras),
    *(legal, choosing, left_out, reasons, spending, returns),
)
ROWS = [row for part in _PARTS for row in part.ROWS]
TESTS = "tests: "
POLICY = Path(os.environ.get("SHARED_DIR", ROOT.parent / "shared")) / "design" / "rules.md"


@pytest.mark.parametrize("row", [pytest.param(row, id=row.sentence) for row in ROWS])
def test_the_policy_holds(row):
    assert row.found() == row.expected, row.working


def test_every_sentence_has_a_row():
    quoted = {row.sentence for row in ROWS}
    promised = {entry["sentence"] for entry in SENTENCES if entry["shown_by"] == "rows"}

    assert promised - quoted == set(), "sentences without a row"
    assert quoted - promised == set(), "rows for sentences that the policy does not have"


def test_only_few_sentences_are_left_to_tests_with_a_database():
    elsewhere = [entry for entry in SENTENCES if entry["shown_by"] != "rows"]

    assert all(entry["shown_by"].startswith(TESTS) for entry in elsewhere)
    assert len(elsewhere) == 4


@pytest.mark.parametrize(
    "named",
    sorted({name for entry in SENTENCES if entry["shown_by"].startswith(TESTS)
            for name in entry["shown_by"].removeprefix(TESTS).split(", ")}),
)  # fmt: skip
def test_the_tests_that_show_the_others_are_there(named):
    path, _, function = named.partition("::")

    assert (ROOT / path).is_file()
    assert re.search(rf"^def {function}\b", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE)


def test_the_sentences_are_the_whole_policy():
    if not POLICY.is_file():
        pytest.skip(f"NOT COMPARED with the policy: there is no {POLICY}")
    policy = POLICY.read_text(encoding="utf-8")
    parts = policy[policy.index("## 1.") : policy.index("## 3.")]
    without_headings = re.sub(r"^## .*$", "", parts, flags=re.MULTILINE)

    kept = " ".join(entry["sentence"] for entry in SENTENCES)

    assert kept.split() == without_headings.split()
