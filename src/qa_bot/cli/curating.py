"""`qa-bot card`, `qa-bot questions` and `qa-bot feedback`."""

from pathlib import Path

import click

from qa_bot.cli.options import index_option
from qa_bot.cli.telling import STOPPED, echo_json
from qa_bot.errors import QaBotError

FINDINGS = 1

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
    from qa_bot.corpus import parties_of
    from qa_bot.corpus.documents import read_text
    from qa_bot.perspective.draft import draft_card

    click.echo(draft_card(read_text(file), parties_of(file.parent)))


@card.command("check")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path("corpus"))
def card_check(folder: Path) -> None:
    """Validate parties.toml and every card of a corpus folder; name what is missing, or probably not meant.

    \b
    Example:
      qa-bot card check corpus
    """
    from qa_bot.corpus import read_corpus
    from qa_bot.corpus.cards import remarks
    from qa_bot.corpus.documents import lone_cards

    corpus = read_corpus(folder)
    parties = corpus.parties
    for document in corpus.documents:
        state = "card is valid" if document.card else "no card: perspective not declared"
        click.echo(
            "; ".join((f"{document.doc_id}: {state}", *(remarks(document.card, parties) if document.card else ())))
        )
    for path in lone_cards(folder):
        click.echo(f"{path.name}: a card without a document; give it the name of its document, or delete it")
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
    """Check that every span exists, nothing is asked twice, and how the set is balanced. Exit status 1 with findings.

    \b
    Example:
      qa-bot questions check corpus/questions/second-karabakh-war.jsonl
    """
    from qa_bot.evaluation import check_questions, read_collection, render_inspection
    from qa_bot.index import load_index

    documents = {e.document.doc_id: e.document for e in load_index(index_folder).entries}
    inspection = check_questions(read_collection(file, documents), documents)
    click.echo(render_inspection(inspection))
    if inspection.findings:
        raise SystemExit(FINDINGS)


class Terminal:
    """The person at this terminal."""

    def say(self, text: str) -> None:
        """Show something."""
        click.echo(text)

    def ask(self, prompt: str) -> str:
        """One line of reply, empty for none."""
        return str(click.prompt(prompt, default="", show_default=False, prompt_suffix=""))


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
    from qa_bot.evaluation import add_questions, measured, read_collection

    bot = QaBot.load(index_folder)
    documents = {document.doc_id: document for document in bot.documents}
    known = read_collection(file, documents).questions if file.exists() else ()
    try:
        click.echo(f"{add_questions(measured(bot), file, known, Terminal())} questions added to {file}")
    except click.Abort:  # Ctrl-C, or the end of what is typed
        click.echo(f"\nqa-bot: stopped; the questions that were saved are in {file}", err=True)
        raise SystemExit(STOPPED) from None


@questions.command("from-feedback")
@click.argument("feedback_file", type=_file)
@click.argument("file", type=_file)
@index_option
def questions_from_feedback(feedback_file: Path, file: Path, index_folder: Path) -> None:
    """Turn recorded thumbs-down into draft questions appended to FILE, for a person to finish.

    \b
    Example:
      qa-bot questions from-feedback feedback/feedback.jsonl drafts.jsonl
    """
    from qa_bot.chat import read_feedback
    from qa_bot.evaluation import Verdict, append_question, drafts_from_feedback, read_collection
    from qa_bot.index import load_index

    if not feedback_file.exists():
        raise QaBotError(f"no feedback in '{feedback_file}'; name the file that qa-bot serve --feedback writes")

    documents = {e.document.doc_id: e.document for e in load_index(index_folder).entries}
    known = read_collection(file, documents).questions if file.exists() else ()
    verdicts = (
        Verdict(entry["question"], entry["verdict"], tuple(entry.get("history", ())))
        for entry in read_feedback(feedback_file)
    )
    drafts = drafts_from_feedback(verdicts, known)
    for question in drafts:
        append_question(file, question, documents)
    click.echo(f"{len(drafts)} draft questions added to {file}")


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
        echo_json(entry)
