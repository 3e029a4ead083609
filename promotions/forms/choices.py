"""What staff choose from."""

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


def _named(reference: str, name: str) -> str:
    return reference if name in ("", reference) else f"{name} ({reference})"
