"""Cashback once more, read from `rules.md` section 3 and the contract alone.

`shop.Shop` takes the events of a shop in the order of their instants and says what each customer
then has. Every minor unit of a lot is in exactly one account at every moment (`ledger.Lot.parts`),
so that "always true" is a matter of adding up. Where the rules are silent, a comment that begins
with "Silent:" says what was chosen and why.
"""
