"""The rows of a booking are values of types of their own: column by column what the statement reads.

Columns of such a row are told by their place alone, so a type that differs would mix them up unnoticed.
"""

import pytest
from django.db import connection

from cashback.actions.ledger_sql import _INSERTS, _UPDATES, _row_type

#: Columns that name other rows by their place in the statement.
PLACES = {"posting": "integer", "lot": "integer", "any lot": "bigint"}
LONG = {"int": "integer", "timestamptz": "timestamp with time zone"}
COLUMNS = {name: table.columns for name, table in _INSERTS.items()}
COLUMNS |= {name: columns for name, (columns, _) in _UPDATES.items()}


@pytest.mark.django_db
@pytest.mark.parametrize("name", COLUMNS)
def test_a_type_has_the_columns_of_its_rows_in_their_order(name: str):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname::text, format_type(atttypid, atttypmod) FROM pg_attribute"
            " JOIN pg_type ON typrelid = attrelid WHERE typname = %s ORDER BY attnum",
            [_row_type(name)],
        )
        found = cursor.fetchall()
    wanted = [
        (column, PLACES.get(kind) or LONG.get(kind, kind)) for column, kind in COLUMNS[name].items()
    ]
    assert found == wanted
