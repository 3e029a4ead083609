"""A German tea shop: what it sells, who buys there, what it has lived through, and a walk.

Only `make demo` loads it. Nothing else of the service knows it.
"""
