"""Secrets of a local stack: made once, kept in the data folder, readable by the owner only."""

import secrets

from stack.paths import Folders
from stack.pids import replace_file


def secret(folders: Folders, name: str) -> str:
    """The secret of this name, made at its first use; 256 random bits."""
    path = folders.data_dir / f"{name}.secret"
    if not path.exists():
        replace_file(path, secrets.token_hex(32))
    return path.read_text(encoding="utf-8")
