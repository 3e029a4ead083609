"""Acts: count the codes that are made, without ever counting the codes."""

from django.db import connection

from promotions.models import IssuedCodes
from promotions.queries.definitions import promotion_key
from promotions.queries.verify import issued_differences

_FOLDED_AT_ONCE = 10_000


def count_issued(*, promotion_key: int, codes: int) -> None:
    """Note, in the transaction that makes them, how many codes a promotion got.

    A row of its own: whoever makes codes at the same moment waits for nobody.
    """
    if codes:
        IssuedCodes.objects.create(promotion_id=promotion_key, codes=codes)


def mend_issued() -> None:
    """Note what a recount finds too many or too few. Part of the caller's transaction."""
    for promotion_id, noted, counted in issued_differences():
        key = promotion_key(promotion_id)
        if key is not None:
            count_issued(promotion_key=key, codes=counted - noted)


def fold_issued() -> int:
    """Put the rows of each promotion together into its oldest; how many rows that saved.

    One statement, so that the sum is the same at any moment. Rows that somebody else is folding
    are left to them.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH several AS (
                SELECT id, promotion_id, codes FROM promotions_issuedcodes
                WHERE promotion_id IN (SELECT promotion_id FROM promotions_issuedcodes
                    GROUP BY promotion_id HAVING count(*) > 1)
                ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
            ), folded AS (
                SELECT promotion_id, min(id) AS id, sum(codes) AS codes
                FROM several GROUP BY promotion_id HAVING count(*) > 1
            ), dropped AS (
                DELETE FROM promotions_issuedcodes AS row USING several, folded
                WHERE row.id = several.id AND several.promotion_id = folded.promotion_id
                    AND several.id <> folded.id
                RETURNING row.id
            ), kept AS (
                UPDATE promotions_issuedcodes AS row SET codes = folded.codes
                FROM folded WHERE row.id = folded.id
            )
            SELECT count(*) FROM dropped
            """,
            [_FOLDED_AT_ONCE],
        )
        saved: int = cursor.fetchone()[0]
    return saved
