"""What is refused when a content is saved, and where; and that its page is true."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from campaigns.domain.letters.blocks import BLOCKS
from campaigns.domain.letters.content import body_errors
from campaigns.domain.letters.variables import VARIABLES
from common.api.german import in_german
from common.field_codes import FIELD_CODES

GOOD = {"subject": "Tea", "body": "Hello."}
PAGE = (Path(settings.BASE_DIR) / "docs" / "letters.md").read_text(encoding="utf-8")


def test_a_content_in_one_language_or_both_is_fine():
    assert body_errors({"de": GOOD}) == []
    assert body_errors({"de": GOOD, "en": {"subject": "x" * 200, "body": "x" * 50_000}}) == []


@pytest.mark.parametrize(
    ("content", "pointer", "code", "detail"),
    [
        ({}, "/content", "required", "A letter needs words in some language."),
        ({"fr": GOOD}, "/content/fr", "unknown_field", "Letters are written in de and en."),
        ({"a/b": GOOD}, "/content/a~1b", "unknown_field", "Letters are written in de and en."),
        ({"de": GOOD | {"title": "x"}}, "/content/de/title", "unknown_field",
         "A letter has subject and body."),
        ({"de": {"body": "x"}}, "/content/de/subject", "required", "A letter has a subject."),
        ({"de": GOOD | {"subject": " "}}, "/content/de/subject", "required", "A letter has a subject."),
        ({"de": GOOD | {"subject": "x" * 201}}, "/content/de/subject", "invalid",
         "At most 200 characters."),
        ({"de": GOOD | {"subject": "a\nBcc: b"}}, "/content/de/subject", "invalid",
         "A subject is one line of plain words."),
        ({"de": GOOD | {"subject": "a\u2028b"}}, "/content/de/subject", "invalid",
         "A subject is one line of plain words."),
        ({"de": GOOD | {"subject": "{{ x }}"}}, "/content/de/subject", "unknown",
         "Line 1: there is no variable “x”."),
        ({"en": {"subject": "x"}}, "/content/en/body", "required", "A letter has a body."),
        ({"en": GOOD | {"body": "x" * 50_001}}, "/content/en/body", "invalid",
         "At most 50000 characters."),
        ({"en": GOOD | {"body": "a\n\n{{ cod }}"}}, "/content/en/body", "unknown",
         "Line 3: there is no variable “cod”. Did you mean “code”?"),
        ({"en": GOOD | {"body": "&" * 30_000}}, "/content/en/body", "invalid",
         "This letter is too large: mail programs show 100 kB, with all its markup."),
    ],
)  # fmt: skip
def test_what_is_refused(content, pointer, code, detail):
    (error,) = body_errors(content)
    assert (error.pointer, error.code, error.detail) == (pointer, code, detail)
    assert in_german(detail) != detail
    assert code in FIELD_CODES


def test_every_mistake_of_both_languages_is_told_up_to_twenty_of_a_body():
    content = {"de": GOOD | {"body": "{{ x }}\n" * 30}, "en": GOOD | {"subject": "{{ y }}"}}
    pointers = [error.pointer for error in body_errors(content)]
    assert pointers == ["/content/de/body"] * 20 + ["/content/en/subject"]


def test_the_page_names_every_block_and_every_variable_as_it_is():
    for name in BLOCKS:
        assert re.search(rf"^\| `{name}` \| \S", PAGE, re.MULTILINE), name
    rows = re.findall(r"^\| `([a-z_.]+)` \| (.+?) \| (.+?) \|$", PAGE, re.MULTILINE)
    assert rows == [(known.name, known.en, known.de) for known in VARIABLES.values()]


def test_the_examples_of_the_page_are_letters():
    examples = [text for kind, text in re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
                if not kind]  # fmt: skip
    assert len(examples) == 2
    for example in examples:
        assert body_errors({"en": {"subject": "Tea", "body": example}}) == []
    assert all(f":::{name}" in examples[1] for name in BLOCKS if name != "text")
