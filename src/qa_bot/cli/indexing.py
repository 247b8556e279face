"""`qa-bot index`, `qa-bot check`, `qa-bot snapshot` and `qa-bot restore`."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from qa_bot.cli.options import index_option
from qa_bot.cli.telling import tell
from qa_bot.errors import FolderBusyError, IndexBusyError, IndexDamagedError, IndexStaleError, QaBotError
from qa_bot.settings import Settings

if TYPE_CHECKING:
    from qa_bot.encoder import Encoder
    from qa_bot.index import BuildReport

DAMAGED = 1
WAIT_S = 60.0  # how long a change of the index may take before a command on it gives up
WATCH_S = 0.5  # between two looks at the corpus
SETTLED_S = 0.1  # for which nothing may change before it is read


@click.command()
@click.argument(
    "corpus", type=click.Path(file_okay=False, path_type=Path), required=False, default=lambda: Settings().corpus
)
@index_option
@click.option("--rebuild", is_flag=True, help="Encode everything again, whatever the index holds.")
@click.option("--watch", is_flag=True, help="Go on, and follow every change of the corpus until Ctrl-C.")
@click.option("--quiet", is_flag=True, help="No progress bar.")
def index(corpus: Path, index_folder: Path, *, rebuild: bool, watch: bool, quiet: bool) -> None:
    """Build or update the index of a folder of documents (CORPUS, by default "corpus").

    Only passages whose text is new are encoded. The old index serves until the new one is complete, also when this
    command is interrupted; what was encoded until then is not encoded again.

    \b
    Example:
      qa-bot index corpus --index index
    """
    from qa_bot.corpus import read_sources
    from qa_bot.encoder import load_encoder
    from qa_bot.index import encoder_folders

    if not watch:
        read_sources(corpus, index_folder)  # a fault is told before a model is loaded, and at first exported
    encoder = load_encoder(Settings().model, near=encoder_folders(index_folder))
    if rebuild or not watch:
        update(corpus, index_folder, encoder, rebuild=rebuild, quiet=quiet)
    if watch:
        follow(corpus, index_folder, encoder, quiet=quiet)


def update(
    corpus: Path,
    index_folder: Path,
    encoder: "Encoder",
    *,
    rebuild: bool = False,
    quiet: bool = False,
    wait_s: float = 0,
) -> None:
    """Bring an index up to date, with a progress bar, and say what changed."""
    from qa_bot.library import Library
    from qa_bot.progress import progress_bar

    with progress_bar(quiet=quiet) as progress:
        report = Library(corpus, index_folder, encoder).update(progress=progress, rebuild=rebuild, wait_s=wait_s)
    say(report, index_folder)


def follow(corpus: Path, index_folder: Path, encoder: "Encoder", *, quiet: bool = False) -> NoReturn:
    """Bring an index up to date whenever a source, card or parties file changes; a fault is told, and waited out."""
    from qa_bot.corpus.shelf import state

    seen: object = None
    while True:
        found = state(corpus)
        if found == seen:
            time.sleep(WATCH_S)
            continue
        while found != (settled := state(corpus, after_s=SETTLED_S)):  # somebody is still writing
            found = settled
        try:
            update(corpus, index_folder, encoder, quiet=quiet, wait_s=WAIT_S)
        except (IndexBusyError, FolderBusyError) as error:  # a minute was waited; what changed is still to be indexed
            tell(str(error))
            continue
        except QaBotError as error:
            tell(str(error))
        seen = found


def say(report: "BuildReport", index_folder: Path) -> None:
    """What a build did, as text."""
    for warning in report.warnings:
        tell(f"warning: {warning}")
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
    from qa_bot.index import checked_spans, damages, load_index

    try:
        found = list(damages(index_folder))
    except (IndexDamagedError, IndexStaleError) as error:
        found = [error]
    for damage in found:
        tell(str(damage))
    if found:
        raise SystemExit(DAMAGED)
    loaded = load_index(index_folder)
    manifest, spans = loaded.manifest, checked_spans(loaded)
    click.echo(f"index {manifest.version}: {len(manifest.files)} files and {spans:,} spans verified")
    click.echo(f"documents: {len(manifest.documents)}, passages: {manifest.passages}, sentences: {manifest.sentences}")
    click.echo(f"model: {manifest.model}; dense index: {manifest.dense}")


@click.group()
def snapshot() -> None:
    """Versions of the index that are kept under a name, to go back to.

    \b
    Example:
      qa-bot snapshot create before-the-merge
    """


@snapshot.command("create")
@click.argument("name")
@index_option
def snapshot_create(name: str, index_folder: Path) -> None:
    """Keep the version that is served now as NAME; it takes no further disk space until the index changes.

    \b
    Example:
      qa-bot snapshot create before-the-merge
    """
    from qa_bot.index import take_snapshot, writing

    with writing(index_folder, wait_s=WAIT_S):
        click.echo(f"{name}: index {take_snapshot(index_folder, name)}")


@snapshot.command("list")
@index_option
def snapshot_list(index_folder: Path) -> None:
    """List the snapshots and their versions.

    \b
    Example:
      qa-bot snapshot list
    """
    from qa_bot.index import snapshots

    for name, version in snapshots(index_folder).items():
        click.echo(f"{name}  {version}")


@snapshot.command("remove")
@click.argument("name")
@index_option
def snapshot_remove(name: str, index_folder: Path) -> None:
    """Forget a snapshot; its disk space is free with the next change of the index.

    \b
    Example:
      qa-bot snapshot remove before-the-merge
    """
    from qa_bot.index import drop_snapshot, writing

    with writing(index_folder, wait_s=WAIT_S):
        drop_snapshot(index_folder, name)
    click.echo(f"removed: {name}")


@click.command()
@click.argument("name")
@index_option
def restore(name: str, index_folder: Path) -> None:
    """Serve the snapshot NAME again, after verifying it. The corpus stays as it is: `qa-bot index` brings it back.

    \b
    Example:
      qa-bot restore before-the-merge
    """
    from qa_bot.index import restore as restored
    from qa_bot.index import writing

    with writing(index_folder, wait_s=WAIT_S):
        click.echo(f"{name}: index {restored(index_folder, name)} is served; the corpus is as it was")
