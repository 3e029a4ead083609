"""Guards of the channels beside mail, and the tests that fall without them."""

from tests.races.mutants import Mutant

PLACEMENTS = "campaigns/actions/placements.py"
SMS = "campaigns/channels/sms.py"

_TWICE = (
    "tests/campaigns/test_placement_offers.py"
    "::test_whoever_comes_twice_at_once_gets_one_code_and_is_counted_twice"
)

CHANNEL_MUTANTS = [
    Mutant(
        "the bound on views in the statement that counts them",
        _TWICE,
        (
            (
                PLACEMENTS,
                "        WHERE %(most)s::bigint IS NULL OR known.views < %(most)s\n",
                "        WHERE %(most)s::bigint IS NULL OR true\n",
            ),
        ),
    ),
    Mutant(
        "the row of a customer before their code is made",
        _TWICE,
        ((PLACEMENTS, "if key is None:", "if key is None and place.code:"),),
    ),
    Mutant(
        "unknown for what the provider of text messages may have taken",
        "tests/campaigns/test_sms.py::test_what_becomes_of_it_follows_from_the_answer",
        ((SMS, 'Reply("unknown", "connection_lost"', 'Reply("later", "connection_lost"'),),
    ),
]
