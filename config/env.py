"""Typed reading of environment variables; a bad value stops the start, loudly."""

import os

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
