"""What the items of an offer or a cashback rule are called in its plain sentence."""

from common.items import ItemLists, Items
from common.sentence_words import Language, listed, short_money


def names_of(lists: ItemLists, *, language: Language, all_of: bool = False) -> str:
    """The names that the shop gave; empty where the lists are."""
    return listed(lists.all_names, language=language, all_of=all_of)


def limits_of(items: Items, *, currency: str | None, language: Language) -> tuple[str, ...]:
    """What is left out of the items that are included, as phrases."""
    german = language == "de"
    phrases = []
    if left_out := names_of(items.exclude, language=language, all_of=True):
        phrases.append(f"außer {left_out}" if german else f"except {left_out}")
    if items.skip_reduced:
        phrases.append("nicht für reduzierte Artikel" if german else "not for reduced items")
    bounds = (items.min_unit_price, items.max_unit_price)
    low, high = (
        None if bound is None else short_money(bound, currency, language=language)
        for bound in bounds
    )
    if low is not None and high is not None:
        between = f"von {low} bis {high}" if german else f"from {low} to {high}"
        phrases.append(f"für Artikel {between}" if german else f"for items {between}")
    elif low is not None:
        phrases.append(f"für Artikel ab {low}" if german else f"for items from {low}")
    elif high is not None:
        phrases.append(f"für Artikel bis {high}" if german else f"for items up to {high}")
    return tuple(phrases)
