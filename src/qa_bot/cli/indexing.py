"""`qa-bot index` and `qa-bot check`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from qa_bot.cli.options import index_option
from qa_bot.errors import IndexDamagedError, IndexStaleError
from qa_bot.settings import Settings

if TYPE_CHECKING:
    from qa_bot.encoder import Encoder
    from qa_bot.index import BuildReport

DAMAGED = 1


@click.command()
@click.argument(
    "corpus", type=click.Path(file_okay=False, path_type=Path), required=False, default=lambda: Settings().corpus
)
@index_option
@click.option("--rebuild", is_flag=True, help="Encode everything again, whatever the index holds.")
@click.option("--quiet", is_flag=True, help="No progress bar.")
def index(corpus: Path, index_folder: Path, *, rebuild: bool, quiet: bool) -> None:
    """Build or update the index of a folder of documents (CORPUS, by default "corpus").

    Only passages whose text is new are encoded. The old index serves until the new one is complete, also when this
    command is interrupted.

    \b
    Example:
      qa-bot index corpus --index index
    """
    from qa_bot.encoder import load_encoder
    from qa_bot.index import encoder_folders

    encoder = load_encoder(Settings().model, near=encoder_folders(index_folder))
    update(corpus, index_folder, encoder, rebuild=rebuild, quiet=quiet)


def update(corpus: Path, index_folder: Path, encoder: "Encoder", *, rebuild: bool = False, quiet: bool = False) -> None:
    """Bring an index up to date, with a progress bar, and say what changed."""
    from qa_bot.library import Library
    from qa_bot.progress import progress_bar

    with progress_bar(quiet=quiet) as progress:
        report = Library(corpus, index_folder, encoder).update(progress=progress, rebuild=rebuild, wait_s=0)
    say(report, index_folder)


def say(report: "BuildReport", index_folder: Path) -> None:
    """What a build did, as text."""
    for warning in report.warnings:
        click.echo(f"qa-bot: warning: {warning}", err=True)
    for what in ("new", "changed", "removed", "kept"):
        names = getattr(report, what)
        if names:
            click.echo(f"{what}: {', '.join(names)}")
    click.echo(f"passages: {report.encoded} encoded, {report.reused} reused; index {report.version} in {index_folder}")


@click.command()
@index_option
def check(index_folder: Path) -> None:
    """Verify an index: every checksum, every span, the manifest. Exit status 1 if it is damaged.

    \b
    Example:
      qa-bot check --index index
    """
    from qa_bot.index import checked_spans, load_index

    try:
        loaded = load_index(index_folder, thorough=True)
        spans = checked_spans(loaded)
    except (IndexDamagedError, IndexStaleError) as error:
        click.echo(f"qa-bot: {error}", err=True)
        raise SystemExit(DAMAGED) from None
    manifest = loaded.manifest
    click.echo(f"index {manifest.version}: {len(manifest.files)} files and {spans:,} spans verified")
    click.echo(f"documents: {len(manifest.documents)}, passages: {manifest.passages}, sentences: {manifest.sentences}")
    click.echo(f"model: {manifest.model}; dense index: {manifest.dense}")
