"""`python -m qa_bot.encoder`: the process that exports a model."""

import sys

from qa_bot.encoder.exporting import main

main(*sys.argv[1:])
