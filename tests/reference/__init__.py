"""The published policy of money once more, by the longest way: unit by unit, combination by combination.

Written from `rules.md` and the contract alone, in plain Python, clear above fast, so that the
service has somebody independent to agree with. It takes and gives what the contract shows: bodies
of promotions, carts and answers as decoded JSON. It imports nothing of the service; import-linter
holds that.
"""
