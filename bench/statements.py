"""What a call says to PostgreSQL, as PostgreSQL's own log has it."""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import sql
from bench.service import Service
from stack.paths import Folders

#: Not counted: they carry nothing.
BRACKETS = re.compile(
    r"(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE SAVEPOINT|ROLLBACK TO SAVEPOINT)\b", re.IGNORECASE
)
_PREFIX = "bench <%a> "
_STATEMENT = re.compile(r"^bench <([^>]*)> LOG:  statement: (.*)$", re.DOTALL)
_PREPARATION = re.compile(r"^bench <([^>]*)> DETAIL:  prepare: (.*)$", re.DOTALL)
#: How the service's own connections are named.
_WEB = "web"
_SETTINGS = {"log_statement": "all", "log_line_prefix": _PREFIX}
_WAIT_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Told:
    """A statement as it was sent; where it executes a prepared one, how that was prepared."""

    text: str
    preparation: str = ""

    @property
    def counts(self) -> bool:
        """Whether it is more than a bracket around others."""
        return not BRACKETS.match(self.text)


@dataclass(frozen=True, slots=True)
class Log:
    """The server's log file, read from where it was when we began."""

    path: Path
    database_url: str

    def during(self, act: Callable[[], object], *, name: str = _WEB) -> list[Told]:
        """The statements of the connections of that name while `act` runs, in order."""
        return statements_in(self.text_during(act), name=name)

    def text_during(self, act: Callable[[], object]) -> str:
        """All that is logged while `act` runs."""
        begun = self.path.stat().st_size
        act()
        return self._read_to_mark(begun)

    def _read_to_mark(self, begun: int) -> str:
        """All that was written before a statement of ours, which comes last."""
        mark = f"SELECT 'mark {time.time_ns()}'"
        sql.run(self.database_url, mark)
        deadline = time.monotonic() + _WAIT_SECONDS
        while time.monotonic() < deadline:
            with self.path.open("rb") as file:
                file.seek(begun)
                text = file.read().decode("utf-8", "replace")
            if mark in text:
                return text.partition(mark)[0]
            time.sleep(0.02)
        raise TimeoutError(f"{self.path} does not show what PostgreSQL was told")


@contextmanager
def logged(service: Service) -> Iterator[Log]:
    """PostgreSQL writes every statement to its log while this block runs."""
    url = service.database_url
    path = Folders(data_dir=service.servers.data_dir).logs / "postgres.log"
    _set(url, [f"ALTER SYSTEM SET {name} = '{value}'" for name, value in _SETTINGS.items()])
    try:
        yield Log(path, url)
    finally:
        _set(url, [f"ALTER SYSTEM RESET {name}" for name in _SETTINGS])


def statements_in(log: str, *, name: str = _WEB) -> list[Told]:
    """The statements of the connections of that name in a piece of log; further lines begin with a tab.

    >>> statements_in("bench <web> LOG:  statement: SELECT 1,\\n\\t2\\nbench <x> LOG:  else\\n")
    [Told(text='SELECT 1,\\n2', preparation='')]
    """
    found: list[Told] = []
    for entry in re.split(r"\n(?!\t)", log):
        whole = entry.replace("\n\t", "\n")
        if (statement := _STATEMENT.match(whole)) and statement[1] == name:
            found.append(Told(statement[2].strip()))
        elif (preparation := _PREPARATION.match(whole)) and preparation[1] == name:
            found[-1] = Told(found[-1].text, preparation[2].strip())
    return found


def _set(database_url: str, statements: Sequence[str]) -> None:
    """Change settings, and wait until a new connection has them; the others follow at their next call."""
    sql.run(database_url, *statements)
    before = _loaded_at(database_url)
    sql.run(database_url, "SELECT pg_reload_conf()")
    deadline = time.monotonic() + _WAIT_SECONDS
    while _loaded_at(database_url) == before:
        if time.monotonic() > deadline:
            raise TimeoutError("PostgreSQL did not read its settings again")
        time.sleep(0.02)


def _loaded_at(database_url: str) -> str:
    return str(sql.rows(database_url, "SELECT pg_conf_load_time()")[0][0])
