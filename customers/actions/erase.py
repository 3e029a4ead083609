"""Acts: erase a customer (GDPR art. 17), and go over it once more."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from access.actions import forget as forget_answers
from common.errors import NotFound
from common.ids import new_id
from customers.actions.forget import Closing, forget
from customers.actions.suppress import suppress
from customers.domain.pseudonyms import pseudonym
from customers.models import Erasure
from customers.queries.erasure import latest_erasure, reference_hash
from customers.queries.people import customer_by_reference
from journal.actions import record_audit, record_event

#: By then no call is still under way that had found the customer before the erasure.
SETTLED = timedelta(minutes=10)
BATCH = 100

_EMPTY = """
    UPDATE customers_customer SET reference = %(pseudonym)s, erased_at = %(now)s,
        email = '', first_name = '', last_name = '', birth_date = NULL, gender = '', phone = '',
        locale = '', timezone = '', country = '', postal_code = '', city = '',
        registered_at = NULL, attributes = '{}', is_restricted = false, revision = revision + 1
    WHERE id = %(key)s
"""


@dataclass(frozen=True, slots=True)
class Erased:
    """When the customer was erased, and the closing statements of the act that did it."""

    erased_at: datetime
    closing: Closing | None = None


def erase_customer(*, reference: str, actor: str, now: datetime) -> Erased:
    """Erase everything that is held of a customer; one who was erased stays so.

    Orders and redemptions keep their sums under a pseudonym, and the address is suppressed. Part of
    the caller's transaction. The closing empties the row as the very last statement: to change the
    id waits for every transaction that is just committing something of this customer's, and those
    wait for nothing any more.

    Raises:
        NotFound: nobody has or had this id.
    """
    customer = customer_by_reference(reference, lock=True)
    if customer is None:
        earlier = latest_erasure(reference)
        if earlier is None:
            raise NotFound("There is no such customer.")
        return Erased(earlier.erased_at)
    if customer.email:
        suppress(customer.email, reason="erased", now=now)
    Erasure.objects.create(
        customer=customer, reference_hash=reference_hash(reference), erased_at=now
    )
    close = forget(customer_key=customer.pk, now=now)
    forget_answers(customer_key=customer.pk, customer_id=reference)
    record_audit(
        actor=actor, action="customer.erased", subject_kind="customer",
        subject_id=str(customer.pk), now=now,
    )  # fmt: skip
    record_event(
        type="customer.erased",
        payload={"customer_id": reference},
        customer_key=customer.pk,
        now=now,
    )
    empty: dict[str, Any] = {"key": customer.pk, "pseudonym": pseudonym(new_id()), "now": now}

    def closing() -> None:
        close()
        with connection.cursor() as cursor:
            cursor.execute(_EMPTY, empty)

    return Erased(now, closing)


def sweep_erasures(*, now: datetime) -> int:
    """Go once more over those who were erased a while ago; how many there were.

    A call that was under way may have found the customer before, and written after. Opens its own
    transactions; may be stopped anywhere and run by many at once.
    """
    due = Erasure.objects.filter(swept_at__isnull=True, erased_at__lte=now - SETTLED)
    keys = list(due.order_by("erased_at").values_list("pk", flat=True)[:BATCH])
    return sum(_sweep(key, now=now) for key in keys)


def _sweep(key: int, *, now: datetime) -> bool:
    with transaction.atomic():
        rows = Erasure.objects.select_for_update(skip_locked=True, no_key=True)
        erasure = rows.filter(pk=key, swept_at__isnull=True).first()
        if erasure is None:
            return False
        close = forget(customer_key=erasure.customer_id, now=now)
        forget_answers(customer_key=erasure.customer_id, customer_id=None)
        erasure.swept_at = now
        erasure.save(update_fields=["swept_at"])
        close()
    return True
