"""The `qa-bot` command: a thin skin over the library. Heavy imports live inside the command that needs them."""

import sys

import click

from qa_bot import __version__
from qa_bot.cli.asking import ask
from qa_bot.cli.curating import card, feedback, questions
from qa_bot.cli.documents import documents
from qa_bot.cli.indexing import check, index, restore, snapshot
from qa_bot.cli.measuring import evaluate
from qa_bot.cli.serving import keys, mcp, serve
from qa_bot.cli.telling import OneLineErrors


@click.group(
    "qa-bot",
    cls=OneLineErrors,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.version_option(__version__, prog_name="qa-bot")
def main() -> None:
    """Ask documents questions; every answer is a quotation with its exact place, its speaker and its standpoint.

    \b
    Example:
      qa-bot index corpus
      qa-bot ask "When was Shusha taken?"
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that cannot show a letter still shows the rest


for command in (index, documents, ask, serve, evaluate, check, snapshot, restore, card, questions, feedback, keys, mcp):
    main.add_command(command)
