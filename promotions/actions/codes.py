"""Acts: make a code, change it."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from common.answers import etag_of
from common.api.preconditions import check_if_match
from common.errors import DomainError, FieldError, NotFound, ValidationFailed
from common.instants import instant_errors
from customers.actions.people import ensure_customer
from journal.actions import record_audit, record_event
from promotions.actions.issued import count_issued
from promotions.domain.codes import DEFAULT_PATTERN, generate, normalise
from promotions.models import Code
from promotions.queries import codes, definitions

_ATTEMPTS = 10


class CodeExists(DomainError):
    """Some promotion has this code already."""

    code = "code_exists"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeTerms:
    """What of a code can be changed. `max_redemptions` None: the promotion's word, else the kind's."""

    status: str = Code.Status.ACTIVE.value
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    max_redemptions: int | None = None


def issue_code(
    *,
    promotion_id: str,
    given: str | None = None,
    customer_id: str | None = None,
    terms: CodeTerms,
    actor: str,
    now: datetime,
) -> Code:
    """Make one code, spelled as `given` or drawn by chance. With a customer it is personal; one that
    the service has not seen is created, empty.

    Part of the caller's transaction.

    Raises:
        NotFound: no such promotion.
        ValidationFailed: it cannot be a code, or its window is none.
        CodeExists
    """
    check_terms(terms)
    if given is not None and normalise(given) is None:
        raise ValidationFailed(
            errors=[FieldError("/code", "invalid", "A code has 4-64 letters and digits.")]
        )
    promotion_key = definitions.promotion_key(promotion_id)
    if promotion_key is None:
        raise NotFound("There is no such promotion.")
    customer_key = None
    if customer_id is not None:
        customer_key = ensure_customer(reference=customer_id, now=now)
    spelling = _insert(
        given,
        promotion_key=promotion_key,
        customer_key=customer_key,
        terms=terms,
        now=now,
    )
    count_issued(promotion_key=promotion_key, codes=1)
    record_audit(
        actor=actor,
        action="code.issued",
        subject_kind="code",
        subject_id=normalise(spelling) or "",
        after={"promotion_id": promotion_id, "customer_key": customer_key, **_told(terms)},
        now=now,
    )
    record_event(
        type="code.issued",
        payload={"promotion_id": promotion_id, "code": spelling},
        customer_key=customer_key,
        now=now,
    )
    return _read(promotion_id, spelling)


def change_code(
    *,
    promotion_id: str,
    given: str,
    change: Callable[[CodeTerms], CodeTerms],
    if_match: str | None = None,
    actor: str,
    now: datetime,
) -> Code:
    """Replace a code's terms by what `change` makes of them, read under the row's lock.

    Part of the caller's transaction.

    Raises:
        NotFound, PreconditionFailed
        ValidationFailed: its window would be none.
    """
    code = (
        Code.objects.select_for_update(no_key=True)
        .filter(promotion__reference=promotion_id, code=normalise(given) or "")
        .first()
    )
    if code is None:
        raise NotFound("There is no such code.")
    check_if_match(if_match, etag_of(code.pk, code.revision))
    before = terms_of(code)
    after = change(before)
    check_terms(after)
    code.status = after.status
    code.valid_from, code.valid_until = after.valid_from, after.valid_until
    code.max_redemptions = after.max_redemptions
    code.revision += 1
    # The counters belong to checkouts, which may have moved them.
    code.save(update_fields=["status", "valid_from", "valid_until", "max_redemptions", "revision"])
    record_audit(
        actor=actor,
        action="code.changed",
        subject_kind="code",
        subject_id=code.code,
        before=_told(before),
        after=_told(after),
        now=now,
    )
    return _read(promotion_id, code.code)


def terms_of(code: Code) -> CodeTerms:
    """What of the code can be changed."""
    return CodeTerms(
        status=code.status,
        valid_from=code.valid_from,
        valid_until=code.valid_until,
        max_redemptions=code.max_redemptions,
    )


def check_terms(terms: CodeTerms) -> None:
    """Refuse a window that is none.

    Raises:
        ValidationFailed
    """
    errors = instant_errors({"/valid_from": terms.valid_from, "/valid_until": terms.valid_until})
    if terms.valid_from and terms.valid_until and terms.valid_until <= terms.valid_from:
        errors.append(
            FieldError("/valid_until", "not_after_start", "The end must be after the start.")
        )
    if errors:
        raise ValidationFailed(errors=errors)


def _insert(
    given: str | None,
    *,
    promotion_key: int,
    customer_key: int | None,
    terms: CodeTerms,
    now: datetime,
) -> str:
    """The unique constraint decides; a code drawn by chance is drawn again when it is taken."""
    drawn = generate(pattern=DEFAULT_PATTERN, count=_ATTEMPTS, random_bytes=os.urandom)
    for spelling in [given.strip()] if given is not None else drawn:
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO promotions_code (promotion_id, code, spelling, customer_id, status,
                    valid_from, valid_until, max_redemptions, used, held, created_at, revision)
                VALUES (%s, %s, %s, %s, %s, %s, %s, %s, 0, 0, %s, 1)
                ON CONFLICT (code) DO NOTHING RETURNING id
                """,
                [
                    promotion_key,
                    normalise(spelling),
                    spelling,
                    customer_key,
                    terms.status,
                    terms.valid_from,
                    terms.valid_until,
                    terms.max_redemptions,
                    now,
                ],
            )
            if cursor.fetchone() is not None:
                return spelling
    raise CodeExists


def _read(promotion_id: str, spelling: str) -> Code:
    code = codes.code_of(promotion_id=promotion_id, given=spelling)
    if code is None:
        raise NotFound("There is no such code.")
    return code


def _told(terms: CodeTerms) -> dict[str, object]:
    return {
        "status": terms.status,
        "valid_from": terms.valid_from.isoformat() if terms.valid_from else None,
        "valid_until": terms.valid_until.isoformat() if terms.valid_until else None,
        "max_redemptions": terms.max_redemptions,
    }
