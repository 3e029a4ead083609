"""Acts: delete a promotion that was never used."""

from datetime import datetime

import msgspec
from django.db import connection

from common.answers import etag_of
from common.api.preconditions import check_if_match
from common.errors import DomainError, NotFound
from journal.actions import forget_files_of, record_audit
from promotions.actions.promotions import raise_stamp
from promotions.models import Promotion
from promotions.queries import definitions

#: What points at a promotion: first what jobs hold while they write codes, so that a step is waited
#: for and none follows; then what checkouts hold, in their order.
_OF_JOBS = (
    "SELECT id FROM promotions_codebatch WHERE promotion_id = %s ORDER BY id FOR UPDATE",
    "SELECT id FROM promotions_codeimport WHERE promotion_id = %s ORDER BY id FOR UPDATE",
    (
        "DELETE FROM promotions_codeimportrow WHERE code_import_id IN"
        " (SELECT id FROM promotions_codeimport WHERE promotion_id = %s)"
    ),
    "DELETE FROM promotions_codeimport WHERE promotion_id = %s RETURNING job_id",
)
_DELETIONS = (
    "DELETE FROM promotions_customercount WHERE promotion_id = %s",
    "DELETE FROM promotions_code WHERE promotion_id = %s",
    "DELETE FROM promotions_codebatch WHERE promotion_id = %s",
    "DELETE FROM promotions_forecast WHERE promotion_id = %s",
    "DELETE FROM promotions_issuedcodes WHERE promotion_id = %s",
    "DELETE FROM promotions_budgetthreshold WHERE promotion_id = %s",
    "DELETE FROM promotions_promotioncounter WHERE promotion_id = %s",
)


class PromotionInUse(DomainError):
    """It was held or redeemed; archive it."""

    code = "in_use"


def delete_promotion(
    *, promotion_id: str, if_match: str | None = None, actor: str, now: datetime
) -> None:
    """Delete a promotion that no checkout ever took hold of, with its codes.

    Part of the caller's transaction. Rows go in the order in which checkouts lock them, the
    promotion last: a checkout that has taken its use is waited for, one that comes later finds
    nothing to take.

    Raises:
        NotFound, PreconditionFailed, PromotionInUse
    """
    raise_stamp()
    promotion = definitions.promotion_by_id(promotion_id)
    if promotion is None:
        raise NotFound("There is no such promotion.")
    check_if_match(if_match, etag_of(promotion.pk, promotion.revision))
    _check_unused(promotion)
    before = msgspec.to_builtins(definitions.definition_of(promotion))
    # Set by set: a promotion may have a million codes.
    with connection.cursor() as cursor:
        for statement in _OF_JOBS:
            cursor.execute(statement, [promotion.pk])
        import_jobs = [job_id for (job_id,) in cursor.fetchall()]
        for statement in _DELETIONS:
            cursor.execute(statement, [promotion.pk])
        # Once more: a checkout that was waited for has written its use.
        _check_unused(promotion)
        cursor.execute("DELETE FROM promotions_promotion WHERE id = %s", [promotion.pk])
    forget_files_of(import_jobs)
    record_audit(
        actor=actor,
        action="promotion.deleted",
        subject_kind="promotion",
        subject_id=promotion_id,
        before=before,
        now=now,
    )


def _check_unused(promotion: Promotion) -> None:
    if definitions.is_used(promotion.pk):
        raise PromotionInUse("It was used at checkout: archive it.")
