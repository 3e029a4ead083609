"""What is to run: which processes, where, and with which variables."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from stack import processes
from stack.errors import StackError
from stack.mail import mail_sink_service
from stack.paths import Folders
from stack.ports import LOOPBACK, any_free, is_free
from stack.postgres import make_cluster, postgres_service
from stack.secret import secret
from stack.service import Service
from stack.valkey import valkey_service

SERVERS = ("postgres", "valkey", "mail")
APPLICATION = ("prepare", "web", "worker", "mailer", "beat")


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Port 0 means any free one; `web_processes` are whole Granians, each on its own port."""

    data_dir: str
    host: str = LOOPBACK
    port: int = 0
    parts: tuple[str, ...] = SERVERS + APPLICATION
    web_processes: int = 1
    workers: int = processes.WEB_WORKERS
    threads: int = processes.WEB_THREADS
    #: What the web processes serve.
    application: str = processes.APPLICATION
    durable: bool = True
    # For tests: end when the process that started us is gone, however it ended.
    until_input_ends: bool = False

    @property
    def folders(self) -> Folders:
        """Where this stack's things stand."""
        return Folders(data_dir=Path(self.data_dir))

    def as_text(self) -> str:
        """For the command line of the supervisor."""
        return json.dumps(asdict(self))

    @classmethod
    def from_text(cls, text: str) -> "Plan":
        """What `as_text` wrote."""
        fields = json.loads(text)
        return cls(**fields | {"parts": tuple(fields["parts"])})


@dataclass(frozen=True, kw_only=True)
class Stages:
    """Services that start together, stage after stage, and what all of them are told."""

    stages: list[list[Service]]
    base_urls: list[str]
    variables: dict[str, str]


def lay_out(plan: Plan) -> Stages:
    """Choose ports, create what must exist before a start, and name each command."""
    folders = plan.folders
    variables = own_variables(folders)
    servers = _servers(plan, variables)
    ports = _web_ports(plan)
    base_urls = [f"http://{_reachable(plan.host)}:{port}" for port in ports]
    if ports:
        variables |= {"PORT": str(ports[0]), "HOST": plan.host}
        variables.setdefault("PUBLIC_URL", base_urls[0])
    chores = [processes.prepare_chore()] if "prepare" in plan.parts else []
    return Stages(
        stages=[stage for stage in (servers, chores, _application(plan, ports)) if stage],
        base_urls=base_urls,
        variables=variables,
    )


def own_variables(folders: Folders) -> dict[str, str]:
    """The settings in our environment, completed by what a local stack makes for itself."""
    variables = {name: os.environ[name] for name in processes.VARIABLES if name in os.environ}
    variables["DATA_DIR"] = str(folders.data_dir)
    variables.setdefault("STATIC_ROOT", str(folders.static))
    if not is_given("SECRET_KEY"):
        variables["SECRET_KEY"] = secret(folders, "django")
    return variables


def is_given(name: str) -> bool:
    """Whether somebody named a server (or secret) of their own, directly or by a file."""
    return bool(os.environ.get(name) or os.environ.get(f"{name}_FILE"))


def _servers(plan: Plan, variables: dict[str, str]) -> list[Service]:
    """The embedded servers that are wanted and not given; their addresses go to `variables`."""
    services = []
    if "postgres" in plan.parts and not is_given("DATABASE_URL"):
        cluster = make_cluster(plan.folders)
        services.append(postgres_service(cluster, durable=plan.durable))
        variables["DATABASE_URL"] = cluster.database_url
    if "valkey" in plan.parts and not is_given("REDIS_URL"):
        service, variables["REDIS_URL"] = valkey_service(plan.folders)
        services.append(service)
    if "mail" in plan.parts and not is_given("EMAIL_URL"):
        service, variables["EMAIL_URL"] = mail_sink_service(plan.folders)
        services.append(service)
    return services


def _application(plan: Plan, ports: list[int]) -> list[Service]:
    """Web, worker and beat. Without a beat nothing ticks, so only life is asked of the web."""
    health = "ready" if "beat" in plan.parts else "live"
    services = [
        processes.web_service(
            name="web" if number == 1 else f"web-{number}",
            host=plan.host,
            port=port,
            workers=plan.workers,
            threads=plan.threads,
            health=health,
            application=plan.application,
        )
        for number, port in enumerate(ports, start=1)
    ]
    if "worker" in plan.parts:
        services.append(processes.worker_service())
    if "mailer" in plan.parts:
        services.append(processes.mailer_service())
    if "beat" in plan.parts:
        schedule = str(plan.folders.run / "beat-schedule")
        services.append(processes.beat_service(schedule=schedule))
    return services


def _web_ports(plan: Plan) -> list[int]:
    if "web" not in plan.parts:
        return []
    if plan.port == 0:
        return [any_free() for _ in range(plan.web_processes)]
    ports = [plan.port + number for number in range(plan.web_processes)]
    for port in ports:
        if not is_free(port, host=plan.host):
            raise StackError(f"port {port} is taken: choose another, as in `make up PORT=8001`")
    return ports


def _reachable(host: str) -> str:
    return LOOPBACK if host in {"0.0.0.0", "::", ""} else host
