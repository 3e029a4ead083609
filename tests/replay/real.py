"""Where the real files lie, if they do: beside the checkout, or where SHARED_DIR says."""

import os
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]


def real_files() -> Path:
    shared = Path(os.environ.get("SHARED_DIR") or CHECKOUT.parent / "shared")
    return shared / "data" / "complete_journey"


needs_real_files = pytest.mark.skipif(
    not (real_files() / "transactions.csv.gz").exists(),
    reason=f"THE REAL FILES ARE ABSENT: nothing at {real_files()}; set SHARED_DIR to the folder"
    " that holds data/complete_journey",
)
