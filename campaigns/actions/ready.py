"""What passes from deciding to handing over, and to recording."""

from datetime import datetime

from msgspec import Struct


class Ready(Struct, frozen=True, kw_only=True):
    """A message that stands in `submitting`."""

    delivery_key: int
    channel: str = "email"
    recipient: str
    message: bytes
    attempts: int
    expires_at: datetime | None
    code_key: int | None
