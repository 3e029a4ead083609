"""The examples of the document are one story, and the service tells it just so."""

import json
import os
from dataclasses import asdict

import pytest

from config.openapi.examples import STORY, story
from tests.api import Api
from tests.rest.player import Names, play


@pytest.mark.django_db
def test_the_story_of_the_document_is_true(api: Api):
    played = play(api, story(), Names())

    if os.environ.get("RETELL"):
        text = json.dumps([asdict(step) for step in played], indent=2, ensure_ascii=False)
        STORY.write_text(f"{text}\n", encoding="utf-8")
    for told, happened in zip(story(), played, strict=True):
        assert happened == told
