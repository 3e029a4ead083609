"""Typed reading of environment variables; a bad value stops the start, loudly."""

import json
import os
from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import ImproperlyConfigured


def env_str(name: str, default: str = "") -> str:
    """The variable as text; `NAME_FILE` names a file that holds it (for secrets)."""
    if path := os.environ.get(f"{name}_FILE"):
        with open(path, encoding="utf-8") as secret:
            return secret.read().strip()
    return os.environ.get(name, default)


def env_bool(name: str, *, default: bool = False) -> bool:
    """`1`, `true`, `yes` and `on` are true; `0`, `false`, `no`, `off` and nothing are false."""
    raw = os.environ.get(name)
    if raw is None:
        return default
    value = raw.strip().lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"", "0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} must be 0 or 1, not {raw!r}")


def env_int(name: str, default: int) -> int:
    """A whole number."""
    raw = os.environ.get(name)
    if raw is None or not raw.strip():
        return default
    try:
        return int(raw)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {raw!r}") from None


def env_list(name: str, default: str = "") -> list[str]:
    """Words separated by commas."""
    return [word.strip() for word in env_str(name, default).split(",") if word.strip()]


def env_choice(name: str, choices: Sequence[str]) -> str:
    """One of the words, or nothing."""
    value = env_str(name).strip()
    if value and value not in choices:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(choices)}, not {value!r}")
    return value


def env_object(
    name: str, *, check: Callable[[dict[str, Any]], list[str]] | None = None
) -> dict[str, Any]:
    """A JSON object of which `check` has nothing to say; without the variable an empty one."""
    raw = env_str(name).strip()
    try:
        value = json.loads(raw or "{}")
    except ValueError:
        value = None
    if not isinstance(value, dict):
        # What it says may be a secret.
        raise ImproperlyConfigured(f"{name} must be a JSON object")
    if check is not None and (errors := check(value)):
        raise ImproperlyConfigured(f"{name}: {'; '.join(errors)}")
    return value


def env_number(name: str, default: float) -> float:
    """A number from 0 on."""
    raw = os.environ.get(name)
    if raw is None or not raw.strip():
        return default
    try:
        value = float(raw)
    except ValueError:
        value = -1
    if not 0 <= value < 1e9:
        raise ImproperlyConfigured(f"{name} must be a number from 0 on, not {raw!r}")
    return value
