"""Reads: products of a file that wait for their turn."""

from dataclasses import dataclass

import msgspec
from django.db import connection

from catalog.domain.products import ProductState


@dataclass(frozen=True, slots=True)
class WaitingProduct:
    """A line that is right by itself, seen beside the others."""

    sku: str
    line: int
    state: ProductState
    is_repeated: bool


def next_products(import_key: int, *, sku: str, line: int, limit: int) -> list[WaitingProduct]:
    """The waiting rows after this SKU and line: by SKU, then as the file has them.

    So a repeated SKU comes right after its first, which may be the one that the step before ended
    with.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT row.sku, row.line, row.content::text,
                row.sku = lag(row.sku, 1, %(sku)s) OVER (ORDER BY row.sku, row.line)
            FROM (
                SELECT sku, line, content FROM catalog_productimportrow
                WHERE product_import_id = %(import)s AND (sku, line) > (%(sku)s, %(line)s)
                ORDER BY sku, line LIMIT %(limit)s) row
            ORDER BY row.sku, row.line
            """,
            {"import": import_key, "sku": sku, "line": line, "limit": limit},
        )
        return [
            WaitingProduct(sku, at, msgspec.json.decode(content, type=ProductState), is_repeated)
            for sku, at, content, is_repeated in cursor.fetchall()
        ]
