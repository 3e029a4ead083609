"""Makes `.venv` from nothing: `python3 -m stack.venv`. Runs on any Python 3.11 of the machine; with
`--fastest` the environment is made from the fastest of them, which need not be the first on the path.

uv installs (itself from PyPI); it is told what pip is configured with on this machine, since it does
not read pip's files: no registry is named here. Where uv fails, pip does it. A stamp of what was
asked for makes the second call free.
"""

import ast
import fcntl
import hashlib
import os
import subprocess
import sys

from stack.paths import CHECKOUT
from stack.pythons import fastest

FOLDER = CHECKOUT / ".venv"
PYTHON = FOLDER / "bin" / "python"
STAMP = FOLDER / "installed.txt"
REQUIREMENTS = ("requirements.txt", "requirements-embedded.txt", "requirements-dev.txt")
CONSTRAINTS = "constraints.txt"
OLDEST = (3, 11)

# pip's setting, and the variable that tells uv the same.
PIP_TO_UV = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "no-index": "UV_NO_INDEX",
    "cert": "SSL_CERT_FILE",
    "trusted-host": "UV_INSECURE_HOST",
}
# What stands later in this list wins, as in pip: files, then the environment.
PIP_SECTIONS = ("global", "install", ":env:")


def main() -> int:
    """0 when the environment is as the requirements say."""
    if sys.version_info < OLDEST:
        print("Python 3.11 or later is needed", file=sys.stderr)
        return 1
    wanted = fingerprint()
    with (CHECKOUT / CONSTRAINTS).open(encoding="utf-8") as lock:
        # Two calls at once take turns, and the second finds all done.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (STAMP.exists() and STAMP.read_text(encoding="ascii") == wanted and _runs()):
            _make(fastest() if "--fastest" in sys.argv[1:] else sys.executable)
            STAMP.write_text(wanted, encoding="ascii")
    return 0


def fingerprint() -> str:
    """Changes with the requirements, the Python, and the place (scripts hold absolute paths)."""
    digest = hashlib.sha256(f"{sys.version_info[:2]} {CHECKOUT}\n".encode())
    for name in (*REQUIREMENTS, CONSTRAINTS):
        digest.update((CHECKOUT / name).read_bytes())
    return digest.hexdigest()


def uv_environment(pip_config: str) -> dict[str, str]:
    """pip's configuration (the lines of `pip config list`) in uv's words.

    >>> uv_environment("global.index-url='https://example.org/simple'")["UV_DEFAULT_INDEX"]
    'https://example.org/simple'
    """
    settings: dict[str, str] = {}
    for section in PIP_SECTIONS:
        for line in pip_config.splitlines():
            name, _, value = line.partition("=")
            if name.startswith(f"{section}."):
                settings[name.removeprefix(f"{section}.")] = str(ast.literal_eval(value))
    told = {
        variable: ("," if name == "find-links" else " ").join(settings[name].split())
        for name, variable in PIP_TO_UV.items()
        if settings.get(name)
    }
    # As pip does: the best version of all indexes, not the first index that knows the name.
    return told | {"UV_INDEX_STRATEGY": "unsafe-best-match"}


def _make(base: str) -> None:
    if not _runs():
        print(f"making .venv from {base}", flush=True)
        command = [base, "-m", "venv", "--symlinks", "--clear", str(FOLDER)]
        subprocess.run(command, cwd=CHECKOUT, check=True)
    if not _runs("-m", "pip"):
        _run("-m", "ensurepip", "--upgrade")
    print("installing into .venv", flush=True)
    _install()


def _install() -> None:
    wanted = [part for name in REQUIREMENTS for part in ("-r", name)] + ["-c", CONSTRAINTS]
    config = subprocess.run(
        [PYTHON, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    )
    # What the machine says to uv itself goes first.
    environment = uv_environment(config.stdout) | dict(os.environ)
    try:
        _run("-m", "pip", "install", "--quiet", "uv", "-c", CONSTRAINTS)
        _run(
            "-m",
            "uv",
            "--quiet",
            "pip",
            "install",
            # Else each of many processes reads all sources anew, where Python must not write.
            "--compile-bytecode",
            "--python",
            str(PYTHON),
            *wanted,
            env=environment,
        )
    except subprocess.CalledProcessError:
        print("uv could not do it; pip tries", flush=True)
        _run("-m", "pip", "install", *wanted)


def _run(*arguments: str, env: dict[str, str] | None = None) -> None:
    # Never by `.venv/bin/pip`: its first line breaks in folders with a space or a long path.
    subprocess.run([str(PYTHON), *arguments], cwd=CHECKOUT, env=env, check=True)


def _runs(*module: str) -> bool:
    """Whether the environment's Python (or a module of it) starts; half of one does not."""
    if not PYTHON.exists():
        return False
    try:
        command = [str(PYTHON), *module, "--version"]
        tried = subprocess.run(command, capture_output=True, check=False)
    except OSError:
        return False
    return tried.returncode == 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except subprocess.CalledProcessError as failed:
        sys.exit(f"`{' '.join(map(str, failed.cmd[1:5]))} ...` failed; see above")
