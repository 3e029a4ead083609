"""All recipes, in the order in which they are offered."""

from collections.abc import Mapping

from campaigns.domain.recipes.greetings import GREETINGS
from campaigns.domain.recipes.offers import OFFERS
from campaigns.domain.recipes.orders import ORDERS
from campaigns.domain.recipes.recipe import Group, Recipe, Said
from campaigns.domain.recipes.reminders import REMINDERS
from campaigns.domain.recipes.seasons import SEASONS

RECIPES: Mapping[str, Recipe] = {
    recipe.key: recipe for recipe in (*GREETINGS, *OFFERS, *SEASONS, *ORDERS, *REMINDERS)
}
GROUPS: Mapping[Group, Said] = {
    "greetings": Said(de="Grüße", en="Greetings"),
    "offers": Said(de="Angebote", en="Offers"),
    "orders": Said(de="Rund um die Bestellung", en="Around an order"),
    "reminders": Said(de="Erinnerungen", en="Reminders"),
}
