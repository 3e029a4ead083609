"""Reading many rows a piece at a time, with neither all of them in memory nor a cursor held open."""

from collections.abc import Iterator
from typing import TypeVar

from django.db.models import Model, QuerySet

PIECE = 500

Row = TypeVar("Row", bound=Model)


def in_pieces(rows: "QuerySet[Row]") -> Iterator[Row]:
    """Every row by its primary key. Each piece is a statement of its own: what changes meanwhile may
    or may not be seen.
    """
    ordered, after = rows.order_by("pk"), None
    while True:
        piece = list((ordered if after is None else ordered.filter(pk__gt=after))[:PIECE])
        yield from piece
        if len(piece) < PIECE:
            return
        after = piece[-1].pk
