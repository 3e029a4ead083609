"""Reads: partners."""

from django.db.models import QuerySet

from cashback.domain.rules import PartnerDefinition
from cashback.models import Account, Lot, Partner, Rule
from common.money import format_percent


def partner_by_id(partner_id: str) -> Partner | None:
    """The partner with this id of the shop's."""
    return Partner.objects.filter(reference=partner_id).first()


def partners_after(partner_id: str | None, *, limit: int) -> QuerySet[Partner]:
    """Up to `limit` partners by id, from the one after `partner_id`."""
    rows = Partner.objects.order_by("reference")
    if partner_id is not None:
        rows = rows.filter(reference__gt=partner_id)
    return rows[:limit]


def definition_of(partner: Partner) -> PartnerDefinition:
    """The row in the contract's words."""
    return PartnerDefinition(name=partner.name, share_percent=format_percent(partner.share_percent))


def rules_of(partner_key: int) -> list[str]:
    """The ids of the rules that name the partner."""
    rows = Rule.objects.filter(partner_id=partner_key).order_by("reference")
    return list(rows.values_list("reference", flat=True))


def has_paid(partner_key: int) -> bool:
    """Whether the partner ever had a share in anything."""
    return (
        Account.objects.filter(partner_id=partner_key).exists()
        or Lot.objects.filter(partner_id=partner_key).exists()
    )


def partner_choices() -> tuple[tuple[str, str], ...]:
    """All partners by id, as they are chosen from: the shop's id, and how staff read it."""
    rows = Partner.objects.order_by("reference").values_list("reference", "name")
    return tuple((key, f"{name} ({key})" if name != key else key) for key, name in rows)
