"""Plays the story of the document against the service."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

from config.openapi.examples import Step
from tests.api import NOON, Api, make_key

OUR_ID = re.compile(r"\b(?:rsv|red|dec|bat|imp|job|evt|adj|stl|pay|sep|aud|msg)_[0-9a-f]{32}\b")

#: A link to a customer's pages, and how one looks.
PORTAL_LINK = re.compile(r"https?://[^/]+/account/[\w-]{64}")
TOKEN = "AAAAAAAAAAEABkysz6coAAAGT2RlF2gAYxmWmK5o2fWqS0vJr3x1T8bP7Zc4nQeL"


class Names:
    """The ids of the story stand for the real ones, in the order in which they turn up."""

    def __init__(self) -> None:
        self._real: dict[str, str] = {}

    def real(self, told: Any) -> Any:
        """`told` with the real ids in it."""
        return _replaced(told, self._real)

    def told(self, real: Any) -> Any:
        """`real` with the story's ids in it."""
        names = {found: name for name, found in self._real.items()}
        for found in OUR_ID.findall(json.dumps(real)):
            if found not in names:
                name = f"{found[:4]}0199a1b2c3d47e5f8a9b0c1d2e{len(names) + 1:06}"
                names[found] = name
                self._real[name] = found
        return _replaced(real, names)


def _replaced(value: Any, names: dict[str, str]) -> Any:
    text = OUR_ID.sub(lambda match: names.get(match[0], match[0]), json.dumps(value))
    return json.loads(text)


def told_alike(answer: Any) -> Any:
    """The answer without what no two runs share."""
    if isinstance(answer, list):
        return [told_alike(part) for part in answer]
    if isinstance(answer, dict):
        fixed = {
            "request_id": "0199a1b2c3d47e5f8a9b0c1d2e3f4a5d",
            "made_at": "2026-03-10T12:00:00Z",
            "actor": "key:1",
            "requested_by": "key:2",
            "approved_by": "key:3",
            "rejected_by": "key:3",
            "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "type": f"https://shop.example/api/docs/errors#{answer.get('code')}",
        }
        return {
            name: fixed[name] if name in fixed and part else told_alike(part)
            for name, part in answer.items()
        }
    if isinstance(answer, str) and PORTAL_LINK.fullmatch(answer):
        return f"https://shop.example/account/{TOKEN}"
    return answer


class _Callers:
    """Payouts are asked for by the shop's key for them, and decided on by that of finance."""

    def __init__(self, usual: Api) -> None:
        self._usual = usual
        self._shop, self._finance = (
            Api(make_key("payouts", name=name)) for name in ("payouts", "finance")
        )

    def of(self, step: Step) -> Api:
        """By whom the call is made."""
        if not step.path.startswith(("/cashback/payouts", "/cashback/sepa-files")):
            return self._usual
        return self._shop if step.operation == "post_payouts" else self._finance


def play(api: Api, steps: tuple[Step, ...], names: Names) -> list[Step]:
    """Make each call, a minute after the one before; the steps with what was really answered."""
    played = []
    callers = _Callers(api)
    for minute, step in enumerate(steps):
        at = (NOON + timedelta(minutes=minute)).isoformat()
        path, body = names.real(step.path), names.real(step.body)
        headers: dict[str, str] = {}
        if step.method == "POST":
            headers["idempotency_key"] = f"story-{minute:04}-0123456789"
        if isinstance(body, str):
            headers["content_type"], body = "text/csv", body.encode()
        if step.method == "GET" or isinstance(body, bytes):
            path += f"{'&' if '?' in path else '?'}at={at.replace('+', '%2B')}"
        else:
            body = {**(body or {}), "at": at}
        got = callers.of(step).call(step.method, path, body, **headers)
        answer = names.told(told_alike(got.body))
        played.append(replace(step, status=got.status, answer=answer))
    return played
