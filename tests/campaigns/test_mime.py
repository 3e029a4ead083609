"""Messages as we write them are read by Python's `email` as what was meant."""

import email
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import example, given
from hypothesis import settings as drawing
from hypothesis import strategies as st

from campaigns.channels.mime import alternatives, header, mailbox

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
LINE = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=200)
thorough = drawing(max_examples=200, derandomize=True, database=None, deadline=None)


def read(headers, *, text="", html=""):
    sent = alternatives(headers, text=text, html=html, number=7)
    message = email.message_from_bytes(sent, policy=SMTP)
    assert isinstance(message, EmailMessage)
    assert message.defects == []
    return sent, message


@thorough
@given(text=TEXT, html=TEXT)
@example(text=" \n.\n..\n=\n \t\n--=_7\n--=_7--\n", html="<p>ä</p>" * 60 + " ")
def test_both_parts_are_read_as_they_were_written(text, html):
    sent, message = read([header("Subject", "x")], text=text, html=html)
    parts = list(message.iter_parts())
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    for part, wrote in zip(parts, (text, html), strict=True):
        assert lines(part.get_payload(decode=True).decode()) == lines(wrote)
    for line in sent.split(b"\r\n"):
        assert len(line) <= 78
        assert not {b"\r", b"\n"} & {line[n : n + 1] for n in range(len(line))}


def lines(text):
    return text.replace("\r\n", "\n").replace("\r", "\n")


@thorough
@given(subject=LINE)
@example(subject="=?utf-8?q?Gutschein?=")
@example(subject="Ein Geschenk für Sie, Ada: 10 % auf alles, was Sie in den nächsten Tagen finden")
@example(subject="word  " * 30)
def test_a_subject_is_read_as_it_was_written(subject):
    _, message = read([header("Subject", subject), header("Date", "now")])
    assert message["Subject"].strip() == subject.strip()
    assert message["Date"] is not None


@thorough
@given(name=LINE)
@example(name='Körner "Bio" & Co., Köln')
@example(name='C:\\Shop "A"')
def test_a_display_name_is_read_as_it_was_written(name):
    _, message = read([mailbox("From", display_name=name, address="shop@example.com")])
    (found,) = message["From"].addresses
    assert found.addr_spec == "shop@example.com"
    # Where one encoded word ends in white space and the next begins, `email` itself is not of one mind.
    assert "".join(found.display_name.split()) == "".join(name.split())


@pytest.mark.parametrize("value", ["a\r\nBcc: eve@example.com", "a\nb", "a\rb"])
def test_no_value_begins_another_header(value):
    with pytest.raises(ValueError, match="line break"):
        header("Subject", value)


@pytest.mark.parametrize(
    "address", ["", "ada", "ada@", "@example.com", "a b@example.com", "a@b@c", "a@b\r\nBcc: x@y",
                "<ada@example.com>", "ädä@example.com"],
)  # fmt: skip
def test_what_is_no_address_is_not_written_to(address):
    with pytest.raises(ValueError, match="no address"):
        mailbox("To", address=address)


def test_a_long_link_is_never_broken():
    link = "<https://shop.example/" + "u" * 300 + ">"
    sent, message = read([header("List-Unsubscribe", link)])
    assert f"List-Unsubscribe: {link}\r\n".encode() in sent
    assert message["List-Unsubscribe"] == link
