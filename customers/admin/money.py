"""Amounts as the page's language writes them."""

from django.utils.translation import get_language

from common.money import format_money


def money_text(amount: int, currency: str) -> str:
    """Minor units of a currency, for people."""
    language = "de" if (get_language() or "").startswith("de") else "en"
    return format_money(amount, currency, language=language)
