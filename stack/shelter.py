"""A temporary folder for what cannot stand in the data folder.

A socket's path must be short (107 bytes), and the servant must be able to walk to his data. Where
the checkout offers neither, things move to a folder of ours under /var/tmp or /tmp. The data folder
remembers it; a shelter whose data folder has forgotten it (`rm -rf .local`) is cleared away.
"""

import os
import shutil
import signal
import stat
import tempfile
from pathlib import Path

from stack.errors import StackError
from stack.paths import Folders
from stack.pids import Process, end_all, met, replace_file
from stack.servant import can_enter, servant

PREFIX = "promotions-"
MAX_BASE_LENGTH = 50


def shelter(folders: Folders) -> Path:
    """The stack's shelter, made if need be."""
    if known := existing_shelter(folders):
        return known
    made = Path(tempfile.mkdtemp(prefix=PREFIX, dir=_base()))
    made.chmod(0o711)
    replace_file(made / "belongs-to", str(folders.data_dir))
    replace_file(_pointer(folders), str(made))
    return made


def existing_shelter(folders: Folders) -> Path | None:
    """The shelter that the data folder remembers, if it is still there and still ours."""
    try:
        known = Path(_pointer(folders).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return known if _is_of(known, folders) else None


def clear_forgotten(folders: Folders) -> None:
    """Remove shelters of this data folder that it does not remember, and a server left in them."""
    remembered = existing_shelter(folders)
    for base in _bases():
        for found in base.glob(f"{PREFIX}*"):
            if found != remembered and _is_of(found, folders):
                if postmaster := postmaster_in(found / "postgres"):
                    end_all([postmaster], signum=signal.SIGINT, patience_seconds=10)
                shutil.rmtree(found, ignore_errors=True)


def leave_if_empty(folders: Folders) -> None:
    """Remove the shelter when it held sockets only, and no data."""
    known = existing_shelter(folders)
    if known and not (known / "postgres").exists():
        shutil.rmtree(known, ignore_errors=True)
        _pointer(folders).unlink(missing_ok=True)


def postmaster_in(data_folder: Path) -> Process | None:
    """The PostgreSQL server that works in this folder; told by its current folder, not its name."""
    try:
        pid = int((data_folder / "postmaster.pid").read_text(encoding="utf-8").split("\n", 1)[0])
        if Path(f"/proc/{pid}/cwd").resolve(strict=True) == data_folder.resolve():
            return met(pid)
    except (OSError, ValueError):
        pass
    return None


def _pointer(folders: Folders) -> Path:
    return folders.data_dir / "shelter"


def _is_of(candidate: Path, folders: Folders) -> bool:
    """Ours (not another user's, not a link laid for us) and made for this data folder."""
    try:
        found = candidate.lstat()
        owner = (candidate / "belongs-to").read_text(encoding="utf-8")
    except OSError:
        return False
    is_ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
    return is_ours and owner == str(folders.data_dir)


def _bases() -> list[Path]:
    """/var/tmp first: it survives a reboot."""
    wanted = [Path("/var/tmp"), Path(tempfile.gettempdir()), Path("/tmp")]
    return [base for base in dict.fromkeys(wanted) if base.is_dir()]


def _base() -> Path:
    for base in _bases():
        short = len(os.fsencode(base)) <= MAX_BASE_LENGTH
        if short and can_enter(base, servant()) and os.access(base, os.W_OK):
            return base
    raise StackError("no temporary folder with a short path that everybody can enter was found")
