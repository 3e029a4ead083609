"""Recounting: what is held against the reservations that hold it."""

from django.db import connection

from promotions.queries.verify import reservations_with_holds


def orphaned_holds() -> list[tuple[str, str, str]]:
    """Holds whose reservation is no longer active, or does not exist."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT 'hold of reservation ' || h.reservation_id, 'held',
                coalesce(r.status, 'no such reservation')
            FROM ({reservations_with_holds()}) h
            LEFT JOIN checkout_reservation r ON r.id = h.reservation_id
            WHERE r.status IS DISTINCT FROM 'active'
            """
        )
        return cursor.fetchall()
