"""`python -m stack COMMAND`: what the Makefile calls."""

import argparse
import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Sequence

from stack import launch, processes
from stack.demo import demo
from stack.errors import StackError
from stack.paths import CHECKOUT, Folders
from stack.pids import read
from stack.plan import Plan
from stack.ports import LOOPBACK
from stack.postgres import postgres_binaries
from stack.state import State
from stack.supervisor import supervise


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse, do, and turn what the caller can mend into a line and exit code 1."""
    wanted = _parser().parse_args(arguments)
    try:
        return _do(wanted)
    except StackError as error:
        print(error, file=sys.stderr)
    except PermissionError as error:
        print(f"{error}: does this stack belong to another user?", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m stack", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, (_, text) in PLAIN_COMMANDS.items():
        commands.add_parser(name, help=text)
    manage = commands.add_parser("manage", help="manage.py with the running stack's variables")
    manage.add_argument("arguments", nargs=argparse.REMAINDER)
    pg = commands.add_parser("pg", help="psql, pg_dump, ... on the running stack's database")
    pg.add_argument("program")
    pg.add_argument("arguments", nargs=argparse.REMAINDER)
    supervisor = commands.add_parser("supervise", help="(the stack itself calls this)")
    supervisor.add_argument("--detached", action="store_true")
    supervisor.add_argument("plan")
    return parser


def _do(wanted: argparse.Namespace) -> int:
    match wanted.command:
        case "manage":
            return manage_py(wanted.arguments)
        case "pg":
            return postgres_program(wanted.program, wanted.arguments)
        case "supervise":
            return supervise(wanted.plan, is_detached=wanted.detached)
        case plain:
            act, _ = PLAIN_COMMANDS[plain]
            return act()


def plan_from_environment() -> Plan:
    """PORT, HOST and DATA_DIR; everything else is passed on to the processes."""
    try:
        port = int(os.environ.get("PORT") or processes.DEFAULT_PORT)
    except ValueError:
        raise StackError(f"PORT must be a number, not {os.environ['PORT']!r}") from None
    data_dir = str(Folders.from_environment().data_dir)
    return Plan(data_dir=data_dir, host=os.environ.get("HOST") or LOOPBACK, port=port)


def up() -> int:
    """Returns when the stack is ready."""
    plan = plan_from_environment()
    print(f"starting; logs are in {plan.folders.logs}", flush=True)
    state, is_new = launch.bring_up(plan)
    print(f"{'ready' if is_new else 'already running'}: {' '.join(state.base_urls)}")
    asked, has = str(plan.port), state.variables.get("PORT")
    if not is_new and "PORT" in os.environ and asked != has:
        print(f"It listens on {has}, not {asked}: `make down` first to change that.")
    return 0


def down() -> int:
    """Also after the supervisor was killed, or never was."""
    was_there = launch.bring_down(Folders.from_environment())
    print("stopped" if was_there else "nothing was running")
    return 0


def clean() -> int:
    """More thorough than `rm -rf .local`: data outside of it are deleted as well."""
    launch.remove_data(Folders.from_environment())
    print("ended and deleted")
    return 0


def status() -> int:
    """0 when ready, 1 when not."""
    folders = Folders.from_environment()
    state = launch.running_state(folders)
    word = state.status if state else "down"
    print(f"{word}  {' '.join(state.base_urls) if state else ''}".rstrip())
    for pid_file in sorted(folders.run.glob("*.pid")):
        process = read(pid_file)
        print(f"  {pid_file.stem:12} {f'pid {process.pid}' if process else 'gone'}")
    return 0 if word == "ready" else 1


def env() -> int:
    """For `eval "$(python -m stack env)"`."""
    for name, value in sorted(_running().variables.items()):
        print(f"export {name}={shlex.quote(value)}")
    return 0


def manage_py(arguments: Sequence[str]) -> int:
    """`manage.py` as the running stack's processes would see it."""
    environment = dict(os.environ) | _running().variables
    command = processes.manage_command(*arguments)
    return subprocess.run(command, cwd=CHECKOUT, env=environment, check=False).returncode


def postgres_program(program: str, arguments: Sequence[str]) -> int:
    """One of PostgreSQL's client programs, told which database."""
    url = _running().variables["DATABASE_URL"]
    command = [str(postgres_binaries() / program), f"--dbname={url}", *arguments]
    return subprocess.run(command, check=False).returncode


def _running() -> State:
    state = launch.running_state(Folders.from_environment())
    if state is None:
        raise StackError("no stack is running here: `make up` first")
    return state


PLAIN_COMMANDS: dict[str, tuple[Callable[[], int], str]] = {
    "up": (up, "start what is missing, in the background"),
    "down": (down, "end everything"),
    "clean": (clean, "end everything and delete its data"),
    "status": (status, "what runs"),
    "env": (env, "export lines of the running stack's variables"),
    "demo": (lambda: demo(plan_from_environment()), "a tea shop, open until Ctrl-C"),
}

if __name__ == "__main__":
    sys.exit(main())
