"""An SMTP server that sends nothing on: every mail is stored in a Maildir, for eyes and tests.

`python -m stack.mail_sink --folder DIR [--host 127.0.0.1] [--port 8025]`
"""

import argparse
import mailbox
import signal
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from stack.mail import DEFAULT_PORT
from stack.ports import LOOPBACK


class Sink:
    """Keeps what comes, with the envelope in two headers."""

    def __init__(self, folder: Path) -> None:
        folder.parent.mkdir(parents=True, exist_ok=True)
        self.maildir = mailbox.Maildir(folder, create=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Called by aiosmtpd for each message."""
        message = mailbox.MaildirMessage(envelope.content)
        message["X-Envelope-From"] = envelope.mail_from or "<>"
        message["X-Envelope-To"] = ", ".join(envelope.rcpt_tos)
        self.maildir.add(message)
        return "250 Stored"


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--host", default=LOOPBACK)
    parser.add_argument("--port", type=int, default=DEFAULT_PORT)
    wanted = parser.parse_args()
    stops = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, stops)
    controller = Controller(Sink(wanted.folder), hostname=wanted.host, port=wanted.port)
    controller.start()
    print(f"mails to {wanted.host}:{wanted.port} are kept in {wanted.folder}", flush=True)
    signal.sigwait(stops)
    controller.stop()


if __name__ == "__main__":
    main()
