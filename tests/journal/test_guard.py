"""No webhook goes where it should not: not inside, whatever a name says and when it says it.

The resolver and the network outside are pretended at the socket, as they look to any program.
"""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from journal import channels
from journal.channels import Reply, post
from journal.domain.receivers import NoReceiver, is_public, parse_receiver
from journal.models import WebhookAttempt, WebhookEndpoint
from tests.api import HOUR, NOON, Api
from tests.journal.receiver import Receiver, Said, happen, listen, listening, run_clock

PUBLIC = "93.184.215.14"
INSIDE = [
    "127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "169.254.169.254", "100.64.0.1", "0.0.0.0", "0.1.2.3", "192.0.0.8", "192.0.2.1",
    "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1",
    "255.255.255.255", "192.88.99.1",
    "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "ff02::1", "2001:db8::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:93.184.215.14", "::127.0.0.1",
    "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::1", "2001:0:7f00:1::1", "fec0::1",
    "100::1", "3fff::1", "not an address", "",
]  # fmt: skip
OUTSIDE = [
    "93.184.215.14",
    "1.1.1.1",
    "172.32.0.1",
    "100.128.0.1",
    "2606:4700::1111",
    "2a00:1450::5",
]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[list[str]]]:
    """What the resolver answers, name by name; each answer once, the last one for ever."""
    told: dict[str, list[list[str]]] = {}
    real = socket.getaddrinfo

    def resolve(host: str, port: int, *args: Any, **kwargs: Any) -> Any:
        if host not in told:
            return real(host, port, *args, **kwargs)
        answers = told[host]
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        if not found:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return [
            (
                socket.AF_INET6 if ":" in address else socket.AF_INET,
                socket.SOCK_STREAM, 6, "",
                (address, port, 0, 0) if ":" in address else (address, port),
            )
            for address in found
        ]  # fmt: skip

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return told


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_is_not_public(address: str):
    assert not is_public(address)


@pytest.mark.parametrize("address", OUTSIDE)
def test_an_address_of_the_open_internet_is(address: str):
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://shop.example/", "ftp://shop.example/", "https:///path", "https://", "shop.example",
        "//shop.example/", "https://ada:secret@shop.example/", "https://@shop.example/",
        "https://shop.example:0/", "https://shop.example:99999/", "https://shop.example:x/",
        "https://shop.example\\@10.0.0.1/", "https://shop.example/a b", "https://shop.example/\n",
        "https://shöp.example/", "https://[::1", "https://[fe80::1%25eth0]/", "https://sh%6fp.example/",
        "javascript:alert(1)", "file:///etc/passwd", "https://shop.example/" + "x" * 2000,
    ],
)  # fmt: skip
def test_what_is_no_https_address_is_none(url: str):
    with pytest.raises(NoReceiver):
        parse_receiver(url, allow_plain=False)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254", "10.0.0.1", "0", "127.1",
     "2130706433", "0x7f000001", "0177.0.0.1", "localhost", "inside.example", "both.example"],
)  # fmt: skip
def test_an_endpoint_inside_is_refused_however_it_is_spelled(
    api: Api, names: dict[str, list[list[str]]], host: str
):
    names["inside.example"] = [["10.0.0.1"]]
    names["both.example"] = [[PUBLIC, "::ffff:10.0.0.1"]]
    body = {"url": f"https://{host}/", "event_types": ["code.issued"]}
    for language, detail in (
        ("en", "This leads to an address that is not public."),
        ("de", "Das führt zu einer Adresse, die nicht öffentlich ist."),
    ):
        got = api.put("/webhook-endpoints/shop", body, accept_language=language)
        assert (got.status, got.pointers) == (422, ["/url"])
        assert got["errors"][0]["detail"] == detail
    assert not WebhookEndpoint.objects.exists()


@pytest.mark.django_db
def test_nor_can_a_patch_lead_inside(api: Api, names: dict[str, list[list[str]]]):
    names["shop.example"] = [[PUBLIC]]
    body = {"url": "https://shop.example/", "event_types": ["code.issued"]}
    assert api.put("/webhook-endpoints/shop", body).status == 201
    for url in ("https://127.0.0.1/", "http://shop.example/"):
        assert api.patch("/webhook-endpoints/shop", {"url": url}).pointers == ["/url"]
    assert api.get("/webhook-endpoints/shop")["url"] == body["url"]


