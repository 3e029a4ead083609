"""The mail sink as the stack runs it; the program itself is `stack.mail_sink`."""

import sys
from functools import partial

from stack.paths import Folders
from stack.ports import LOOPBACK, answers, port_of
from stack.service import Service

DEFAULT_PORT = 8025


def mail_sink_command(
    *, folder: str, host: str, port: int, python: str = sys.executable
) -> list[str]:
    """The same command for the supervisor and for docker-compose.yml."""
    place = ["--folder", folder, "--host", host, "--port", str(port)]
    return [python, "-m", "stack.mail_sink", *place]


def mail_sink_service(folders: Folders) -> tuple[Service, str]:
    """The sink and its EMAIL_URL."""
    port = port_of(folders, "mail")
    service = Service(
        name="mail",
        command=mail_sink_command(folder=str(folders.mails), host=LOOPBACK, port=port),
        is_ready=partial(answers, port, expect=b"220"),
    )
    return service, f"smtp://{LOOPBACK}:{port}"
