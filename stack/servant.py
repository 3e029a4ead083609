"""The unprivileged user that runs PostgreSQL when we are root, which PostgreSQL refuses to be.

No user is added and no folder of others is opened: where that user cannot go, we move (shelter).
"""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Servant:
    """A user without rights."""

    user_id: int
    group_id: int


def servant() -> Servant | None:
    """`nobody` when we are root; None when we are an ordinary user ourselves."""
    if os.geteuid() != 0:
        return None
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        return Servant(65534, 65534)
    return Servant(nobody.pw_uid, nobody.pw_gid)


def can_enter(folder: Path, user: Servant | None) -> bool:
    """Whether the user may walk into the folder, by the mode of it and of all its parents."""
    if user is None:
        return True
    resolved = folder.resolve()
    return all(_may_walk(step, user) for step in (resolved, *resolved.parents))


def _may_walk(folder: Path, user: Servant) -> bool:
    found = folder.stat()
    if found.st_uid == user.user_id:
        return bool(found.st_mode & stat.S_IXUSR)
    return bool(found.st_mode & stat.S_IXOTH)


def make_own_folder(folder: Path, user: Servant | None) -> Path:
    """A folder that only the user (and root) can enter."""
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o700)
    if user is not None:
        os.chown(folder, user.user_id, user.group_id)
    return folder