@pytest.mark.django_db
def test_a_name_that_is_not_there_yet_may_be_put(api: Api, names: dict[str, list[list[str]]]):
    names["later.example"] = [[]]
    body = {"url": "https://later.example/", "event_types": ["code.issued"]}
    assert api.put("/webhook-endpoints/shop", body).status == 201


@pytest.mark.django_db(transaction=True)
def test_a_name_that_leads_inside_only_later_is_refused_at_the_delivery(
    api: Api, receiver: Receiver, names: dict[str, list[list[str]]]
):
    """Rebinding: public when it is put, and inside when there is something to send."""
    names["shop.example"] = [[PUBLIC], ["127.0.0.1"]]
    listen(api, f"https://shop.example:{receiver.port}/")
    happen(1)
    run_clock(api, NOON)
    assert receiver.got == []
    attempt = WebhookAttempt.objects.get()
    assert (attempt.failure, attempt.status_code) == ("address", None)


@pytest.mark.django_db(transaction=True)
def test_with_the_setting_withdrawn_nothing_goes_inside_any_more(
    api: Api, receiver: Receiver, settings: Any
):
    settings.WEBHOOK_ALLOW_PRIVATE = True
    listen(api, receiver.url())
    settings.WEBHOOK_ALLOW_PRIVATE = False
    happen(1)
    run_clock(api, NOON)
    assert receiver.got == []
    assert WebhookAttempt.objects.get().failure == "address"


def send(url: str, *, allow_private: bool = True) -> Reply:
    receiver = parse_receiver(url, allow_plain=True)
    return post(receiver, body=b"{}", headers={"webhook-id": "evt_1"}, allow_private=allow_private)


def test_the_connection_goes_to_the_address_that_was_checked(names: dict[str, list[list[str]]]):
    """A resolver that says something else each time is asked once."""
    with listening("127.0.0.1") as checked, listening("127.0.0.2") as other:
        names["shop.example"] = [["127.0.0.1"], ["127.0.0.2"]]
        assert send(f"http://shop.example:{checked.port}/").is_taken
        assert len(checked.got) == 1
        assert other.got == []
        assert checked.got[0].headers["host"] == f"shop.example:{checked.port}"


@pytest.mark.parametrize("address", ["127.0.0.1", "::ffff:127.0.0.1"])
def test_one_address_inside_among_others_is_enough_to_refuse(
    receiver: Receiver, names: dict[str, list[list[str]]], address: str
):
    names["shop.example"] = [[PUBLIC, address]]
    got = send(f"http://shop.example:{receiver.port}/", allow_private=False)
    assert (got.failure, receiver.got) == ("address", [])


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_a_failure_and_not_followed(receiver: Receiver, status: int):
    with listening() as other:
        receiver.says(status, Location=other.url("/inside"))
        got = send(receiver.url())
        assert (got.status_code, got.failure, other.got) == (status, "redirect", [])


