"""Acts: number the links of a campaign, so that a mark can name them for good."""

import hashlib
from functools import lru_cache
from typing import Any

from django.db import connection, transaction

from campaigns.domain.tracking import MOST_LINKS

_FOUND = """
    SELECT number FROM campaigns_link WHERE campaign_id = %(campaign)s AND digest = %(digest)s
"""
# In front of it whoever else numbers links of this campaign is waited for. It is the last lock that
# is taken before a commit, and taken only for an address that was never sent before.
_TURN = "SELECT pg_advisory_xact_lock(hashint8extended(%(campaign)s, 7))"
_NUMBERED = """
    INSERT INTO campaigns_link (campaign_id, number, url, digest)
    SELECT %(campaign)s, last.number + 1, %(url)s, %(digest)s
    FROM (SELECT coalesce(max(number), -1) AS number FROM campaigns_link
          WHERE campaign_id = %(campaign)s) AS last
    WHERE last.number + 1 < %(most)s
    ON CONFLICT (campaign_id, digest) DO NOTHING
    RETURNING number
"""


class LinkBook:
    """The numbers of one campaign's links, within one transaction."""

    def __init__(self, campaign_key: int) -> None:
        self._campaign_key = campaign_key
        self._known = _known(campaign_key)
        #: Not in the other one before they are committed.
        self._new: dict[str, int] = {}

    def number_of(self, url: str) -> int | None:
        """The link's number, given now where it has none; None where all numbers are given.

        Part of the caller's transaction. No statement for one that this process has met before.
        """
        found = self._known.get(url)
        if found is None:
            found = self._new.get(url)
        return self._asked(url) if found is None else found

    def _asked(self, url: str) -> int | None:
        binds: dict[str, Any] = {
            "campaign": self._campaign_key,
            "url": url,
            "digest": hashlib.sha256(url.encode()).digest(),
            "most": MOST_LINKS,
        }
        found = _first(_FOUND, binds)
        if found is None:
            _first(_TURN, binds)
            found = _first(_NUMBERED, binds)
        if found is None:
            # Somebody was faster, unless all numbers are given.
            found = _first(_FOUND, binds)
        return None if found is None else self._kept(url, found)

    def _kept(self, url: str, number: int) -> int:
        self._new[url] = number
        known = self._known
        transaction.on_commit(lambda: known.setdefault(url, number))
        return number


def _first(statement: str, binds: dict[str, Any]) -> Any:
    """The first value of the first row; None where there is no row."""
    with connection.cursor() as cursor:
        cursor.execute(statement, binds)
        row = cursor.fetchone()
    return None if row is None else row[0]


@lru_cache(maxsize=50)
def _known(campaign_key: int) -> dict[str, int]:
    """What this process knows to be committed. Numbers are never given again, so it is never wrong."""
    return {}
