"""`qa-bot documents`."""

from pathlib import Path

import click

from qa_bot.cli.options import index_option
from qa_bot.settings import Settings

corpus_option = click.option(
    "--corpus",
    "corpus_folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=lambda: Settings().corpus,
    show_default="QA_BOT_CORPUS or corpus",
    help="Folder of the sources.",
)


@click.group()
def documents() -> None:
    """The documents of a corpus: add, remove, list and show them; the index follows.

    \b
    Example:
      qa-bot documents list
    """


@documents.command("add")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--card", type=click.Path(path_type=Path), help="The card of the document; only with a single FILE.")
@click.option("--replace", is_flag=True, help="Let a file take the place of the document of the same name.")
@click.option("--quiet", is_flag=True, help="No progress bar.")
@corpus_option
@index_option
def documents_add(
    files: tuple[Path, ...],
    card: Path | None,
    corpus_folder: Path,
    index_folder: Path,
    *,
    replace: bool,
    quiet: bool,
) -> None:
    """Copy FILES into the corpus and index them. A card beside a file (NAME.toml) is taken along.

    Every file is checked before any is copied in; when something is wrong with one, the corpus stays as it was.

    \b
    Example:
      qa-bot documents add report.txt --card report.toml
    """
    from qa_bot.corpus.documents import card_beside
    from qa_bot.corpus.shelf import Offer, check, put
    from qa_bot.errors import DocumentExistsError

    if card and len(files) > 1:
        raise click.UsageError(
            "--card is for a single FILE; name the files one by one, or lay each card beside its file"
        )
    distinct = {file.resolve(): file for file in reversed(files)}
    offers = [
        Offer(file, file.name, card or card_beside(file), replacing="--replace") for file in reversed(distinct.values())
    ]
    named: dict[str, Offer] = {}
    for offer in offers:
        same_name = named.setdefault(offer.source.stem.casefold(), offer)
        if same_name is not offer:
            problem = f"would be the same document as '{same_name.source}'; give one of the files another name"
            raise DocumentExistsError(str(offer.source), problem)
        check(corpus_folder, offer, replace=replace)
    for offer in offers:
        document, new = put(corpus_folder, offer, replace=replace)
        state = "card is valid" if document.card else "no card: perspective not declared"
        click.echo(
            f"{'added' if new else 'there already'}: {document.doc_id} ({len(document.text):,} characters; {state})"
        )
    _update(corpus_folder, index_folder, quiet=quiet)


@documents.command("remove")
@click.argument("doc_ids", nargs=-1, required=True, metavar="DOC_ID...")
@click.option("--quiet", is_flag=True, help="No progress bar.")
@corpus_option
@index_option
def documents_remove(doc_ids: tuple[str, ...], corpus_folder: Path, index_folder: Path, *, quiet: bool) -> None:
    """Delete documents and their cards from the corpus, and from the index: all that are named, or none.

    \b
    Example:
      qa-bot documents remove report
    """
    from qa_bot.corpus.shelf import take

    for gone in take(corpus_folder, *doc_ids):
        click.echo(f"removed: {', '.join(p.name for p in (gone.source, gone.card) if p)}")
    _update(corpus_folder, index_folder, quiet=quiet)


@documents.command("list")
@corpus_option
@index_option
def documents_list(corpus_folder: Path, index_folder: Path) -> None:
    """List the documents: id, file, characters and party, and where index and corpus differ.

    \b
    Example:
      qa-bot documents list
    """
    from qa_bot.corpus.shelf import holdings
    from qa_bot.errors import CorpusFolderError, IndexMissingError
    from qa_bot.index import load_index

    if not corpus_folder.is_dir():
        raise CorpusFolderError(corpus_folder)
    try:
        indexed = {e.document.doc_id: e.document for e in load_index(index_folder).entries}
    except IndexMissingError:
        indexed = {}
    held, way_out = holdings(corpus_folder), f"run: qa-bot index {corpus_folder} --index {index_folder}"
    for doc_id in sorted({*held, *indexed}):
        document = indexed.get(doc_id)
        file = held[doc_id].source.name if doc_id in held else f"not in the corpus; {way_out}"
        if document is None:
            click.echo(f"{doc_id}  {file}  not indexed yet; {way_out}")
            continue
        party = document.party or "perspective not declared"
        click.echo(f"{doc_id}  {file}  {len(document.text):,} characters  {party}")


@documents.command("show")
@click.argument("doc_id")
@index_option
def documents_show(doc_id: str, index_folder: Path) -> None:
    """Show what the index holds of one document: title, hash, parts, and its card.

    \b
    Example:
      qa-bot documents show second-karabakh-war
    """
    from qa_bot.index import load_index

    entry = load_index(index_folder).entry(doc_id)
    document, parts = entry.document, entry.outline
    click.echo(f"{document.doc_id}: {document.title}")
    click.echo(f"SHA-256: {document.sha256}")
    click.echo(
        f"{len(document.text):,} characters, {len(parts.sections)} sections, {len(parts.sentences)} sentences, "
        f"{len(parts.passages)} passages"
    )
    if document.card is None:
        click.echo(f"no card: perspective not declared; draft one with: qa-bot card new FILE > {doc_id}.toml")
        return
    for key, field in document.card.fields.items():
        click.echo(f"{key}: {field.value} ({field.basis.value})")
    for party, stance in document.card.stance.items():
        click.echo(f"stance.{party}: {stance}")
    for name, entries in (("values", document.card.values), ("limitations", document.card.limitations)):
        for value in entries:
            click.echo(f"{name}: {value}")


def _update(corpus: Path, index: Path, *, quiet: bool) -> None:
    from qa_bot.cli.indexing import update
    from qa_bot.encoder import load_encoder
    from qa_bot.index import encoder_folders

    update(corpus, index, load_encoder(Settings().model, near=encoder_folders(index)), quiet=quiet, wait_s=600)
