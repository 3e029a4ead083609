"""Who did something, as staff know them."""

from collections.abc import Iterable

from django.contrib.auth import get_user_model
from django.utils.translation import gettext


def person_of(actor: str) -> str:
    """`staff:7` by name, `key:3` by number; what the service did itself as that. At most 1 statement."""
    return persons_of([actor])[actor]


def persons_of(actors: Iterable[str]) -> dict[str, str]:
    """The same of several, in 1 statement at most."""
    asked = set(actors)
    keys = {actor.removeprefix("staff:") for actor in asked if actor.startswith("staff:")}
    numbers = [key for key in keys if key.isdecimal()]
    users = get_user_model().objects.filter(pk__in=numbers) if numbers else ()
    names = {f"staff:{user.pk}": user.get_username() for user in users}
    return {actor: names.get(actor) or _told(actor) for actor in asked}


def _told(actor: str) -> str:
    kind, _colon, number = actor.partition(":")
    if kind == "key":
        return gettext("API key no. %(number)s") % {"number": number}
    if kind == "staff":
        return gettext("staff no. %(number)s") % {"number": number}
    if kind == "policy":
        return gettext("nobody: small amounts are approved by the shop's setting")
    return gettext("the service") if kind else "–"
