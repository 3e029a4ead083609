"""Who writes: what a shop puts on its letters."""

import re
from dataclasses import dataclass

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand:
    """The sender as customers see it.

    `imprint` is the line of the law, of one or more lines: name, street, town. `colour` is
    `#rrggbb`. `public_url` is what addresses of this service begin with, without a slash at its end.

    Raises:
        ValueError: the colour is none, or the shop has no name.
    """

    shop_name: str
    imprint: str
    colour: str = "#17694a"
    public_url: str = ""

    def __post_init__(self) -> None:
        if not _COLOUR.fullmatch(self.colour):
            raise ValueError(f"a colour is written #rrggbb, not {self.colour}")
        if not self.shop_name.strip():
            raise ValueError("a shop has a name")
