"""docs/api.md: every call in it is made, in order, and every answer must hold."""

import re
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import pytest

from config.codes import all_codes
from config.openapi.examples import EFFECTS
from tests.api import NOON, Api

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "api.md"
TEXT = GUIDE.read_text(encoding="utf-8")
CALL = re.compile(r"```http\n(\w+) (\S+)\n(.*?)```\n(?:```json\n(.*?)```)?", re.DOTALL)

EFFECT = re.compile(r"^\| `(\w+)` \| `(\{.*\})` \| (.*) \|$", re.MULTILINE)


def holds(told: Any, real: Any) -> bool:
    """Whether `real` says at least what `told` says."""
    if isinstance(told, dict):
        return isinstance(real, dict) and all(
            name in real and holds(part, real[name]) for name, part in told.items()
        )
    if isinstance(told, list):
        return len(told) == len(real) and all(map(holds, told, real))
    if isinstance(told, str) and isinstance(real, str):
        return told == real.replace("\xa0", " ")
    return bool(told == real)


@pytest.mark.django_db
def test_every_call_of_the_guide_is_answered_as_it_says(api: Api):
    known: dict[str, Any] = {}
    minutes = count()
    calls = CALL.findall(TEXT)
    assert len(calls) == TEXT.count("```http") >= 10
    for method, path, body, answer in calls:
        for name, value in known.items():
            body = body.replace(f"{{{name}}}", str(value))
        sent = msgspec.json.decode(body) if body.strip() else None
        told = msgspec.json.decode(answer) if answer else {}
        if sent is not None:
            sent["at"] = (NOON + timedelta(minutes=next(minutes))).isoformat()
        call = {"GET": api.get, "PUT": api.put, "POST": api.post}[method]
        got = call(path) if sent is None else call(path, sent)
        # A problem tells its status itself; the `status` of other answers is a word.
        refused = told.get("status") if isinstance(told.get("status"), int) else None
        assert got.status == refused if refused else got.status < 300, got
        assert holds(told, got.body), got
        known.update(got.body)


@pytest.mark.django_db
def test_every_effect_of_the_guide_says_of_itself_what_stands_beside_it(api: Api):
    rows = EFFECT.findall(TEXT)
    assert [kind for kind, _effect, _sentence in rows] == list(EFFECTS)
    for kind, effect, sentence in rows:
        told = msgspec.json.decode(effect)
        assert told == EFFECTS[kind]
        body = {"name": kind, "currency": "EUR", "effect": told}
        body |= {"items": {"include": {"categories": ["tea"]}}}
        summary = api.put(f"/promotions/{kind}", body).body["summary"]["en"]
        assert summary.replace("\xa0", " ") == sentence


def test_every_code_in_the_guide_exists():
    words = set(re.findall(r"`([a-z]+(?:_[a-z]+)+)`", TEXT))
    codes = {row.code for row in all_codes()}
    fields = {
        "customer_id", "event_id", "order_id", "import_id", "dry_run", "ttl_seconds", "request_id", "recorded_at", "next_cursor",
        "image_url", "partner_id", "expires_at",
    }  # fmt: skip
    assert words - codes - fields - EFFECTS.keys() == set()
