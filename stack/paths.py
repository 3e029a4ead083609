"""Where things stand: one data folder per stack, safe to delete while the stack is down."""

import os
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, kw_only=True)
class Folders:
    """The folders of one stack; `data_dir` is absolute."""

    data_dir: Path

    @classmethod
    def from_environment(cls) -> "Folders":
        """`DATA_DIR`, relative to the checkout, else `.local`."""
        return cls(data_dir=(CHECKOUT / (os.environ.get("DATA_DIR") or ".local")).resolve())

    @property
    def run(self) -> Path:
        """Pid files, locks, sockets, state: nothing that outlives the stack."""
        return self.data_dir / "run"

    @property
    def logs(self) -> Path:
        """One file per process."""
        return self.data_dir / "logs"

    @property
    def mails(self) -> Path:
        """The sink's Maildir."""
        return self.data_dir / "mails"

    @property
    def static(self) -> Path:
        """Static files, collected."""
        return self.data_dir / "static"

    @property
    def state_file(self) -> Path:
        """What the supervisor says of itself."""
        return self.run / "stack.json"

    @property
    def supervisor_lock(self) -> Path:
        """Held by the supervisor as long as it lives; its disappearance ends the stack."""
        return self.run / "supervisor.lock"

    @property
    def command_lock(self) -> Path:
        """Held by `up` and `down`, so that two of them at once take turns."""
        return self.run / "command.lock"

    def make(self) -> None:
        """Create the folders. Secrets and state are 0600 each; the folders need no protection."""
        for folder in (self.data_dir, self.run, self.logs):
            folder.mkdir(parents=True, exist_ok=True)
