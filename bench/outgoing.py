"""Acts of campaigns in a process of their own, without HTTP; prints JSON.

    python -m bench.outgoing enlist

Over DATABASE_URL. Those that are timed beside others say that they are ready, and wait for a line.
"""

import json
import os
import smtplib
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction

from bench.cpu import resident_mb
from stack.paths import CHECKOUT

#: That send beside each other.
PROCESSES = 2
#: As long as a task goes on.
A_TURN = timedelta(seconds=4)


def done(database_url: str, act: str, **environment: str) -> Any:
    """What such a process says of its act.

    Raises:
        subprocess.CalledProcessError
    """
    told = subprocess.run(
        _command(act),
        cwd=CHECKOUT,
        env=_environment(database_url, environment),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(told.stdout.splitlines()[-1])


def done_at_once(database_url: str, act: str, *, processes: int, **environment: str) -> list[Any]:
    """What so many processes say of the act, which they begin at one moment.

    Raises:
        subprocess.CalledProcessError
    """
    started = [
        subprocess.Popen(
            _command(act),
            cwd=CHECKOUT,
            env=_environment(database_url, environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(processes)
    ]
    for process in started:
        assert process.stdout is not None
        process.stdout.readline()
    for process in started:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    told = []
    for process in started:
        said, _ = process.communicate()
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, process.args)
        told.append(json.loads(said.splitlines()[-1]))
    return told


def _command(act: str) -> list[str]:
    return [sys.executable, "-m", "bench.outgoing", act]


def _environment(database_url: str, more: Mapping[str, str]) -> dict[str, str]:
    own = {"DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "config.settings"}
    return dict(os.environ) | own | dict(more)


# Inside of it


def _enlist() -> dict[str, float]:
    """All that is due now, as a worker does it."""
    from campaigns.actions.enlisting import enlist_due
    from campaigns.actions.opening import open_due

    now = datetime.now(UTC)
    open_due(now=now)
    began, used = time.perf_counter(), time.process_time()
    rows = enlist_due(now=now)
    return {
        "seconds": time.perf_counter() - began,
        "cpu": time.process_time() - used,
        "rows": rows,
    }


def _send() -> dict[str, float]:
    """All that is due, in turns, as a task does it."""
    from campaigns.actions.letters import letters_of
    from campaigns.actions.sending import send_due
    from campaigns.models import Campaign

    letters_of(Campaign.objects.get())
    _wait()
    began, used = time.perf_counter(), time.process_time()
    taken, held = 0, []
    is_more = True
    while is_more:
        sent = send_due(lane="bulk", now=_now, wall=_now, within=A_TURN)
        taken, is_more = taken + sent.taken, sent.is_more
        held.append(resident_mb(os.getpid()))
    return {
        "seconds": time.perf_counter() - began,
        "cpu": time.process_time() - used,
        "rows": taken,
        "grown_mb": held[-1] - held[0],
    }


def _loop(write: Callable[[Any], bytes]) -> dict[str, float]:
    """A plain loop: it has everybody's values, renders, writes, and sends over one connection.

    It ends after BENCH_LETTERS of them.
    """
    from django.conf import settings

    from campaigns.actions.letters import Addressee, letters_of, values_of
    from campaigns.channels.message import Mail, sender_address
    from campaigns.models import Campaign, Delivery
    from customers.queries.gate import reachable

    now = _now()
    campaign = Campaign.objects.select_related("promotion").get()
    letters = letters_of(campaign)
    pending = Delivery.objects.filter(state="pending").order_by("pk")
    some = pending[: int(os.environ["BENCH_LETTERS"])]
    rows = dict(some.values_list("customer_id", "pk"))
    people = reachable(customer_keys=rows.keys(), channel="email")
    filled = []
    with transaction.atomic():
        for person in people.values():
            key = rows[person.customer_key]
            addressee = Addressee(
                person=person, delivery_key=key, code=f"CODE{key:012}",
                code_valid_until=now + timedelta(days=14),
            )  # fmt: skip
            language, letter = letters.for_person(person, "")
            filled.append((person.email, key, letter, values_of(
                addressee, letter, letters, language=language, now=now
            )))  # fmt: skip
    smtp = smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT)
    _wait()
    began, used = time.perf_counter(), time.process_time()
    for address, key, letter, values in filled:
        rendered = letter.render(values)
        mail = Mail(
            delivery_key=key, to=address, subject=rendered.subject, html=rendered.html,
            text=rendered.text, campaign_id=campaign.reference,
            unsubscribe_url=values.links.unsubscribe,
        )  # fmt: skip
        smtp.sendmail(sender_address(), [address], write(mail))
    smtp.quit()
    return {
        "seconds": time.perf_counter() - began,
        "cpu": time.process_time() - used,
        "rows": len(filled),
    }


def _by_email_package(mail: Any) -> bytes:
    """As Django and Python's own `email` write it."""
    from django.conf import settings
    from django.core.mail import EmailMultiAlternatives

    from campaigns.channels.message import CAMPAIGN_HEADER, message_id

    message = EmailMultiAlternatives(
        mail.subject, mail.text, settings.MAIL_FROM, [mail.to],
        headers={
            "Message-ID": message_id(mail.delivery_key),
            "List-Unsubscribe": f"<{mail.unsubscribe_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "List-ID": f"<{mail.campaign_id}.localhost>",
            "Feedback-ID": f"{mail.campaign_id}:marketing:localhost",
            CAMPAIGN_HEADER: mail.campaign_id,
        },
    )  # fmt: skip
    message.attach_alternative(mail.html, "text/html")
    whole: Any = message.message()
    return bytes(whole.as_bytes(linesep="\r\n"))


def _by_our_writer(mail: Any) -> bytes:
    from campaigns.channels.message import message_bytes

    return message_bytes(mail, now=_now())


def _ring() -> dict[str, float]:
    """Tell the workers that there is work, one for each of their processes."""
    from config.celery import app

    for _ in range(PROCESSES):
        app.send_task("config.bulk_mail")
    return {}


def _now() -> datetime:
    return datetime.now(UTC)


def _wait() -> None:
    print("ready", flush=True)
    sys.stdin.readline()


ACTS: dict[str, Callable[[], dict[str, float]]] = {
    "enlist": _enlist,
    "send": _send,
    "plain": lambda: _loop(_by_email_package),
    "plain_with_our_writer": lambda: _loop(_by_our_writer),
    "ring": _ring,
}


def main(act: str) -> None:
    """Do it, and say how long it took."""
    import django

    django.setup()
    print(json.dumps(ACTS[act]()), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
