"""The sentences that every letter has, in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass

from common.money import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """`{}` is filled in."""

    valid_until: str
    cashback: str
    use_until: str
    reason: str
    unsubscribe: str
    preferences: str
    account: str


WORDING: Mapping[Language, Wording] = {
    "de": Wording(
        valid_until="Gültig bis {}",
        cashback="Ihr Cashback",
        use_until="Davon bis {} einlösen",
        reason="Sie erhalten diese E-Mail, weil Sie Angeboten von {} per E-Mail zugestimmt haben.",
        unsubscribe="Abmelden",
        preferences="E-Mail-Einstellungen",
        account="Zu Ihrem Konto",
    ),
    "en": Wording(
        valid_until="Valid until {}",
        cashback="Your cashback",
        use_until="Of this, use by {}",
        reason="You receive this e-mail because you agreed to offers from {} by e-mail.",
        unsubscribe="Unsubscribe",
        preferences="E-mail preferences",
        account="To your account",
    ),
}
