"""What a person reads on a page."""

import re
from typing import Any

from django.test import Client


def text_of(answer: Any) -> str:
    """The words of a page, without its tags; blanks of all kinds are one."""
    html = re.sub(r"(?s)<(script|style|template|svg)\b.*?</\1>", " ", answer.content.decode())
    return " ".join(re.sub(r"<[^>]*>", " ", html).replace("\xa0", " ").split())


def read(client: Client, url: str, language: str = "en") -> str:
    """The words of a page that can be opened."""
    answer = client.get(url, headers={"accept-language": language})
    assert answer.status_code == 200, url
    return text_of(answer)
