"""Text messages: one POST each to the shop's provider, or a line of a file where there is none."""

import json
from pathlib import Path
from typing import Self

from django.conf import settings

from campaigns.channels.http import Lost, NeverLeft, post
from campaigns.domain.replies import Reply

# The key, the plan, the account: no recipient is at fault.
_OF_THE_SHOP = frozenset({401, 402, 403, 404, 405, 407})
_BUSY = frozenset({408, 425, 429, 503})


class SmsChannel:
    """Hands messages over, one after the other."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def send(self, *, sender: str, recipient: str, message: bytes) -> Reply:
        """Hand one message over; `message` is JSON with `to`, `text` and `id`, which is the same whenever it
        is tried again. `sender` is the provider's own affair. It takes half a minute at most.
        """
        if not settings.SMS_PROVIDER_URL:
            return self._written(message)
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Authorization": f"Bearer {settings.SMS_PROVIDER_TOKEN}",
            "Idempotency-Key": json.loads(message)["id"],
        }
        try:
            answer = post(settings.SMS_PROVIDER_URL, body=message, headers=headers)
        except NeverLeft:
            return Reply("later", "no_connection", ends_connection=True)
        except Lost:
            return Reply("unknown", "connection_lost", ends_connection=True)
        return _reply_of(answer.status)

    def close(self) -> None:
        """There is no connection that is kept."""

    def _written(self, message: bytes) -> Reply:
        path = Path(settings.SMS_LOG_FILE)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("ab") as file:
                file.write(message + b"\n")
        except OSError:
            return Reply("later", "no_connection", ends_connection=True)
        return Reply("accepted")


def is_sms_set_up() -> bool:
    """Whether there is anywhere to send text messages to."""
    return bool(settings.SMS_PROVIDER_URL or settings.SMS_LOG_FILE)


def _reply_of(status: int) -> Reply:
    """2xx is a yes. What broke at the provider (500, 502, 504) may have been sent before."""
    if 200 <= status < 300:
        return Reply("accepted")
    if status in _BUSY:
        return Reply("later", "server_busy", ends_connection=True)
    if status in _OF_THE_SHOP or 300 <= status < 400:
        return Reply("later", "sender_refused", ends_connection=True)
    if 400 <= status < 500:
        return Reply("refused", "refused_by_server")
    return Reply("unknown", "provider_failed", ends_connection=True)
