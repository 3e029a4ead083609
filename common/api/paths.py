"""Ids of the shop's own in an address."""

import re

from common.errors import FieldError, NotFound, ValidationFailed

_SHOP_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")


def new_id_in_path(name: str, text: str) -> str:
    """The id under which something is about to be written.

    Raises:
        ValidationFailed: it is not an id that the contract allows.
    """
    if not _SHOP_ID.fullmatch(text):
        raise ValidationFailed(
            errors=[
                FieldError(f"/{name}", "invalid", "1-128 of letters, digits and ._:- are an id.")
            ]
        )
    return text


def known_id_in_path(text: str) -> str:
    """The id of something that should exist.

    Raises:
        NotFound: nothing can have this id.
    """
    if not _SHOP_ID.fullmatch(text):
        raise NotFound
    return text
