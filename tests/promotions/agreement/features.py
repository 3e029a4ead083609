"""What a shop's question touches, so that nobody can claim agreement about what never came up."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

_CAPS = {"max_discount", "max_units", "max_applications"}
_COUNTING = {"bundle_price", "buy_x_get_y"}


def features(promotions: dict[str, Json], answer: Json) -> set[str]:
    """Of the candidates, which all have an effect, and of the answer."""
    candidates = [promotions[name] for name in answer["candidates"]]
    applied = [promotions[row["promotion_id"]] for row in answer["applied"]]
    counting = [one for one in applied if one["effect"]["kind"] in _COUNTING]
    return {
        *(candidate["effect"]["kind"] for candidate in candidates),
        *(name for candidate in candidates for name in _of_one(candidate)),
        *_of_several(candidates),
        f"candidates:{len(candidates)}",
        *({"several applied"} if len(applied) > 1 else ()),
        *({"several counting"} if len(counting) > 1 else ()),
    }


def _of_one(promotion: Json) -> Iterator[str]:
    effect = promotion["effect"]
    if any(effect.get(name) is not None for name in _CAPS):
        yield "caps"
    if len(effect.get("tiers", [])) > 1:
        yield "tiers"
    if effect.get("get_items") is not None:
        yield "get_items"


def _of_several(candidates: list[Json]) -> Iterator[str]:
    """What only means something beside other candidates."""
    groups = Counter(candidate["stacking"]["group"] for candidate in candidates)
    if any(number > 1 for group, number in groups.items() if group is not None):
        yield "groups"
    if len(candidates) > 1:
        if any(candidate["stacking"]["exclusive"] for candidate in candidates):
            yield "exclusives"
        if any("discount_budget" in candidate.get("limits", {}) for candidate in candidates):
            yield "budgets"
