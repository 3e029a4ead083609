"""All offers of the tea shop."""

from datetime import datetime

from config.demo.offers.club import club
from config.demo.offers.offer import Offer
from config.demo.offers.personal import personal
from config.demo.offers.resting import resting
from config.demo.offers.shared import shared
from config.demo.offers.standing import standing


def offers(*, today: datetime) -> list[Offer]:
    """In the order in which staff made them; times count from `today`, a midnight in Berlin."""
    made = [
        *standing(today=today),
        *shared(today=today),
        *personal(today=today),
        *resting(today=today),
        *club(today=today),
    ]
    return sorted(made, key=lambda offer: offer.made_at)