def test_no_proxy_of_the_environment_is_asked(receiver: Receiver, monkeypatch: pytest.MonkeyPatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert send(receiver.url()).is_taken


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_every_success_counts(receiver: Receiver, status: int):
    receiver.says(status)
    assert send(receiver.url()).is_taken


@pytest.mark.parametrize("status", [400, 401, 404, 410, 429, 500, 503])
def test_every_error_fails_and_its_beginning_is_kept(receiver: Receiver, status: int):
    receiver.says(status, b"\x00\xff no " + b"x" * 100_000)
    got = send(receiver.url())
    assert (got.status_code, got.failure) == (status, "status")
    assert got.is_gone == (status == 410)
    assert got.answer.startswith("\ufffd no xxx")
    assert len(got.answer) < 3000


def test_a_name_that_is_not_found_is_told(names: dict[str, list[list[str]]]):
    names["gone.example"] = [[]]
    assert send("http://gone.example/").failure == "name"
    assert send(f"http://{'x' * 80}.example/").failure == "name"


def test_where_nobody_listens_is_no_connection():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        assert send(f"http://127.0.0.1:{taken.getsockname()[1]}/").failure == "unreachable"


def answering(speak: Callable[[socket.socket, threading.Event], None]) -> Iterator[str]:
    """Somebody who takes one connection and says what he likes."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def work() -> None:
            taken, _ = server.accept()
            with taken:
                taken.settimeout(20)
                try:
                    speak(taken, over)
                except OSError:
                    return

        thread = threading.Thread(target=work)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        finally:
            over.set()
            thread.join(20)


def heard(taken: socket.socket) -> None:
    """Read the request to its end: what is closed unread looks like a lost connection."""
    got = b""
    while not got.endswith(b"{}"):
        got += taken.recv(65536)


def _silent(taken: socket.socket, over: threading.Event) -> None:
    over.wait(20)


def _dripping(taken: socket.socket, over: threading.Event) -> None:
    taken.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not over.wait(0.02):
        taken.sendall(b"x")


@pytest.mark.parametrize("speak", [_silent, _dripping])
def test_a_receiver_that_takes_too_long_is_cut_off_even_if_it_says_something_all_the_time(
    speak: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(channels, "ALL_SECONDS", 0.3)
    for url in answering(speak):
        assert send(url).failure == "timeout"


def test_an_answer_that_drips_after_its_status_counts_by_its_status(
    monkeypatch: pytest.MonkeyPatch,
):
    def drip(taken: socket.socket, over: threading.Event) -> None:
        taken.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while not over.wait(0.02):
            taken.sendall(b"x")

    monkeypatch.setattr(channels, "ALL_SECONDS", 0.3)
    for url in answering(drip):
        assert send(url).is_taken


@pytest.mark.parametrize(
    ("said", "failure"),
    [
        (b"SSH-2.0-OpenSSH_9.6\r\n", "protocol"),
        (b"HTTP/1.1 99999 no\r\n\r\n", "protocol"),
        (b"", "protocol"),
        (b"HTTP/1.1 200 OK\r\n" + b"X-Many: 1\r\n" * 200 + b"\r\n", "protocol"),
    ],
    ids=["another protocol", "odd status", "nothing", "too many headers"],
)
def test_what_is_no_http_is_told(said: bytes, failure: str):
    def speak(taken: socket.socket, over: threading.Event) -> None:
        heard(taken)
        taken.sendall(said)

    for url in answering(speak):
        assert send(url).failure == failure


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for shop.example that signs itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "shop.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - HOUR)
        .not_valid_after(now + HOUR)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("shop.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path = tmp_path / "shop.pem"
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


def test_over_tls_the_name_has_to_be_the_certificates(
    certificate: Path, names: dict[str, list[list[str]]], monkeypatch: pytest.MonkeyPatch
):
    """The address is what was checked, and the name is still the receiver's."""
    names["shop.example"] = names["other.example"] = [["127.0.0.1"]]
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(certificate)
    with listening() as receiver:
        receiver.server.socket = server_side.wrap_socket(receiver.server.socket, server_side=True)
        urls = [f"https://{name}.example:{receiver.port}/" for name in ("shop", "other")]
        untrusted = send(urls[0])
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        channels._tls_context.cache_clear()
        try:
            got = [send(url) for url in urls]
        finally:
            channels._tls_context.cache_clear()
    assert untrusted.failure == "tls"
    assert [reply.failure for reply in got] == ["", "tls"]
    assert len(receiver.got) == 1


@pytest.mark.django_db(transaction=True)
def test_what_was_refused_is_tried_again_once_the_name_is_right(
    api: Api, receiver: Receiver, names: dict[str, list[list[str]]], settings: Any
):
    settings.WEBHOOK_ALLOW_PRIVATE = True
    names["shop.example"] = [[], [], ["127.0.0.1"]]
    listen(api, f"http://shop.example:{receiver.port}/")
    receiver.answer = lambda message: Said()
    happen(1)
    run_clock(api, NOON)
    run_clock(api, NOON + HOUR)
    run_clock(api, NOON + 2 * HOUR)
    assert receiver.numbers == [1]
