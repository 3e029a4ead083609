"""What an erased customer is called."""

from uuid import UUID

_BEGINNING = "erased~"


def pseudonym(number: UUID) -> str:
    """An id by which nobody can be found: no id of a shop has a tilde.

    >>> pseudonym(UUID(int=7))
    'erased~00000000000000000000000000000007'
    """
    return f"{_BEGINNING}{number.hex}"
