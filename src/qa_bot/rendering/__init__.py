"""Answers as JSON (`payload`) and as text for a terminal (`text`)."""
