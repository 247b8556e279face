"""Loaded words: the curated lexicon of words that take a side, and where a text has them."""
