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
from qa_bot.errors import QaBotError

ERROR = 2  # exit status of every expected error


class OneLineErrors(click.Group):
    """A group whose expected errors are one line on standard error and exit status 2."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except QaBotError as error:
            click.echo(f"qa-bot: {error}", err=True)
            ctx.exit(ERROR)
        except KeyboardInterrupt:
            click.echo("qa-bot: stopped; the index is whole, and the next run goes on from here", err=True)
            ctx.exit(130)


@click.group(cls=OneLineErrors, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
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
