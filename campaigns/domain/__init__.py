"""When, for whom and how: plain functions, no Django, no clock, no database."""
