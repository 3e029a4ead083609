"""Starts, watches and ends every process of a shop on one machine. Standard library only.

`python -m stack up` needs nothing but the virtual environment: PostgreSQL, Valkey and a mail sink
come from PyPI, unless DATABASE_URL, REDIS_URL or EMAIL_URL name servers that exist already.
"""
