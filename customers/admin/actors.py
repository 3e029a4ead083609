"""Who did something, as staff know them."""

from collections.abc import Iterable

from django.contrib.auth import get_user_model
from django.utils.translation import gettext

from access.queries import names_of_keys


def person_of(actor: str) -> str:
    """`staff:7` and `key:3` by name; customers and the service as those. At most 2 statements."""
    return persons_of([actor])[actor]


def persons_of(actors: Iterable[str]) -> dict[str, str]:
    """The same of several, in 2 statements at most."""
    asked = set(actors)
    staff, keys = _numbers(asked, "staff"), _numbers(asked, "key")
    users = get_user_model().objects.filter(pk__in=staff) if staff else ()
    named = names_of_keys(keys) if keys else {}
    names = {f"staff:{user.pk}": user.get_username() for user in users}
    for number, name in named.items():
        names[f"key:{number}"] = gettext("API key “%(name)s”") % {"name": name}
    return {actor: names.get(actor) or _told(actor) for actor in asked}


def _numbers(actors: Iterable[str], kind: str) -> list[str]:
    """Of the actors of this kind."""
    parted = (actor.partition(":") for actor in actors)
    return [number for of, _colon, number in parted if of == kind and number.isdecimal()]


def _told(actor: str) -> str:
    kind, _colon, number = actor.partition(":")
    if kind == "key":
        return gettext("API key no. %(number)s") % {"number": number}
    if kind == "staff":
        return gettext("staff no. %(number)s") % {"number": number}
    if kind == "customer":
        return gettext("the customer, on their page")
    if kind == "policy":
        return gettext("nobody: small amounts are approved by the shop's setting")
    return gettext("the service") if kind else "–"
