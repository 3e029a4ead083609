"""The mail sink answers, and keeps what it gets."""

import mailbox
import smtplib
from email.message import EmailMessage
from urllib.parse import urlsplit


def test_a_mail_is_kept_with_its_envelope(data_dir, servers_up):
    address = urlsplit(servers_up().variables["EMAIL_URL"])
    message = EmailMessage()
    message["Subject"] = "Grüße"
    message["To"] = "ada@example.org"
    message.set_content("Tee ist da.")
    with smtplib.SMTP(address.hostname, address.port) as sender:
        sender.send_message(message, from_addr="shop@example.org", to_addrs=["ada@example.org"])

    with_envelope = list(mailbox.Maildir(data_dir / "mails", create=False))

    assert [kept["X-Envelope-To"] for kept in with_envelope] == ["ada@example.org"]
    assert with_envelope[0]["X-Envelope-From"] == "shop@example.org"
    assert "Tee ist da." in with_envelope[0].get_payload(decode=True).decode()
