"""Acts on products: put, edit and delete one, put many."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from django.db import connection

from catalog.domain.products import ProductState, product_errors
from catalog.models import Product
from catalog.queries.products import product_by_sku, products_by_sku, state_of
from common.answers import etag_of
from common.api.preconditions import check_if_match
from common.errors import NotFound, ValidationFailed
from customers.actions.turns import take_turns
from journal.actions import Change, record_audits

#: The columns that a state fills, with their types in PostgreSQL.
_COLUMNS = {
    "name_de": "text",
    "name_en": "text",
    "url": "text",
    "image_url": "text",
    "categories": "text[]",
    "brand": "text",
    "tags": "text[]",
    "price": "bigint",
    "list_price": "bigint",
    "unit_cost": "bigint",
    "currency": "text",
    "available": "boolean",
}
_NAMES = ", ".join(_COLUMNS)
_ROWS = ", ".join(f"{name} {kind}" for name, kind in _COLUMNS.items())
_CHANGES = ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS)


@dataclass(frozen=True, slots=True)
class WrittenProduct:
    """A product after a write."""

    product: Product
    created: bool


@dataclass(frozen=True, slots=True)
class WrittenProducts:
    """How many products a batch made and replaced."""

    created: int
    updated: int


def put_product(
    *,
    sku: str,
    state: ProductState,
    if_match: str | None = None,
    actor: str,
    now: datetime,
) -> WrittenProduct:
    """Create or replace a product. Part of the caller's transaction.

    Raises:
        ValidationFailed, PreconditionFailed
    """
    known = product_by_sku(sku, lock=True)
    check_if_match(if_match, _etag(known))
    return _put(sku, state, known=known, actor=actor, now=now)


def edit_product(
    *,
    sku: str,
    edit: Callable[[ProductState], ProductState],
    if_match: str | None = None,
    actor: str,
    now: datetime,
) -> WrittenProduct:
    """Replace a product by what `edit` makes of it, read under its lock. Part of the caller's
    transaction.

    Raises:
        NotFound, ValidationFailed, PreconditionFailed
    """
    known = _known(sku)
    check_if_match(if_match, _etag(known))
    return _put(sku, edit(state_of(known)), known=known, actor=actor, now=now)


def delete_product(*, sku: str, if_match: str | None = None, actor: str, now: datetime) -> None:
    """Forget a product; orders keep what they say of it. Part of the caller's transaction.

    Raises:
        NotFound, PreconditionFailed
    """
    known = _known(sku)
    check_if_match(if_match, _etag(known))
    before = msgspec.to_builtins(state_of(known))
    Product.objects.filter(pk=known.pk).delete()
    _audit([Change("product.deleted", sku, before=before)], actor=actor, now=now)


def import_products(
    *, states: Mapping[str, ProductState], actor: str, now: datetime
) -> WrittenProducts:
    """Put many products, by SKU, that are free of errors. Part of the caller's transaction."""
    # Batches take turns: each locks what it knows before it inserts what it does not.
    take_turns("products/batch")
    known = products_by_sku(sorted(states), lock=True)
    differing = {
        sku: state
        for sku, state in states.items()
        if sku not in known or state_of(known[sku]) != state
    }
    created = _write(differing, known=known, actor=actor, now=now)
    return WrittenProducts(created=created, updated=len(states) - created)


def _put(
    sku: str, state: ProductState, *, known: Product | None, actor: str, now: datetime
) -> WrittenProduct:
    if errors := product_errors(state):
        raise ValidationFailed(errors=errors)
    if known is not None and state_of(known) == state:
        return WrittenProduct(known, created=False)
    created = _write({sku: state}, known={sku: known} if known else {}, actor=actor, now=now)
    product = product_by_sku(sku)
    assert product is not None
    return WrittenProduct(product, created=created == 1)


def _write(
    states: Mapping[str, ProductState],
    *,
    known: Mapping[str, Product],
    actor: str,
    now: datetime,
) -> int:
    """Insert or replace in one statement; how many are new. Who was created meanwhile is replaced."""
    if not states:
        return 0
    rows = [{"sku": sku, **columns_of(state)} for sku, state in states.items()]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO catalog_product AS kept (sku, {_NAMES}, created_at, revision)
            SELECT sku, {_NAMES}, %s, 1
            FROM json_to_recordset(%s::json) AS told (sku text, {_ROWS}) ORDER BY sku
            ON CONFLICT (sku) DO UPDATE SET {_CHANGES}, revision = kept.revision + 1
            RETURNING sku, revision = 1
            """,
            [now, msgspec.json.encode(rows).decode()],
        )
        written = dict(cursor.fetchall())
    changes = [
        _change(sku, state_of(known[sku]) if sku in known else None, states[sku], created=created)
        for sku, created in written.items()
    ]
    _audit(changes, actor=actor, now=now)
    return sum(written.values())


def columns_of(state: ProductState) -> dict[str, Any]:
    """A state as its columns: no text is ""."""
    told: dict[str, Any] = {
        name: getattr(state, name) for name in _COLUMNS if not name.startswith("name_")
    }
    told |= {"name_de": state.name.de, "name_en": state.name.en}
    return {
        name: "" if value is None and _COLUMNS[name] == "text" else value
        for name, value in told.items()
    }


def _change(sku: str, before: ProductState | None, after: ProductState, *, created: bool) -> Change:
    became = msgspec.to_builtins(after)
    if before is None:
        return Change("product.created" if created else "product.changed", sku, after=became)
    was = msgspec.to_builtins(before)
    changed = [name for name in became if was[name] != became[name]]
    return Change(
        "product.changed",
        sku,
        before={name: was[name] for name in changed},
        after={name: became[name] for name in changed},
    )


def _audit(changes: list[Change], *, actor: str, now: datetime) -> None:
    record_audits(actor=actor, subject_kind="product", changes=changes, now=now)


def _known(sku: str) -> Product:
    product = product_by_sku(sku, lock=True)
    if product is None:
        raise NotFound("There is no such product.")
    return product


def _etag(product: Product | None) -> str | None:
    return etag_of(product.pk, product.revision) if product is not None else None
