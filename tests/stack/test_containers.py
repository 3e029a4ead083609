"""docker-compose.yml is valid, and runs the same processes as the supervisor.

There is no Docker here to try it: these tests read it.
"""

import json
import re
from importlib import resources

import jsonschema
import pytest
import yaml

from stack import processes
from stack.mail import DEFAULT_PORT as MAIL_PORT
from stack.mail import mail_sink_command
from stack.paths import CHECKOUT, Folders
from stack.plan import APPLICATION, SERVERS, Plan, lay_out
from stack.postgres import SETTINGS as POSTGRES_SETTINGS
from stack.valkey import SETTINGS as VALKEY_SETTINGS

ANYWHERE = "0.0.0.0"
# Of each command, what the container must decide otherwise than the supervisor.
PLACES = {"unix_socket_permissions", "listen_addresses", "unix_socket_directories"}


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text())


@pytest.fixture(scope="module")
def services(compose):
    return compose["services"]


def test_it_is_valid_by_the_compose_schema(compose):
    vendored = resources.files("check_jsonschema") / "builtin_schemas" / "vendor"
    schema = json.loads((vendored / "compose-spec.json").read_text())
    jsonschema.Draft7Validator(schema).validate(compose)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft7Validator(schema).validate(compose | {"servces": {}})


def test_it_runs_what_the_supervisor_runs(services, data_dir):
    Folders(data_dir=data_dir).make()
    laid_out = lay_out(Plan(data_dir=str(data_dir)))
    supervised = [service.name for stage in laid_out.stages for service in stage]
    assert sorted(supervised) == sorted(SERVERS + APPLICATION)
    assert set(services) - {"check"} == set(supervised)


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("web", processes.web_command(host=ANYWHERE, port=8000, python="python")),
        ("worker", processes.worker_command(python="python")),
        ("beat", processes.beat_command(schedule="/tmp/beat-schedule", python="python")),
        (
            "mail",
            mail_sink_command(
                folder="/var/mails/sink", host=ANYWHERE, port=MAIL_PORT, python="python"
            ),
        ),
        ("prepare", ["python", *processes.prepare_chore().command[1:]]),
    ],
)
def test_each_command_is_the_supervisors(services, name, command):
    assert services[name]["command"] == command


def test_the_image_serves_by_default():
    default = (CHECKOUT / "Dockerfile").read_text().rpartition("\nCMD ")[2]
    assert json.loads(default) == processes.web_command(host=ANYWHERE, port=8000, python="python")


def test_postgres_has_the_same_settings(services):
    command = services["postgres"]["command"]
    settings = dict(part.split("=", 1) for part in command if "=" in part)
    assert settings == {
        name: value for name, value in POSTGRES_SETTINGS.items() if name not in PLACES
    }


def test_valkey_keeps_nothing_and_evicts_nothing(services):
    wanted = ('save ""', "appendonly no", "maxmemory 256mb", "maxmemory-policy noeviction")
    assert all(line in VALKEY_SETTINGS for line in wanted)
    options = "".join(f"{part} " if part else '"" ' for part in services["valkey"]["command"][1:])
    assert options == "".join(f"--{line} " for line in wanted)


def test_every_variable_is_known_and_every_process_has_the_same(services):
    application = [services[name] for name in ("mail", "check", *APPLICATION)]
    for service in application:
        assert set(service["environment"]) <= set(processes.VARIABLES)
        assert service["environment"] | {"PROCESS_NAME": ""} == (
            services["web"]["environment"] | {"PROCESS_NAME": ""}
        )
    assert services["web"]["environment"]["PROCESS_NAME"] == "web"


def test_servers_are_reached_where_they_listen(services):
    environment = services["web"]["environment"]
    assert "@postgres:5432/" in environment["DATABASE_URL"]
    assert environment["REDIS_URL"] == "redis://valkey:6379/0"
    assert environment["EMAIL_URL"].endswith(f"smtp://mail:{MAIL_PORT}}}")
    assert services["web"]["ports"] == [f"127.0.0.1:${{PORT:-{processes.DEFAULT_PORT}}}:8000"]


def test_nothing_secret_has_a_default(services):
    text = json.dumps(services)
    for name in ("SECRET_KEY", "POSTGRES_PASSWORD"):
        given = set(re.findall(rf"\$\{{{name}[^}}]*\}}", text))
        assert given
        assert all(f"{name}:?" in one for one in given)
    for refused in ("DEBUG", "TEST_CLOCK"):
        assert refused not in text


def test_production_settings_are_checked_before_anything_runs(services):
    assert services["check"]["command"][1:4] == ["manage.py", "check", "--deploy"]
    for name in APPLICATION:
        needs = services[name]["depends_on"]
        assert needs["check"] == {"condition": "service_completed_successfully"}
