"""The launch checklist on the staff's pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from common.words import language_in_use
from promotions.models import Promotion
from promotions.queries.checklist import checklist_of


@dataclass(frozen=True, slots=True)
class ToldFinding:
    """A finding in the language of the page."""

    severity: str
    label: str
    text: str


def told_checklist(
    promotion: Promotion, *, result: Mapping[str, Any] | None, now: datetime
) -> dict[str, Any] | None:
    """What the template shows; None where there is nothing to say, and of what is archived."""
    if promotion.status == Promotion.Status.ARCHIVED:
        return None
    labels = {"stop": _("Stop"), "look": _("Check")}
    language = language_in_use()
    findings = [
        ToldFinding(finding.severity, labels[finding.severity], finding.text[language])
        for finding in checklist_of(promotion, told=result, now=now)
    ]
    return {"title": _("Launch checklist"), "findings": findings} if findings else None
