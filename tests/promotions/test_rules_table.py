"""Every sentence of the pricing policy has an example worked out by hand.

`rules_sentences.json` holds the policy, sections 1 and 2, sentence by sentence, and says of each
what it concerns: `now` (it has rows here), `later: ...` (an effect that is still to come), or
`elsewhere: ...` (it is shown by a test with a database, named by its file and function).
"""

import json
import os
import re
from collections import Counter
from pathlib import Path

import pytest

from tests.promotions.rules import amounts, choosing, conditions, eligible, reasons, returns

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SENTENCES = json.loads((HERE / "rules_sentences.json").read_text(encoding="utf-8"))
_PARTS = (eligible, conditions, amounts, choosing, reasons, returns)
ROWS = [row for part in _PARTS for row in part.ROWS]
POLICY = Path(os.environ.get("SHARED_DIR", ROOT.parent / "shared")) / "design" / "rules.md"


@pytest.mark.parametrize("row", [pytest.param(row, id=row.sentence) for row in ROWS])
def test_the_policy_holds(row):
    assert row.found() == row.expected, row.working


def test_every_sentence_has_a_row():
    quoted = {row.sentence for row in ROWS}
    promised = {entry["sentence"] for entry in SENTENCES if entry["concerns"] == "now"}

    assert promised - quoted == set(), "sentences without a row"
    assert quoted - promised == set(), "rows for sentences that the policy does not have"


def test_every_sentence_says_what_it_concerns():
    kinds = Counter(entry["concerns"].partition(":")[0] for entry in SENTENCES)

    assert set(kinds) == {"now", "later", "elsewhere"}


@pytest.mark.parametrize(
    "named",
    sorted({name for entry in SENTENCES if entry["concerns"].startswith("elsewhere: ")
            for name in entry["concerns"].removeprefix("elsewhere: ").split(", ")}),
)  # fmt: skip
def test_what_is_shown_elsewhere_is_there(named):
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
