"""Sentences on what is typed into letters, in German."""

from collections.abc import Mapping

LETTER_SENTENCES: Mapping[str, str] = {
    "A letter needs words in some language.": "Ein Brief braucht Worte in irgendeiner Sprache.",
    "Letters are written in de and en.": "Briefe gibt es in de und en.",
    "A letter has subject and body.": "Ein Brief hat subject und body.",
    "A letter has a subject.": "Ein Brief hat einen Betreff.",
    "A letter has a body.": "Ein Brief hat einen Text.",
    "A subject is one line of plain words.": "Ein Betreff ist eine Zeile, ohne Steuerzeichen.",
    "This letter is too large: mail programs show {} kB, with all its markup.": (
        "Dieser Brief ist zu groß: Mailprogramme zeigen {} kB, mit aller Auszeichnung."
    ),
    "Line {}: there is no variable “{}”.": "Zeile {}: Eine Variable „{}“ gibt es nicht.",
    "Line {}: there is no variable “{}”. Did you mean “{}”?": (
        "Zeile {}: Eine Variable „{}“ gibt es nicht. Ist „{}“ gemeint?"
    ),
    'Line {}: a variable is written {{ name }} or {{ name | "otherwise" }}.': (
        'Zeile {}: Eine Variable schreibt man {{{{ name }}}} oder {{{{ name | "sonst" }}}}.'
    ),
    "Line {}: “{}” is no link address. It begins with https:// or http://.": (
        "Zeile {}: „{}“ ist keine Adresse für einen Link. Sie beginnt mit https:// oder http://."
    ),
    "Line {}: a link is written [words](https://shop.example).": (
        "Zeile {}: Einen Link schreibt man [Worte](https://shop.example)."
    ),
    "Line {}: a picture is written ![what it shows](https://shop.example/tea.jpg).": (
        "Zeile {}: Ein Bild schreibt man ![was es zeigt](https://shop.example/tea.jpg)."
    ),
    "Line {}: a picture stands in a block “header”.": (
        "Zeile {}: Ein Bild steht in einem Block „header“."
    ),
    "Line {}: control characters cannot be sent.": (
        "Zeile {}: Steuerzeichen lassen sich nicht verschicken."
    ),
    "Line {}: there is no block “{}”. There are: {}.": (
        "Zeile {}: Einen Block „{}“ gibt es nicht. Es gibt: {}."
    ),
    "Line {}: no block is open that “:::” could close.": (
        "Zeile {}: Hier ist kein Block offen, den „:::“ schließen könnte."
    ),
    "Line {}: this block is not closed. A line “:::” closes it.": (
        "Zeile {}: Dieser Block ist nicht geschlossen. Das tut eine Zeile „:::“."
    ),
    "Line {}: blocks do not nest. First close that of line {}.": (
        "Zeile {}: Ein Block steht nicht in einem anderen. Erst den von Zeile {} schließen."
    ),
    "Line {}: the words of a block stand below its first line.": (
        "Zeile {}: Die Worte eines Blocks stehen unter seiner ersten Zeile."
    ),
    "Line {}: beside “:::products” stands how many, from 1 to {}.": (
        "Zeile {}: Neben „:::products“ steht, wie viele, von 1 bis {}."
    ),
    "Line {}: a button holds one link: [words](https://shop.example).": (
        "Zeile {}: Ein Knopf besteht aus einem Link: [Worte](https://shop.example)."
    ),
    "Line {}: the block “{}” needs words.": "Zeile {}: Der Block „{}“ braucht Worte.",
}
