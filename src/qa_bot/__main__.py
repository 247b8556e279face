"""`python -m qa_bot` is `qa-bot`."""

from qa_bot.cli import main

main(prog_name="qa-bot")
