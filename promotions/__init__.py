"""Effects, conditions, choosing, codes, limits and their uses."""
