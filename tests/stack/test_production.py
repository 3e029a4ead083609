"""`manage.py check --deploy`: clean with a proper environment, and what it refuses without."""

import os
import subprocess

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured

from campaigns.domain.pace import rate_errors
from config.env import env_choice, env_number, env_object
from stack.paths import CHECKOUT
from stack.processes import VARIABLES, manage_command

PROPER = {
    "SECRET_KEY": "x7Qm-2pLw9_Tz4vKc8Rb1Yd6Hs3Nf0Gj5AeUiOoPqWsXcVbNmLkJhGf",
    "ALLOWED_HOSTS": "shop.example",
    "PUBLIC_URL": "https://shop.example",
    "SECURE_TLS": "1",
}
REFUSED = {
    "promotions.E001": {"SECRET_KEY": None},
    "promotions.E002": {"DEBUG": "1"},
    "promotions.E003": {"TEST_CLOCK": "1"},
    "promotions.E004": {"PUBLIC_URL": "http://shop.example"},
    "promotions.E005": {"ALLOWED_HOSTS": "*"},
    "promotions.E006": {"SEPA_IBAN": "DE00120300000000202051"},
    "promotions.E007": {"STRIPE_API_URL": "http://127.0.0.1:1"},
    "promotions.E008": {"FAULTS": "sent:1:/tmp"},
    "promotions.E009": {"EMAIL_PROVIDER": "postmark"},
}


READ = {
    "EMAIL_PROVIDER": lambda name: env_choice(name, ("brevo", "mailgun")),
    "EMAIL_PROVIDER_SETTINGS": env_object,
    "MAIL_RATE": lambda name: env_number(name, 0),
    "MAIL_DOMAIN_RATES": lambda name: env_object(name, check=rate_errors),
}


def test_a_proper_environment_is_clean(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text(PROPER["SECRET_KEY"] + "\n")
    done = _check({"SECRET_KEY": None, "SECRET_KEY_FILE": str(secret)})
    assert done.returncode == 0, done.stderr
    assert "System check identified no issues" in done.stdout


def test_the_environment_of_ones_own_machine_is_refused_point_by_point():
    change = {name: value for refused in REFUSED.values() for name, value in refused.items()}
    done = _check(change)
    assert done.returncode == 1
    assert [code for code in REFUSED if code not in done.stderr] == []


def test_a_bad_value_stops_the_start_and_names_the_variable():
    done = _check({"TEST_CLOCK": "maybe"})
    assert done.returncode != 0
    assert "TEST_CLOCK must be 0 or 1" in done.stderr


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("EMAIL_PROVIDER", "pigeon", "must be one of brevo, mailgun"),
        ("EMAIL_PROVIDER_SETTINGS", '{"KEY": "secret"', "must be a JSON object"),
        ("MAIL_RATE", "-1", "must be a number from 0 on"),
        ("MAIL_DOMAIN_RATES", '{"gmial": 5}', "gmial is none of gmail, yahoo"),
    ],
)
def test_a_bad_value_of_mail_stops_the_start(monkeypatch, name, value, said):
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=said) as stopped:
        READ[name](name)
    assert "secret" not in str(stopped.value)


@pytest.mark.parametrize(
    ("code", "name", "value"),
    [
        ("promotions.E001", "SECRET_KEY", "insecure-for-development-only"),
        ("promotions.E002", "DEBUG", True),
        ("promotions.E003", "TEST_CLOCK", True),
        ("promotions.E004", "PUBLIC_URL", "http://shop.example"),
        ("promotions.E005", "ALLOWED_HOSTS", ["shop.example", "*"]),
        ("promotions.E006", "SEPA_IBAN", "DE00120300000000202051"),
        ("promotions.E007", "STRIPE_API_URL", "http://127.0.0.1:1"),
        ("promotions.E009", "EMAIL_PROVIDER", "postmark"),
    ],
)
def test_each_is_refused_alone(settings, code, name, value):
    settings.SECRET_KEY = PROPER["SECRET_KEY"]
    settings.ALLOWED_HOSTS = ["shop.example"]
    settings.PUBLIC_URL = "https://shop.example"
    settings.DEBUG = settings.TEST_CLOCK = False
    setattr(settings, name, value)
    assert _own_refusals(deploy=True) == [code]
    assert _own_refusals(deploy=False) == [], "one's own machine is not production"


def test_a_variable_by_which_tests_kill_processes_is_refused(settings, monkeypatch):
    for name, value in PROPER.items():
        if name not in {"SECURE_TLS", "ALLOWED_HOSTS"}:
            setattr(settings, name, value)
    settings.ALLOWED_HOSTS = ["shop.example"]
    settings.DEBUG = settings.TEST_CLOCK = False
    monkeypatch.setenv("FAULTS", "1")
    assert _own_refusals(deploy=True) == ["promotions.E008"]


def _own_refusals(*, deploy):
    found = run_checks(include_deployment_checks=deploy)
    return [message.id for message in found if message.id.startswith("promotions.")]


def _check(change):
    """In a process of its own: settings are read once, at the start. None takes a variable away."""
    wanted = PROPER | change
    environment = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    environment |= {name: value for name, value in wanted.items() if value is not None}
    return subprocess.run(
        manage_command("check", "--deploy", "--fail-level", "WARNING"),
        cwd=CHECKOUT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
