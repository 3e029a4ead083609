"""The virtual environment: what pip is configured with, uv is told."""

import sys

from stack.pythons import fastest
from stack.venv import uv_environment

PIP_CONFIG = """\
:env:.find-links='/wheels /more'
global.cert='/etc/ca.crt'
global.extra-index-url='https://second.example/simple
https://third.example/simple'
global.index-url='https://first.example/simple'
install.index-url='https://install.example/simple'
"""


def test_uv_is_told_what_pip_is_configured_with():
    assert uv_environment(PIP_CONFIG.replace("simple\nhttps", "simple\\nhttps")) == {
        "UV_DEFAULT_INDEX": "https://install.example/simple",
        "UV_INDEX": "https://second.example/simple https://third.example/simple",
        "UV_FIND_LINKS": "/wheels,/more",
        "SSL_CERT_FILE": "/etc/ca.crt",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
    }


def test_without_configuration_uv_takes_its_own_defaults():
    assert uv_environment("") == {"UV_INDEX_STRATEGY": "unsafe-best-match"}


def test_a_python_much_faster_than_the_one_that_runs_is_taken(monkeypatch, tmp_path):
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    slow, quick, broken = (tmp_path / each for each in ("slow", "quick", "broken"))
    for folder, words in ((slow, "echo slow; echo 0.9"), (quick, "echo quick; echo 0.0000001")):
        _program(folder / name, words)
    _program(broken / name, "echo no module named ensurepip >&2; exit 1")
    monkeypatch.setenv("PATH", f"{tmp_path}/nowhere:{broken}:{slow}")
    assert fastest() == sys.executable
    monkeypatch.setenv("PATH", f"{broken}:{slow}:{quick}")
    assert fastest() == "quick"
    # The one that runs can make no environment: any other will do.
    monkeypatch.setattr(sys, "executable", str(broken / name))
    monkeypatch.setenv("PATH", str(slow))
    assert fastest() == "slow"


def _program(path, words):
    path.parent.mkdir()
    path.write_text(f"#!/bin/sh\n{words}\n", encoding="ascii")
    path.chmod(0o755)
