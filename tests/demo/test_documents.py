"""README and docs: what they show is what the service does, and their links lead somewhere."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from config.demo.past import PROMOTIONS_SINCE
from tests.api import make_key
from tests.demo.loaded import rows

ROOT = Path(settings.BASE_DIR)
README = ROOT / "README.md"
PAGES = [README, *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    local = [link for link in LINK.findall(page.read_text()) if "://" not in link]
    missing = [link for link in local if not (page.parent / link.partition("#")[0]).exists()]
    assert not missing


def test_every_page_can_be_found_from_the_front_page():
    front = ROOT / "docs" / "README.md"
    linked = {(front.parent / link).resolve() for link in LINK.findall(front.read_text())}
    pages = {page for page in PAGES if page not in {README, front}}
    assert not pages - linked, "docs/README.md does not name them"


@pytest.mark.skipif(
    shutil.which("curl") is None, reason="NO curl HERE: the first call was not tried"
)
def test_the_first_call_of_the_readme_answers_as_it_says(shop, web):
    command, answer = first_call()
    base, key = "http://localhost:8000", "KEY=$(make api-key | tail -n 1)"
    assert base in command
    assert key in command

    done = subprocess.run(
        ["bash", "-euc", command.replace(base, web[0]).replace(key, "")],
        env=dict(os.environ) | {"KEY": make_key()},
        capture_output=True,
        check=True,
    )

    got = json.loads(done.stdout)
    assert got == got | answer


def test_the_page_on_the_demo_names_what_is_there(shop):
    page = (ROOT / "docs" / "demo.md").read_text()
    named = {code for row in re.findall(r"^\| (`.*?`) \|", page, re.MULTILINE)
             for code in re.findall(r"`([A-Z0-9-]+)`", row)}  # fmt: skip
    known = {code for (code,) in rows("SELECT spelling FROM promotions_code")}
    assert len(named) > 10
    assert named <= known
    assert f"{shop.customers:,} customers, two years with {shop.orders:,} orders" in page
    assert f"last {PROMOTIONS_SINCE.days} days" in page


def first_call() -> tuple[str, dict[str, Any]]:
    """The README's shell block and the JSON block after it."""
    found = re.search(r"```sh\n(.*?)```.*?```json\n(.*?)```", README.read_text(), re.DOTALL)
    assert found is not None
    return found[1], json.loads(found[2])
