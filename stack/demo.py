"""`make demo`: a tea shop from nothing, a walk through it, and then it stays open until Ctrl-C."""

import os
import signal
import subprocess
import threading

from stack import launch
from stack.errors import StackError
from stack.paths import CHECKOUT
from stack.plan import Plan
from stack.processes import manage_command
from stack.state import State

# As `load_demo_shop` makes it; a test compares.
STAFF_NAMES = ("demo", "demo2")


def demo(plan: Plan) -> int:
    """The walk's exit code. The stack ends with us, unless it was there before."""
    folders = plan.folders
    print(f"starting; logs are in {folders.logs}", flush=True)
    state, is_new = launch.bring_up(plan)
    stop = threading.Event()
    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, lambda *_: stop.set())
    try:
        walk = ("walk_demo", "--base-url", state.base_urls[0])
        code = _manage(state, "load_demo_shop") or _manage(state, *walk)
        if code == 0 and os.environ.get("SERVE") != "0":
            _print_addresses(state)
            _serve(plan, stop)
        return code
    finally:
        if is_new:
            launch.bring_down(folders)
            print("stopped", flush=True)


def _serve(plan: Plan, stop: threading.Event) -> None:
    while not stop.wait(1):
        if launch.running_state(plan.folders) is None:
            raise StackError(f"the stack has ended; see {plan.folders.logs / 'supervisor.log'}")


def _manage(state: State, *arguments: str) -> int:
    environment = dict(os.environ) | state.variables
    command = manage_command(*arguments)
    done = subprocess.run(command, cwd=CHECKOUT, env=environment, check=False)
    return done.returncode


def _print_addresses(state: State) -> None:
    base = state.base_urls[0]
    first, second = STAFF_NAMES
    print(f"\nstaff      {base}/admin/      name {first}, password {first}")
    print(f"           to approve what {first} hands in: name {second}, password {second}")
    print(f"API        {base}/api/v1      documented at {base}/api/docs")
    print(f"mails      {state.variables.get('DATA_DIR')}/mails")
    print("a key      make api-key")
    print("Ctrl-C ends it.", flush=True)
