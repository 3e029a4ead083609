"""How easily somebody who knows a pattern would guess one of its live codes."""

from dataclasses import dataclass
from fractions import Fraction

from promotions.domain.codes import guess_chance

#: One guess may hit a live code with this chance at most: one in so many.
SAFE_ODDS = 1_000_000
#: A shared code with fewer signs is found by trying.
SAFE_LENGTH = 6


@dataclass(frozen=True, slots=True)
class GuessOdds:
    """The chance of one guess."""

    live_codes: int
    chance: Fraction

    @property
    def are_safe(self) -> bool:
        return self.chance * SAFE_ODDS <= 1

    @property
    def one_in(self) -> int:
        """Guesses to one hit."""
        return int(1 / self.chance) if self.chance else 0

    @property
    def told(self) -> str:
        return (
            f"With {self.live_codes:,} live codes one guess in {self.one_in:,} would hit one; "
            f"one in {SAFE_ODDS:,} is the most. Put more # into the pattern."
        )


def odds_of(*, live_codes: int, pattern: str) -> GuessOdds:
    """The odds of a guess by the pattern."""
    return GuessOdds(live_codes, guess_chance(live_codes=live_codes, pattern=pattern))
