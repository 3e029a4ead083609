"""A link to a customer's pages, as the API tells it."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct


class PortalLinkResponse(Struct, frozen=True):
    """Whoever has the address sees the pages: give it to this customer only."""

    url: Annotated[str, Meta(description="Begins with the setting `PUBLIC_URL`.")]
    expires_at: Annotated[
        datetime, Meta(description="From then on it is not found. A setting, 30 days unless set.")
    ]
