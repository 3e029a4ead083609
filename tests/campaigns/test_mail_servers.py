"""Mail servers with habits: whatever one does, no message is lost by it, sent twice or blamed for it."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from tests.api import NOON
from tests.campaigns.shop import Marketing
from tests.campaigns.sink import Sink

LATER = NOON + timedelta(minutes=2)


def start(marketing: Marketing, *names: str) -> None:
    for name in names:
        marketing.customer(name)
    marketing.campaign("hello")
    marketing.start("hello")


@contextmanager
def saying(*lines: str) -> Iterator[int]:
    """A server that says this, a line for each that it hears, and hangs up; its port."""

    class Says(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            for number, line in enumerate(lines):
                if number and not self.rfile.readline():
                    return
                self.wfile.write(f"{line}\r\n".encode())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Says) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


def test_a_server_that_wants_nobody_of_us_fails_no_message(
    marketing: Marketing, sink: Sink, settings: Any
) -> None:
    start(marketing, "ada", "ben")
    with saying("554 5.7.1 you are on a list") as port:
        ours, settings.EMAIL_PORT = settings.EMAIL_PORT, port
        marketing.run()
    assert set(marketing.deliveries("hello").values()) == {("pending", None)}
    settings.EMAIL_PORT = ours
    marketing.run(LATER)
    assert set(marketing.deliveries("hello").values()) == {("accepted", None)}


def test_a_wrong_password_fails_no_message(marketing: Marketing, settings: Any) -> None:
    start(marketing, "ada")
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "shop", "wrong"
    script = ("220 hi", "250-hi\r\n250 AUTH PLAIN", "535 5.7.8 wrong password", "535 5.7.8 wrong")
    with saying(*script) as port:
        settings.EMAIL_PORT = port
        marketing.run()
    assert marketing.deliveries("hello") == {"ada": ("pending", None)}


def test_a_sender_that_is_not_allowed_fails_no_message(marketing: Marketing, sink: Sink) -> None:
    start(marketing, "ada", "ben")

    async def refuse(*_: Any) -> str:
        return "550 5.7.1 not your domain"

    sink.handle_MAIL = refuse  # type: ignore[attr-defined]
    marketing.run()
    assert set(marketing.deliveries("hello").values()) == {("pending", None)}
    del sink.handle_MAIL  # type: ignore[attr-defined]
    marketing.run(LATER)
    assert len(sink.taken) == 2


def test_a_refusal_stands_even_if_the_server_hangs_up_with_it(
    marketing: Marketing, settings: Any
) -> None:
    start(marketing, "ada")
    with saying("220 hi", "250 hi", "250 OK", "550 5.1.1 no such user") as port:
        settings.EMAIL_PORT = port
        marketing.run()
    assert marketing.deliveries("hello") == {"ada": ("failed", "no_such_address")}


def test_a_server_that_takes_two_a_connection_gets_all_at_once(
    marketing: Marketing, sink: Sink
) -> None:
    names = [f"c{number}" for number in range(7)]
    start(marketing, *names)

    async def two(server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        session.asked = getattr(session, "asked", 0) + 1
        if session.asked > 2:
            return "421 4.7.0 enough"
        envelope.mail_from = address
        return "250 OK"

    sink.handle_MAIL = two  # type: ignore[attr-defined]
    marketing.run()
    assert set(marketing.deliveries("hello").values()) == {("accepted", None)}
    assert (len(sink.taken), sink.connections) == (7, 4)


def test_one_message_that_always_ends_the_connection_does_not_keep_the_others_back(
    marketing: Marketing, sink: Sink
) -> None:
    names = [f"c{number}" for number in range(5)]
    start(marketing, *names)
    sink.on_message = lambda message: "421 4.7.0 no" if message["To"] == "c0@example.org" else None
    for minute in range(4):
        marketing.run(NOON + timedelta(minutes=minute))
    states = marketing.deliveries("hello")
    assert states.pop("c0") == ("pending", None)
    assert set(states.values()) == {("accepted", None)}
    marketing.run(NOON + timedelta(hours=49))
    assert marketing.deliveries("hello")["c0"] == ("expired", "expired")


def test_an_address_that_smtp_cannot_say_fails_alone(marketing: Marketing, sink: Sink) -> None:
    start(marketing, "ada", "ben")
    from customers.models import Customer

    Customer.objects.filter(reference="ada").update(email="jörg@example.org")
    marketing.run()
    assert marketing.deliveries("hello") == {
        "ada": ("failed", "bad_address"), "ben": ("accepted", None),
    }  # fmt: skip


def test_a_domain_beyond_ascii_is_told_as_mail_servers_know_it(
    marketing: Marketing, sink: Sink
) -> None:
    heard: list[str] = []
    sink.on_recipient = heard.append
    marketing.customer("ada", email="ada@münchen.example")
    marketing.customer("ben", email="ben@straße.example")
    marketing.campaign("hello")
    marketing.start("hello")
    marketing.run()
    assert {message["To"] for message in sink.taken} == {
        "ada@xn--mnchen-3ya.example", "ben@xn--strae-oqa.example",
    }  # fmt: skip
    assert sorted(heard) == sorted(message["To"] for message in sink.taken)
