"""`qa-bot serve`, `qa-bot keys` and `qa-bot mcp`."""

import os
from functools import partial
from pathlib import Path

import click

from qa_bot.cli.options import index_option
from qa_bot.processes import command_of, environment
from qa_bot.settings import Settings


@click.command()
@click.option("--host", envvar="QA_BOT_HOST", show_envvar=True, default="127.0.0.1", show_default=True, help="Address.")
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    envvar="QA_BOT_PORT",
    show_envvar=True,
    default=8000,
    show_default=True,
    help="Port.",
)
@index_option
@click.option(
    "--corpus",
    type=click.Path(file_okay=False, path_type=Path),
    help="Bring the index of this folder up to date first.",
)
@click.option(
    "--feedback",
    type=click.Path(dir_okay=False, path_type=Path),
    envvar="QA_BOT_FEEDBACK_FILE",
    show_envvar=True,
    default=Path("feedback/feedback.jsonl"),
    show_default=True,
    help="File to which readers' thumbs are appended.",
)
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes that answer.")
@click.option("--read-only", is_flag=True, help="Let nobody add or remove documents over HTTP.")
@click.option("--no-page", is_flag=True, help="Serve the API only; takes less memory.")
@click.option("--insecure", is_flag=True, help="Let clients on other machines in without an API key.")
def serve(
    host: str,
    port: int,
    index_folder: Path,
    corpus: Path | None,
    feedback: Path,
    workers: int,
    *,
    read_only: bool,
    no_page: bool,
    insecure: bool,
) -> None:
    """Serve the chat page at /ui/, the API under /v1 and its reference at /docs.

    A new index is taken into use while serving, as soon as `qa-bot index` has published it. With a corpus folder,
    clients on this machine, and keys with the scope `manage`, may add documents to it and remove them.

    \b
    Example:
      qa-bot serve --corpus corpus --port 8000
    """
    from qa_bot.service import ServiceSettings
    from qa_bot.service.server import bind, check_exposure

    given = {"index": str(index_folder), "feedback_file": str(feedback)} | ({"corpus": str(corpus)} if corpus else {})
    flags = ((insecure, "auth", "never"), (read_only, "read_only", "true"), (no_page, "page", "false"))
    given |= {name: value for is_set, name, value in flags if is_set}
    os.environ.update({f"QA_BOT_{name.upper()}": value for name, value in given.items()})  # for workers too
    check_exposure(host, ServiceSettings.read())
    bind(host, port).close()  # a port in use is told before the models load, not after
    address = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    chat = f"chat page: {address}/ui/   " if ServiceSettings.read().page else ""
    told = f"{chat}API: {address}/docs   (Ctrl-C stops)"
    if Settings().model_fields_set >= {"corpus"} and not ServiceSettings.read().read_only:
        told += f"\ndocuments in {Settings().corpus} can be added and removed from this machine (not with --read-only)"
    (_serve_here if workers == 1 else partial(_serve_by, workers))(host, port, corpus, told)


def _serve_here(host: str, port: int, corpus: Path | None, told: str) -> None:
    from qa_bot.cli.application import join, library_of, live_bot
    from qa_bot.cli.indexing import update
    from qa_bot.corpus import read_sources
    from qa_bot.encoder import load_encoder
    from qa_bot.index import current_folder, encoder_folders
    from qa_bot.service import ServiceSettings
    from qa_bot.service import serve as serve_app
    from qa_bot.service.logs import configure_logs

    settings, service_settings = Settings(), ServiceSettings.read()
    if corpus is None:  # what is missing or wrong is told before a model is loaded
        current_folder(settings.index)
    else:
        read_sources(corpus, settings.index)
    encoder = load_encoder(settings.model, near=encoder_folders(settings.index))
    if corpus is not None:
        update(corpus, settings.index, encoder)
    configure_logs(service_settings.log_level)
    live = live_bot(settings, encoder)
    live.reload()
    app = join(live, service_settings, library_of(settings, encoder))
    click.echo(told)
    serve_app(app, host, port)


def _serve_by(workers: int, host: str, port: int, corpus: Path | None, told: str) -> None:
    """Only watch over the workers: no model is loaded here, what needs one is done by another command."""
    import subprocess

    from qa_bot.index import load_index
    from qa_bot.service import ServiceSettings, serve_workers
    from qa_bot.service.logs import configure_logs

    index_folder = Settings().index
    if corpus is not None:
        command = command_of("qa_bot", "index", str(corpus), "--index", str(index_folder))
        if failed := subprocess.run(command, env=environment(), check=False).returncode:  # noqa: S603  # our own command
            raise SystemExit(failed)
    load_index(index_folder)  # one that is missing or damaged is told here, once
    configure_logs(ServiceSettings.read().log_level)
    click.echo(told)
    serve_workers("qa_bot.cli.application:make_app", host, port, workers=workers)


@click.group()
def keys() -> None:
    """API keys for clients on other machines; only their hashes are kept.

    \b
    Example:
      qa-bot keys create "reading room" --scope ask
    """


@keys.command("create")
@click.argument("name")
@click.option(
    "--scope", "scopes", multiple=True, type=click.Choice(["ask", "manage"]), default=("ask",), show_default=True
)
def create(name: str, scopes: tuple[str, ...]) -> None:
    """Create a key and show it, this once.

    \b
    Example:
      qa-bot keys create "reading room"
    """
    from qa_bot.service import ServiceSettings
    from qa_bot.service.keys import Scope, create_key

    click.echo(create_key(ServiceSettings.read().keys_file, name, tuple(Scope(s) for s in scopes)))


@keys.command("list")
def list_() -> None:
    """List the keys: id, scopes, date, whether revoked, name.

    \b
    Example:
      qa-bot keys list
    """
    from qa_bot.service import ServiceSettings
    from qa_bot.service.keys import list_keys

    for key in list_keys(ServiceSettings.read().keys_file):
        state = f"revoked {key.revoked}" if key.revoked else "valid"
        click.echo(f"{key.key_id}  {'+'.join(key.scopes)}  {key.created}  {state}  {key.name}")


@keys.command("revoke")
@click.argument("key_id")
def revoke(key_id: str) -> None:
    """Make a key invalid at once; KEY_ID is the first column of `qa-bot keys list`.

    \b
    Example:
      qa-bot keys revoke 1f2e3d4c
    """
    from qa_bot.service import ServiceSettings
    from qa_bot.service.keys import revoke_key

    key = revoke_key(ServiceSettings.read().keys_file, key_id)
    click.echo(f"revoked: {key.key_id} ({key.name})")


@click.command()
@index_option
def mcp(index_folder: Path) -> None:
    """Offer answer, search and span tools to an MCP client over standard input and output.

    \b
    Example:
      qa-bot mcp --index index
    """
    from qa_bot.bot import QaBot
    from qa_bot.service.mcp_tools import run_mcp

    run_mcp(QaBot.load(index_folder))
