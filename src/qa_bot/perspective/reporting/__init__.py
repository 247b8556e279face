"""Reporting: where a sentence says that somebody says something, by the frames of the inventory."""
