"""Personal values as staff see them who need not know them."""

_DOTS = "•••"


def mask_email(text: str) -> str:
    """The first letter and the domain.

    >>> mask_email("ada@example.org"), mask_email("")
    ('a•••@example.org', '')
    """
    name, at, domain = text.rpartition("@")
    return f"{name[:1]}{_DOTS}{at}{domain}" if text else ""


def mask_text(text: str) -> str:
    """The first letter.

    >>> mask_text("Lovelace"), mask_text("")
    ('L•••', '')
    """
    return f"{text[:1]}{_DOTS}" if text else ""


def mask_phone(text: str) -> str:
    """The last two digits.

    >>> mask_phone("+49 30 123456")
    '•••56'
    """
    return f"{_DOTS}{text[-2:]}" if text else ""
