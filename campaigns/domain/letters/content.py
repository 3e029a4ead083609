"""What is wrong with a campaign's content, told when it is saved."""

from collections.abc import Callable, Iterable, Mapping

from campaigns.domain.letters.blocks import Body, Inline, Problem
from campaigns.domain.letters.brand import Brand
from campaigns.domain.letters.letter import LARGEST, letter_of
from campaigns.domain.letters.markup import has_controls, lines_of, parse_body
from campaigns.domain.letters.sample import sample_values
from campaigns.domain.letters.subjects import LONGEST_SUBJECT, read_subject
from campaigns.domain.letters.values import RenderFailed
from common.errors import FieldError
from common.money import Language

LONGEST_BODY = 50_000
_LANGUAGES: Mapping[str, Language] = {"de": "de", "en": "en"}
#: What is wrong with a subject and body that can be read; `pointer` is that of the body.
Further = Callable[[Inline, Body, Language, str], list[FieldError]]
MEASURED = Brand(shop_name="A shop of a middling name", imprint="A line of the law. " * 10)


def body_errors(
    content: Mapping[str, Mapping[str, str]], *, further: Further | None = None
) -> list[FieldError]:
    """All mistakes of a content `{"de": {"subject", "body"}, "en": ...}`; empty when all is well.

    `further` is asked where nothing else is wrong; of a letter, whether it is too large.

    >>> [error.pointer for error in body_errors({"de": {"subject": "Tee", "body": "{{ x }}"}})]
    ['/content/de/body']
    """
    if not content:
        return [FieldError("/content", "required", "A letter needs words in some language.")]
    return [
        error
        for language, words in content.items()
        for error in _language_errors(language, words, further or _size_errors)
    ]


def _language_errors(language: str, words: Mapping[str, str], further: Further) -> list[FieldError]:
    pointer = f"/content/{_escaped(language)}"
    known = _LANGUAGES.get(language)
    if known is None:
        return [FieldError(pointer, "unknown_field", "Letters are written in de and en.")]
    errors = [
        FieldError(f"{pointer}/{_escaped(name)}", "unknown_field", "A letter has subject and body.")
        for name in words
        if name not in {"subject", "body"}
    ]
    subject, body = words.get("subject", ""), words.get("body", "")
    title, title_errors = _subject(subject, f"{pointer}/subject")
    read, body_errors = _body(body, f"{pointer}/body")
    errors += title_errors + body_errors
    return errors or further(title, read, known, f"{pointer}/body")


def _subject(text: str, pointer: str) -> tuple[Inline, list[FieldError]]:
    if not text.strip():
        return (), [FieldError(pointer, "required", "A letter has a subject.")]
    if len(text) > LONGEST_SUBJECT:
        return (), [FieldError(pointer, "invalid", f"At most {LONGEST_SUBJECT} characters.")]
    if len(lines_of(text)) > 1 or has_controls(text):
        return (), [FieldError(pointer, "invalid", "A subject is one line of plain words.")]
    title, problems = read_subject(text)
    return title, _told(problems, pointer)


def _body(text: str, pointer: str) -> tuple[Body, list[FieldError]]:
    if not text.strip():
        return Body(()), [FieldError(pointer, "required", "A letter has a body.")]
    if len(text) > LONGEST_BODY:
        return Body(()), [FieldError(pointer, "invalid", f"At most {LONGEST_BODY} characters.")]
    read = parse_body(text)
    return read, _told(read.problems, pointer)


def _size_errors(subject: Inline, body: Body, language: Language, pointer: str) -> list[FieldError]:
    """Tried with values of a usual length."""
    letter = letter_of(subject, body, language=language, purpose="marketing", brand=MEASURED)
    try:
        letter.render(sample_values(language=language))
    except RenderFailed:
        most = LARGEST // 1000
        detail = f"This letter is too large: mail programs show {most} kB, with all its markup."
        return [FieldError(pointer, "invalid", detail)]
    return []


def _told(problems: Iterable[Problem], pointer: str) -> list[FieldError]:
    return [FieldError(pointer, problem.code, problem.detail) for problem in problems]


def _escaped(name: str) -> str:
    """A member of a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")
