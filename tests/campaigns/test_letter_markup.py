"""What is typed into a body, and what is read from it."""

import pytest

from campaigns.domain.letters.blocks import (
    BLOCKS,
    Bold,
    Button,
    Cashback,
    Code,
    Footer,
    Header,
    Italic,
    Link,
    Picture,
    Products,
    Text,
    Variable,
    Words,
)  # fmt: skip
from campaigns.domain.letters.markup import parse_body
from campaigns.domain.letters.subjects import read_subject
from common.api.german import in_german

KINDS = {"header": Header, "text": Text, "code": Code, "products": Products, "cashback": Cashback,
         "button": Button, "footer": Footer}  # fmt: skip


def paragraph(text):
    """The nodes of a body that is one paragraph."""
    body = parse_body(text)
    assert body.problems == ()
    ((nodes,),) = [block.paragraphs for block in body.blocks]
    return nodes


def test_plain_paragraphs_need_no_block():
    assert parse_body("one\ntwo\r\n\r\n \n\nthree").blocks == (
        Text(((Words("one\ntwo"),), (Words("three"),))),
    )


@pytest.mark.parametrize("name", BLOCKS)
def test_the_example_of_each_block_is_that_block(name):
    body = parse_body(BLOCKS[name])
    assert body.problems == ()
    assert [type(block) for block in body.blocks] == [KINDS[name]]


def test_blocks_stand_in_their_order_among_paragraphs():
    body = parse_body("before\n:::code\n:::\nbetween\n\n:::Products 2\n:::\nafter")
    assert [type(block) for block in body.blocks] == [Text, Code, Text, Products, Text]
    assert body.blocks[3] == Products((), 2)


def test_a_header_may_have_a_picture():
    (block,) = parse_body(":::header\n![Tea](https://shop.example/t.jpg)\nHello\nyou\n:::").blocks
    assert block == Header((Words("Hello\nyou"),), Picture("Tea", ("https://shop.example/t.jpg",)))


@pytest.mark.parametrize(
    ("text", "nodes"),
    [
        ("a **b** c", (Words("a "), Bold((Words("b"),)), Words(" c"))),
        ("a *b* c", (Words("a "), Italic((Words("b"),)), Words(" c"))),
        ("***b***", (Bold((Italic((Words("b"),)),)),)),
        ("**a *b***", (Bold((Words("a "), Italic((Words("b"),)))),)),
        ("2 * 3 * 4 and 5*, 6*", (Words("2 * 3 * 4 and 5*, 6*"),)),
        ("**open, *too, [and this", (Words("**open, *too, [and this"),)),
        (r"\*a\* \[b\](c) \{{ d }} \\", (Words(r"*a* [b](c) {{ d }} " + "\\"),)),
        ("<b>&amp;</b>", (Words("<b>&amp;</b>"),)),
        ("[a](https://x.example/(b))", (Link((Words("a"),), ("https://x.example/(b)",)),)),
        ("[*a*](http://x.example)", (Link((Italic((Words("a"),)),), ("http://x.example",)),)),
        ("[a [b](https://x.example)", (Words("[a "), Link((Words("b"),), ("https://x.example",)))),
        ("{{code}}{{ code }}", (Variable("code"), Variable("code"))),
        ('{{ code | "none yet" }}', (Variable("code", "none yet"),)),
        ("{{ code | „keiner“ }}", (Variable("code", "keiner"),)),
        (
            "[go](https://x.example/?c={{ code }}&d)",
            (Link((Words("go"),), ("https://x.example/?c=", Variable("code"), "&d")),),
        ),
        ("{{ account_url }}", (Link((Variable("account_url"),), (Variable("account_url"),)),)),
    ],
)  # fmt: skip
def test_within_a_paragraph(text, nodes):
    assert paragraph(text) == nodes


@pytest.mark.parametrize(
    ("body", "line", "detail"),
    [
        ("a\n\n:::cod\n:::", 3, "there is no block “cod”. There are: header, text, code"),
        (":::code\nx", 1, "this block is not closed. A line “:::” closes it."),
        ("a\n:::", 2, "no block is open that “:::” could close."),
        (":::code\n:::button\n:::", 2, "blocks do not nest. First close that of line 1."),
        (":::code Your code\n:::", 1, "the words of a block stand below its first line."),
        (":::products 7\n:::", 1, "beside “:::products” stands how many, from 1 to 6."),
        (":::products many\n:::", 1, "beside “:::products” stands how many, from 1 to 6."),
        (":::header\n\n:::", 1, "the block “header” needs words."),
        (":::footer\n:::", 1, "the block “footer” needs words."),
        (":::button\nTea\n:::", 1, "a button holds one link: [words](https://shop.example)."),
        (":::button\n[a](https://x.example) b\n:::", 1, "a button holds one link"),
        (":::header\n![](https://x.example/a.jpg)\nx\n:::", 2, "a picture is written ![what it"),
        (":::header\n![a](/a.jpg)\nx\n:::", 2, "a picture is written ![what it shows]"),
        ("a\n![a](https://x.example/a.jpg)", 2, "a picture stands in a block “header”."),
        ("a\nb {{ customer.firstname }}", 2, "no variable “customer.firstname”. Did you mean “cu"),
        ("{{ 7*7 }}", 1, "there is no variable “7*7”."),
        ("{{ code.__class__ }}", 1, "there is no variable “code.__class__”."),
        ("a {{ code | none }}", 1, 'a variable is written {{ name }} or {{ name | "otherwise" }}.'),
        ("a {{ code", 1, "a variable is written {{ name }}"),
        ("{{ code|safe }}", 1, "a variable is written {{ name }}"),
        ("[a](javascript:alert(1))", 1, "“javascript:alert(1)” is no link address. It begins"),
        ("[a](//x.example)", 1, "is no link address."),
        ("[a](https://me@x.example)", 1, "is no link address."),
        ("[a](https://{{ code }}.example/)", 1, "is no link address."),
        ("[a](https://x.example{{ code }})", 1, "is no link address."),
        ("[a]({{ code }})", 1, "is no link address."),
        ('[a]({{ account_url | "javascript:x" }})', 1, "is no link address."),
        ("[a](see below)", 1, "a link is written [words](https://shop.example)."),
        ("[](https://x.example)", 1, "a link is written [words](https://shop.example)."),
        ("a\nb\x00", 2, "control characters cannot be sent."),
        ("a \u202e b", 1, "control characters cannot be sent."),
    ],
)
def test_a_mistake_is_told_with_its_line_in_both_languages(body, line, detail):
    problem = parse_body(body).problems[0]
    assert problem.line == line
    assert problem.detail.startswith(f"Line {line}: ")
    assert detail in problem.detail
    assert in_german(problem.detail).startswith(f"Zeile {line}: ")


def test_a_subject_has_variables_and_no_other_markup():
    nodes, problems = read_subject('[*A*] {{ customer.first_name | "you" }}: {1}')
    assert problems == []
    assert nodes == (Words("[*A*] "), Variable("customer.first_name", "you"), Words(": {1}"))
    assert "no variable “x”" in read_subject("{{ x }}")[1][0].detail


@pytest.mark.parametrize(
    "mark", ["*", "**a", "[", "[a](", "{{", "![", "](", "\\", "[a](https://x.y/{{ code }}"]
)
def test_the_largest_body_of_one_mark_is_read_in_no_time(mark):
    """One pass, whatever it holds: with a second look at each mark this would take minutes."""
    body = (mark * 50_000)[:50_000]
    assert parse_body(body).blocks is not None
