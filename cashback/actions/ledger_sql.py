"""The one statement that writes bookings, put together of those tables that have rows.

The keys of postings and lots are drawn first, as arrays, so that the rows of other tables name them by
their place. Each set of tables is prepared once for each connection.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from common.statements import Insert, Statement, record_array

_POSTED_AT = "%(posted_at)s::timestamptz"
#: By which letters a set of tables is named.
_LETTERS = {
    "posting": "p", "transfer": "t", "lot": "l", "share": "s", "hold": "h", "outcome": "o",
    "allocation": "a", "changed_lot": "c", "taken_share": "b", "wallet": "w",
}  # fmt: skip
#: Of columns that name a row made by the same statement: the array of its keys. "any lot" names a row that
#: was there by its key, and the n-th new one by -n.
_KEYS_OF = {"posting": "postings", "lot": "lots"}

Rows = Mapping[str, Sequence[Sequence[Any]]]


class _Table(NamedTuple):
    """A table with the columns that rows have values for, and those that are the same in all."""

    name: str
    #: As its type of rows has them (`cashback_new_posting` and the like, migration 0009).
    columns: Mapping[str, str]
    #: The array that its own keys are drawn in.
    keys: str = ""
    fixed: Mapping[str, str] = {}


_INSERTS = {
    "posting": _Table(
        "cashback_posting",
        {
            "wallet_id": "bigint",
            "kind": "text",
            "source_kind": "text",
            "source_ref": "text",
            "sequence": "int",
            "order_id": "bigint",
            "at": "timestamptz",
            "actor": "text",
        },
        "postings",
        {"posted_at": _POSTED_AT},
    ),
    "transfer": _Table(
        "cashback_transfer",
        {
            "posting_id": "posting",
            "debit_account_id": "bigint",
            "credit_account_id": "bigint",
            "currency": "text",
            "amount": "bigint",
            "debit_after": "bigint",
            "credit_after": "bigint",
            "lot_id": "any lot",
        },
    ),
    "lot": _Table(
        "cashback_lot",
        {
            "posting_id": "posting",
            "wallet_id": "bigint",
            "account_id": "bigint",
            "amount": "bigint",
            "remaining": "bigint",
            "order_id": "bigint",
            "rule_id": "bigint",
            "promotion_reference": "text",
            "origin_id": "bigint",
            "partner_id": "bigint",
            "partner_amount": "bigint",
            "partner_percent": "int",
            "clawback": "text",
            "pending_days": "int",
            "expires_after_days": "int",
            "terms": "jsonb",
            "available_at": "timestamptz",
            "expires_at": "timestamptz",
        },
        "lots",
        {"expiries": "0", "absorbed": "0", "created_at": _POSTED_AT},
    ),
    "share": _Table(
        "cashback_lotshare",
        {"lot_id": "lot", "line_id": "text", "position": "int", "amount": "bigint"},
        fixed={"taken_back": "0"},
    ),
    "hold": _Table(
        "cashback_hold",
        {
            "id": "uuid",
            "wallet_id": "bigint",
            "purpose": "text",
            "reference": "uuid",
            "number": "int",
            "amount": "bigint",
            "expires_at": "timestamptz",
            "posting_id": "posting",
        },
        fixed={"created_at": _POSTED_AT},
    ),
    "outcome": _Table(
        "cashback_holdoutcome",
        {"hold_id": "uuid", "stage": "text", "outcome": "text", "posting_id": "posting"},
    ),
    "allocation": _Table(
        "cashback_allocation",
        {"lot_id": "bigint", "posting_id": "posting", "hold_id": "uuid", "amount": "bigint"},
    ),
}
_UPDATES = {
    "changed_lot": (
        {
            "id": "bigint",
            "change": "bigint",
            "account": "bigint",
            "available": "timestamptz",
            "expires": "timestamptz",
            "times": "int",
            "done_without": "bigint",
        },
        """UPDATE cashback_lot AS lot SET remaining = lot.remaining + change, account_id = account,
            available_at = available, expires_at = expires, expiries = times,
            absorbed = done_without
        FROM {rows} WHERE lot.id = row.id""",
    ),
    "taken_share": (
        {"lot": "bigint", "line": "text", "change": "bigint"},
        """UPDATE cashback_lotshare AS share SET taken_back = share.taken_back + change
        FROM {rows} WHERE share.lot_id = lot AND share.line_id = line""",
    ),
    "wallet": (
        {
            "id": "bigint",
            "change_pending": "bigint",
            "change_available": "bigint",
            "change_held": "bigint",
            "change_debt": "bigint",
            "due": "timestamptz",
        },
        """UPDATE cashback_wallet AS wallet SET pending = pending + change_pending,
            available = available + change_available, held = held + change_held,
            debt = debt + change_debt, due_at = due
        FROM {rows} WHERE wallet.id = row.id""",
    ),
}

#: Of rows that change others; `cashback_wallet` is the name of the table.
_CHANGE_TYPES = {
    "changed_lot": "cashback_changed_lot",
    "taken_share": "cashback_taken_share",
    "wallet": "cashback_changed_wallet",
}


def writing(
    rows: Rows, *, events: Insert | None, posted_at: datetime
) -> tuple[Statement, dict[str, Any]]:
    """The statement that writes the rows, wallets last, and its parameters.

    `rows` are by table, each in the order of its columns above; tables without rows are left out.
    """
    present = tuple(name for name in (*_INSERTS, *_UPDATES) if rows.get(name))
    parameters: dict[str, Any] = {name: record_array(rows[name]) for name in present}
    if "posting" in present:
        parameters["posted_at"] = posted_at
        parameters["postings"] = len(rows["posting"])
    if "lot" in present:
        parameters["lots"] = len(rows["lot"])
    if events is not None:
        parameters |= events.parameters
    return _statement(present, events.statement if events else None), parameters


@cache
def _statement(present: tuple[str, ...], events: Statement | None) -> Statement:
    *first, last = present
    tables = [f"{name} AS ({_part(name, present)})" for name in first]
    if "posting" in present:
        tables.insert(0, f"keys AS (SELECT {', '.join(_keys(present))})")
    if events is not None:
        tables.append(f"event AS ({events.text})")
    name = "cashback_" + "".join(_LETTERS[name] for name in present) + ("e" if events else "")
    return Statement(name, (f"WITH {', '.join(tables)} " if tables else "") + _part(last, present))


def _keys(present: Sequence[str]) -> list[str]:
    """The keys of all new rows, drawn before any is written."""
    drawn = (
        "ARRAY(SELECT nextval('{table}_id_seq') FROM generate_series(1, %({keys})s::int)) AS {keys}"
    )
    tables = [_INSERTS[name] for name in present if name in _INSERTS]
    return [drawn.format(table=table.name, keys=table.keys) for table in tables if table.keys]


def _part(name: str, present: Sequence[str]) -> str:
    if name in _UPDATES:
        columns, text = _UPDATES[name]
        return text.format(rows=_unnest(name, columns))
    table = _INSERTS[name]
    values = {column: _value(column, kind, present) for column, kind in table.columns.items()}
    values |= table.fixed
    if table.keys:
        values["id"] = f"keys.{table.keys}[row.place]"
    return (
        f"INSERT INTO {table.name} ({', '.join(values)}) SELECT {', '.join(values.values())}"
        f" FROM keys, {_unnest(name, table.columns)}"
    )


def _value(column: str, kind: str, present: Sequence[str]) -> str:
    if kind in _KEYS_OF:
        return f"keys.{_KEYS_OF[kind]}[row.{column}]"
    if kind == "any lot" and "lot" in present:
        return f"CASE WHEN row.{column} < 0 THEN keys.lots[-row.{column}] ELSE row.{column} END"
    return f"row.{column}"


def _unnest(name: str, columns: Mapping[str, str]) -> str:
    return f"unnest(%({name})s::{_row_type(name)}[]) WITH ORDINALITY AS row ({', '.join(columns)}, place)"


def _row_type(name: str) -> str:
    """One parameter a table, and not one for each column: PostgreSQL reads each at every call."""
    return f"cashback_new_{name}" if name in _INSERTS else _CHANGE_TYPES[name]
