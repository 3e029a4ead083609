"""Bases of the staff's pages: the history of a row, what a job does, files that are taken in."""
