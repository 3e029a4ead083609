"""E-mail addresses as they are compared."""

import unicodedata


def normalised_email(text: str) -> str:
    """The address without regard to case, to spaces around it, and to how its letters are composed.

    >>> normalised_email("  Ada@Example.ORG ")
    'ada@example.org'
    """
    return unicodedata.normalize("NFKC", text).strip().lower()
