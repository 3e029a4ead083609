"""The virtual environment: what pip is configured with, uv is told."""

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
