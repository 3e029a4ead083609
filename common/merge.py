"""JSON merge patch (RFC 7396)."""

from collections.abc import Collection


def merge_patch(target: object, patch: object, *, whole: Collection[str] = ()) -> object:
    """`target` with `patch` laid over it; null removes, lists are replaced whole.

    The members `whole` are replaced whole as well: values that are objects by their form alone.

    >>> merge_patch({"a": 1, "b": {"c": 2, "d": 3}}, {"a": None, "b": {"c": 4}})
    {'b': {'c': 4, 'd': 3}}
    >>> merge_patch({"rule": {"field": "a"}}, {"rule": {"all": []}}, whole={"rule"})
    {'rule': {'all': []}}
    """
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        elif name in whole:
            merged[name] = value
        else:
            merged[name] = merge_patch(merged.get(name), value)
    return merged
