"""What staff choose from."""

from collections.abc import Collection, Iterable

from customers.queries.segments import segments_page

_PAGE = 200


def segment_choices() -> tuple[tuple[str, str], ...]:
    """All segments, by id, with their names."""
    choices: list[tuple[str, str]] = []
    after: str | None = None
    while True:
        page = segments_page(after=after, limit=_PAGE)
        choices += [
            (segment.reference, _named(segment.reference, segment.name)) for segment in page[:_PAGE]
        ]
        if len(page) <= _PAGE:
            return tuple(choices)
        after = page[_PAGE - 1].reference


def with_unknown(known: Iterable[tuple[str, str]], named: Collection[str]) -> list[tuple[str, str]]:
    """The same, and those that are named but not there (yet): the API takes them as well."""
    choices = list(known)
    missing = sorted({*named} - {reference for reference, _name in choices})
    return [*choices, *((reference, f"{reference} (?)") for reference in missing)]


def _named(reference: str, name: str) -> str:
    return reference if name in ("", reference) else f"{name} ({reference})"
