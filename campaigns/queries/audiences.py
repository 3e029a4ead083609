"""Reads: what a network is to be told."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db import connection

from campaigns.models import AudienceExport, AudienceMember

_ROWS_A_READ = 5_000
# A consent that was taken back since the export counts at once.
_MEMBERS = """
    SELECT member.id, encode(member.hashed, 'hex') FROM campaigns_audiencemember AS member
    JOIN customers_customer AS customer ON customer.id = member.customer_id
    JOIN customers_consent AS consent ON consent.customer_id = customer.id
        AND consent.channel = 'ads' AND consent.purpose = 'marketing'
    WHERE member.segment = %(segment)s AND member.network = %(network)s AND member.left_at IS NULL
        AND member.id > %(after)s AND consent.state = 'granted' AND NOT customer.is_restricted
        AND customer.erased_at IS NULL
    ORDER BY member.id LIMIT %(limit)s
"""


def export_by_id(export_id: UUID) -> AudienceExport | None:
    """The export with this id."""
    return AudienceExport.objects.filter(export_id=export_id).first()


def is_newest(export: AudienceExport) -> bool:
    """Whether no later export of the same audience is finished."""
    same = AudienceExport.objects.filter(segment=export.segment, network=export.network)
    return not same.filter(pk__gt=export.pk, finished_at__isnull=False).exists()


def member_rows(export: AudienceExport) -> Iterator[tuple[str]]:
    """The hashes of all that are in the audience now. Reads by keyset, so that nothing is held."""
    after = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                _MEMBERS,
                {
                    "segment": export.segment,
                    "network": export.network,
                    "after": after,
                    "limit": _ROWS_A_READ,
                },
            )
            rows = cursor.fetchall()
        yield from ((hashed,) for _, hashed in rows)
        if len(rows) < _ROWS_A_READ:
            return
        after = rows[-1][0]


def removed_rows(export: AudienceExport) -> Iterator[tuple[str, datetime]]:
    """Hash and instant of all that have left the audience, and are not in it again."""
    left = AudienceMember.objects.filter(
        segment=export.segment, network=export.network, left_at__isnull=False
    ).order_by("pk")
    after = 0
    while rows := list(
        left.filter(pk__gt=after).values_list("pk", "hashed", "left_at")[:_ROWS_A_READ]
    ):
        for _, hashed, left_at in rows:
            assert left_at is not None
            yield bytes(hashed).hex(), left_at
        after = rows[-1][0]
