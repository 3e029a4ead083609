"""Recipes: campaigns that are ready but for whom they are for. Plain data, in both languages."""
