"""A receiver of webhooks as a shop would run one: a real HTTP server that can be down, odd or slow."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgspec
from django.db import connection

from journal.actions import record_event
from tests.api import NOON, Api

PATIENCE = 240


@dataclass(frozen=True)
class Message:
    """One POST as it came."""

    path: str
    headers: dict[str, str]
    raw: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def body(self) -> Any:
        return msgspec.json.decode(self.raw)


@dataclass(frozen=True)
class Said:
    """What the receiver answers."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


class Receiver:
    """Keeps what it got, in order of arrival, and answers as `answer` says."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:  # the library's name
                length = int(self.headers["Content-Length"])
                named = {name.lower(): text for name, text in self.headers.items()}
                message = Message(self.path, named, self.rfile.read(length))
                receiver.got.append(message)
                said = receiver.answer(message)
                self.send_response(said.status)
                for name, text in said.headers.items():
                    self.send_header(name, text)
                self.send_header("Content-Length", str(len(said.body)))
                self.end_headers()
                self.wfile.write(said.body)

            def log_message(self, *_: Any) -> None:
                """The tests look at what was got."""

        class Server(ThreadingHTTPServer):
            def handle_error(self, *_: Any) -> None:
                """A sender that was killed is no news."""

        self.got: list[Message] = []
        self.answer: Callable[[Message], Said] = lambda message: Said()
        self.server = Server((host, 0), Handler)
        self.port = self.server.server_address[1]
        self.host = host

    def url(self, path: str = "/hooks") -> str:
        return f"http://{self.host}:{self.port}{path}"

    def says(self, status: int, body: bytes = b"", **headers: str) -> None:
        """From now on it answers so."""
        self.answer = lambda message: Said(status, headers, body)

    @property
    def ids(self) -> list[str]:
        return [message.id for message in self.got]

    @property
    def numbers(self) -> list[int]:
        """The numbers of the events that `happen` made."""
        return [message.body["data"]["percent"] for message in self.got]


@contextmanager
def listening(host: str = "127.0.0.1") -> Iterator[Receiver]:
    """A receiver for as long as the block lasts."""
    receiver = Receiver(host)
    thread = threading.Thread(target=receiver.server.serve_forever, args=[0.01])
    thread.start()
    try:
        yield receiver
    finally:
        receiver.server.shutdown()
        thread.join(PATIENCE)
        receiver.server.server_close()


def happen(number: int, *, at: datetime = NOON, type: str = "promotion.budget_threshold") -> None:
    """Something to tell, known by its number."""
    record_event(type=type, payload={"promotion_id": "p", "percent": number}, now=at)


def run_clock(api: Api, at: datetime) -> dict[str, int]:
    """Do all that is due at `at`; what was done."""
    until_nothing_older_is_open()
    got = api.post("/clock/run", {"at": at.isoformat()})
    assert got.status == 200, got
    done: dict[str, int] = got["done"]
    return done


def until_nothing_older_is_open() -> None:
    """Other databases of the server have open transactions too, and events wait for their end."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT coalesce(max(xid), 0) < txid_snapshot_xmin(txid_current_snapshot())"
                " FROM journal_outboxevent"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    raise AssertionError("a transaction is open for very long")


def listen(api: Api, url: str, *types: str, name: str = "shop", at: datetime = NOON) -> str:
    """Put an endpoint; its secret."""
    body = {"url": url, "event_types": list(types or ["promotion.budget_threshold"])}
    got = api.put(f"/webhook-endpoints/{name}", {**body, "at": at.isoformat()})
    assert got.status == 201, got
    secret: str = got["secret"]
    return secret
