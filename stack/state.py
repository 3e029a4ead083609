"""What the supervisor tells the outside, in one file, replaced as a whole."""

import json
from dataclasses import asdict, dataclass, field

from stack.paths import Folders
from stack.pids import replace_file


@dataclass(frozen=True, kw_only=True)
class State:
    """`status`: starting, ready, stopping, failed, stopped; `variables` hold secrets."""

    status: str
    reason: str = ""
    base_urls: list[str] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)

    def write(self, folders: Folders) -> None:
        """Replace what was said before."""
        replace_file(folders.state_file, json.dumps(asdict(self), indent=1))


def read_state(folders: Folders) -> State | None:
    """What the supervisor said last; whether it still lives is another question."""
    try:
        return State(**json.loads(folders.state_file.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
