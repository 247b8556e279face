"""Sources: who is meant by the words that name somebody who speaks, and on whose side that is."""
