"""`qa-bot ask`."""

import shutil
import sys
from pathlib import Path

import click

from qa_bot.cli.options import index_option
from qa_bot.cli.telling import echo_json
from qa_bot.settings import MAX_CITATIONS
from qa_bot.types import Status

NOT_IN_SOURCES = 1


@click.command()
@click.argument("question")
@click.option("--history", multiple=True, metavar="Q", help="An earlier question; repeat it, oldest first.")
@click.option("--document", "doc_ids", multiple=True, metavar="ID", help="Search only this document; may be repeated.")
@click.option(
    "--party", "parties", multiple=True, metavar="NAME", help="Search only documents of this party; may be repeated."
)
@click.option(
    "--citations",
    type=click.IntRange(1, MAX_CITATIONS),
    default=3,
    show_default=True,
    metavar="N",
    help="How many quotations at most.",
)
@click.option("--json", "as_json", is_flag=True, help="The answer as JSON, as the HTTP endpoint gives it.")
@index_option
def ask(
    question: str,
    history: tuple[str, ...],
    doc_ids: tuple[str, ...],
    parties: tuple[str, ...],
    citations: int,
    *,
    as_json: bool,
    index_folder: Path,
) -> None:
    """Answer QUESTION with quotations. Exit status 1 if the sources do not answer it.

    \b
    Example:
      qa-bot ask "armenian tank losses?"
      qa-bot ask "and in Fuzuli?" --history "When was Shusha taken?" --json
      qa-bot ask -- "-5 degrees, or colder?"
    """
    from qa_bot.bot import QaBot
    from qa_bot.rendering.payload import answer_payload
    from qa_bot.rendering.text import answer_text

    bot = QaBot.load(index_folder)
    answer = bot.ask(
        question, history=history, max_citations=citations, doc_ids=doc_ids or None, parties=parties or None
    )
    if as_json:
        echo_json(answer_payload(answer), indent=2)
    else:
        width = min(100, shutil.get_terminal_size().columns)
        click.echo(answer_text(answer, width=width, bold=sys.stdout.isatty()))
    raise SystemExit(0 if answer.status is Status.ANSWERED else NOT_IN_SOURCES)
