"""`qa-bot card`, `qa-bot questions` and `qa-bot feedback`."""

import json
from pathlib import Path

import click

from qa_bot.cli.options import index_option
from qa_bot.types import Parties

_file = click.Path(dir_okay=False, path_type=Path)


@click.group()
def card() -> None:
    """Perspective cards: who made a document and from where it speaks.

    \b
    Example:
      qa-bot card check corpus
    """


@card.command("new")
@click.argument("file", type=_file)
def card_new(file: Path) -> None:
    """Draft the card of FILE for a person to finish; printed, and never written over an existing card.

    \b
    Example:
      qa-bot card new corpus/report.txt > corpus/report.toml
    """
    from qa_bot.corpus.documents import read_text
    from qa_bot.perspective.draft import draft_card

    click.echo(draft_card(read_text(file), _parties(file.parent)))


@card.command("check")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path("corpus"))
def card_check(folder: Path) -> None:
    """Validate parties.toml and every card of a corpus folder; name the documents that have none.

    \b
    Example:
      qa-bot card check corpus
    """
    from qa_bot.corpus import read_corpus

    corpus = read_corpus(folder)
    for document in corpus.documents:
        state = "card is valid" if document.card else "no card: perspective not declared"
        click.echo(f"{document.doc_id}: {state}")
    parties = corpus.parties
    counts = f"{len(parties.parties)} parties, {len(parties.actors)} actors, {len(parties.places)} places"
    click.echo(f"parties.toml: {counts}")


@click.group()
def questions() -> None:
    """Question sets: check them, add to them, draft them from readers' feedback.

    \b
    Example:
      qa-bot questions check corpus/questions/second-karabakh-war.jsonl
    """


@questions.command("check")
@click.argument("file", type=_file)
@index_option
def questions_check(file: Path, index_folder: Path) -> None:
    """Check that every span exists, nothing is asked twice, and how the set is balanced.

    \b
    Example:
      qa-bot questions check corpus/questions/second-karabakh-war.jsonl
    """
    from qa_bot.evaluation.curation import check_set, render_check
    from qa_bot.index import load_index

    documents = {e.document.doc_id: e.document for e in load_index(index_folder).entries}
    click.echo(render_check(check_set(file, documents)))


@questions.command("add")
@click.argument("file", type=_file)
@index_option
def questions_add(file: Path, index_folder: Path) -> None:
    """Ask, pick the right sentence in the terminal, and append the question to FILE.

    \b
    Example:
      qa-bot questions add my-questions.jsonl
    """
    from qa_bot.bot import QaBot
    from qa_bot.evaluation.curation import add_question, render_choices

    bot = QaBot.load(index_folder)
    text = click.prompt("Question").strip()
    found = bot.search(text, limit=10)
    click.echo(render_choices(found))
    chosen = click.prompt("Which answer it? Numbers with commas, or 0 for none", default="0")
    numbers = _numbers(chosen, len(found))
    click.echo(add_question(file, text, [found[n - 1] for n in numbers]))


@questions.command("from-feedback")
@click.argument("feedback_file", type=_file)
@click.argument("file", type=_file)
def questions_from_feedback(feedback_file: Path, file: Path) -> None:
    """Turn recorded thumbs-down into draft questions appended to FILE, for a person to finish.

    \b
    Example:
      qa-bot questions from-feedback feedback/feedback.jsonl drafts.jsonl
    """
    from qa_bot.chat import read_feedback
    from qa_bot.evaluation.curation import drafts_from_feedback

    click.echo(f"{drafts_from_feedback(read_feedback(feedback_file), file)} draft questions in {file}")


@click.group()
def feedback() -> None:
    """What readers of the chat page said of its answers.

    \b
    Example:
      qa-bot feedback export feedback/feedback.jsonl
    """


@feedback.command("export")
@click.argument("file", type=_file, default=Path("feedback/feedback.jsonl"))
def feedback_export(file: Path) -> None:
    """Print the recorded feedback, one JSON object a line, oldest first.

    \b
    Example:
      qa-bot feedback export > feedback-2026.jsonl
    """
    from qa_bot.chat import read_feedback

    for entry in read_feedback(file):
        click.echo(json.dumps(entry, ensure_ascii=False))


def _numbers(text: str, most: int) -> list[int]:
    try:
        numbers = [int(part) for part in text.split(",")]
    except ValueError:
        raise click.BadParameter(f"'{text}' is not a list of numbers such as 1,3") from None
    if any(not 0 <= n <= most for n in numbers):
        raise click.BadParameter(f"'{text}' names a passage outside 0 to {most}")
    return [n for n in numbers if n]


def _parties(folder: Path) -> Parties:
    from qa_bot.corpus import read_parties

    path = folder / "parties.toml"
    return read_parties(path) if path.is_file() else Parties()
