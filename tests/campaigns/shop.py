"""A shop that writes to its customers, over REST."""

from datetime import datetime, timedelta
from typing import Any

from tests.api import NOON, Api, make_key

GERMAN = {"subject": "Hallo {{ customer.first_name }}", "body": "Schön, dass es dich gibt."}
ENGLISH = {"subject": "Hello {{ customer.first_name }}", "body": "Good to have you."}


class Marketing:
    """Somebody who writes campaigns, and somebody else who approves them."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.second = Api(make_key(name="second"))

    def customer(self, name: str, *, consent: str | None = "granted", **fields: Any) -> None:
        """A customer with an address, who wants mail unless told otherwise."""
        body = {
            "email": f"{name}@example.org",
            "first_name": name.title(),
            "locale": "en",
            **fields,
        }
        assert self.api.put(f"/customers/{name}", body).status in {200, 201}
        if consent is not None:
            said = {"state": consent, "source": "form", "recorded_at": at(NOON - timedelta(days=1))}
            put = self.api.put(f"/customers/{name}/consents/email/marketing", said)
            assert put.status in {200, 201}, put.body

    def campaign(self, name: str, **fields: Any) -> dict[str, Any]:
        """A draft that goes to everybody at noon unless told otherwise."""
        body = {
            "name": name,
            "channel": "email",
            "trigger": {"kind": "once", "at": at(NOON)},
            "content": {"de": GERMAN, "en": ENGLISH},
            **fields,
        }
        answer = self.api.put(f"/campaigns/{name}", body)
        assert answer.status in {200, 201}, answer.body
        return dict(answer.body)

    def start(self, name: str, *, now: datetime = NOON - timedelta(hours=1)) -> None:
        """Submitted, approved and scheduled."""
        for by, act in ((self.api, "submit"), (self.second, "approve"), (self.second, "schedule")):
            answer = by.post(f"/campaigns/{name}/{act}", {"at": at(now)})
            assert answer.status == 200, answer.body

    def run(self, now: datetime = NOON) -> dict[str, int]:
        """All that is due at the instant."""
        return dict(self.api.post("/clock/run", {"at": at(now)})["done"])

    def deliveries(self, name: str) -> dict[str, tuple[str, str | None]]:
        """State and reason by customer."""
        rows = self.api.get(f"/campaigns/{name}/deliveries?limit=200")["results"]
        return {row["customer_id"]: (row["state"], row["reason"]) for row in rows}


def at(instant: datetime) -> str:
    """As the API reads it."""
    return instant.isoformat()
