"""Whose birthday or day of registration comes round."""

from customers.queries.due.rows import CUSTOMER_ZONE, FIRST_DAY, LAST_DAY, DueRows, shop_zone

_FIRST = f"({FIRST_DAY} + %(days_before)s::integer)"
_LAST = f"({LAST_DAY} + %(days_before)s::integer)"


def birthdays(*, days_before: int) -> DueRows:
    """Each customer so many days before the birthday, but on the day of birth itself.

    29 February is celebrated on the 28th in common years. The year is that of the birthday.
    """
    sql = _coming_round(
        "birthday", column="customer.birth_date", day="customer.birth_date", margin=0
    )
    return DueRows(sql, {"days_before": days_before})


def anniversaries(*, days_before: int) -> DueRows:
    """The same of the day on which the customer registered, where the customer is."""
    sql = _coming_round(
        "anniversary",
        column="customer.registered_at AT TIME ZONE 'UTC'",
        day=f"(customer.registered_at AT TIME ZONE {CUSTOMER_ZONE})::date",
        # Elsewhere it was the day before or after.
        margin=1,
    )
    return DueRows(sql, {"days_before": days_before, **shop_zone()})


def _coming_round(kind: str, *, column: str, day: str, margin: int) -> str:
    """By an index of month and day of `column`, which is `day` but for so many days.

    PostgreSQL, too, moves 29 February to the 28th in common years.
    """
    year = f"extract(year FROM {day})::integer"
    return f"""
        SELECT customer.id AS customer_id, '{kind}:' || celebrated.year AS occurrence,
            celebrated.day - %(days_before)s::integer AS local_date,
            NULL::timestamptz AS at, NULL::bigint AS subject
        FROM (
            SELECT extract(month FROM found.day) AS month, extract(day FROM found.day) AS day
            FROM (SELECT {_FIRST} - {margin} + step.number AS day
                FROM generate_series(0, {_LAST} - {_FIRST} + {2 * margin}) AS step (number)) AS found
            UNION SELECT 2, 29
        ) AS calendar
        JOIN customers_customer AS customer ON extract(month FROM {column}) = calendar.month
            AND extract(day FROM {column}) = calendar.day
        CROSS JOIN LATERAL (
            SELECT number AS year, ({day} + make_interval(years => number - {year}))::date AS day
            FROM generate_series(extract(year FROM {_FIRST})::integer,
                extract(year FROM {_LAST})::integer) AS number
        ) AS celebrated
        WHERE {column} IS NOT NULL AND customer.erased_at IS NULL AND celebrated.year > {year}
            AND celebrated.day BETWEEN {_FIRST} AND {_LAST}
    """
