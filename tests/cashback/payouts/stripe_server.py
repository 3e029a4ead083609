"""Stripe as far as payouts need it: a real HTTP server that keeps idempotency keys, and can fail.

A key's first answer is kept and given again, whatever it was, as Stripe does it; an answer of 429 is not.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, Self
from urllib.parse import parse_qsl, urlsplit

import msgspec
import stripe

Fault = Literal[
    "ok", "decline", "error_after", "timeout_after", "timeout_before", "rate_limited", "no_access",
]  # fmt: skip


@dataclass
class _Kept:
    status: int
    body: bytes


@dataclass
class StripeServer:
    """Transfers by id. `fault` says how a call to make one goes: given its group, and the how manieth call."""

    fault: Callable[[str, int], Fault] = field(default=lambda group, nth: "ok")
    transfers: dict[str, dict[str, Any]] = field(default_factory=dict)
    #: Calls to make a transfer, by group.
    calls: dict[str, int] = field(default_factory=dict)
    questions: int = 0

    def __post_init__(self) -> None:
        self._kept: dict[str, _Kept] = {}
        self._guard = threading.Lock()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()

    @property
    def paid(self) -> int:
        """What has left the shop's account, minor units."""
        return sum(each["amount"] for each in self.transfers.values() if not each["reversed"])

    def create(self, key: str, form: dict[str, str]) -> tuple[Fault, int, bytes]:
        """One call to make a transfer: how it goes, and what is answered if anything is."""
        group = form["transfer_group"]
        with self._guard:
            nth = self.calls[group] = self.calls.get(group, 0) + 1
            if (kept := self._kept.get(key)) is not None:
                return "ok", kept.status, kept.body
            fault = self.fault(group, nth)
            status, content = self._made(fault, form)
            body = msgspec.json.encode(content)
            if fault not in {"rate_limited", "no_access", "timeout_before"}:
                self._kept[key] = _Kept(status, body)
        return fault, status, body

    def _made(self, fault: Fault, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        match fault:
            case "decline":
                code = {"code": "balance_insufficient", "type": "invalid_request_error"}
                return 400, {"error": {**code, "message": "Insufficient funds of Ada"}}
            case "rate_limited":
                return 429, {"error": {"code": "rate_limit", "message": "slowly"}}
            case "no_access":
                return 401, {"error": {"message": "Invalid API Key"}}
            case "timeout_before":
                return 0, {}
        made = {
            "id": f"tr_{len(self.transfers) + 1}", "object": "transfer",
            "amount": int(form["amount"]), "currency": form["currency"],
            "destination": form["destination"], "transfer_group": form["transfer_group"],
            "metadata": {"payout_id": form["metadata[payout_id]"]}, "reversed": False,
        }  # fmt: skip
        self.transfers[made["id"]] = made
        if fault == "error_after":
            return 500, {"error": {"type": "api_error", "message": "oops"}}
        return 200, made

    def find(self, group: str) -> dict[str, Any]:
        self.questions += 1
        found = [each for each in self.transfers.values() if each["transfer_group"] == group]
        return {"object": "list", "data": found, "has_more": False, "url": "/v1/transfers"}

    def message(self, transfer_id: str, type: str = "transfer.created", **changes: Any) -> bytes:
        """A webhook about a transfer, not yet signed."""
        about = {**self.transfers[transfer_id], **changes}
        event = {"id": f"evt_{transfer_id}", "object": "event", "type": type}
        return msgspec.json.encode({**event, "data": {"object": about}})


def signature(raw: bytes, *, secret: str = "whsec_of_ours", at: float | None = None) -> str:
    """What Stripe writes into its header."""
    header: str = stripe.WebhookSignature.generate_signature_header(
        raw.decode(), secret, int(time.time() if at is None else at)
    )
    return header


def _handler(server: StripeServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:  # the library's name
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            form = dict(parse_qsl(raw.decode()))
            fault, status, body = server.create(self.headers["Idempotency-Key"], form)
            if fault.startswith("timeout"):
                # Until the caller has lost patience and hung up.
                self.connection.recv(1)
                self.close_connection = True
                return
            self._answer(status, body)

        def do_GET(self) -> None:  # the library's name
            query = dict(parse_qsl(urlsplit(self.path).query))
            self._answer(200, msgspec.json.encode(server.find(query["transfer_group"])))

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    return Handler
