"""`qa-bot serve`, `qa-bot keys` and `qa-bot mcp`."""

from pathlib import Path

import click

from qa_bot.cli.options import index_option
from qa_bot.settings import Settings


@click.command()
@click.option("--host", default=lambda: Settings().host, show_default="QA_BOT_HOST or 127.0.0.1", help="Address.")
@click.option("--port", type=int, default=lambda: Settings().port, show_default="QA_BOT_PORT or 8000", help="Port.")
@index_option
@click.option(
    "--corpus",
    type=click.Path(file_okay=False, path_type=Path),
    help="Bring the index of this folder up to date first.",
)
@click.option(
    "--feedback",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("feedback/feedback.jsonl"),
    show_default=True,
    help="File to which readers' thumbs are appended.",
)
@click.option("--insecure", is_flag=True, help="Let clients on other machines in without an API key.")
def serve(host: str, port: int, index_folder: Path, corpus: Path | None, feedback: Path, *, insecure: bool) -> None:
    """Serve the chat page at /ui/, the API under /v1 and its reference at /docs.

    A new index is taken into use while serving, as soon as `qa-bot index` has published it.

    \b
    Example:
      qa-bot serve --corpus corpus --port 8000
    """
    from qa_bot.bot import QaBot
    from qa_bot.cli.indexing import update
    from qa_bot.encoder import load_encoder
    from qa_bot.service import LiveBot, ServiceSettings, create_app
    from qa_bot.service.logs import configure_logs
    from qa_bot.service.server import bind, check_exposure
    from qa_bot.service.server import serve as serve_app

    settings = ServiceSettings.read(auth="never") if insecure else ServiceSettings.read()
    check_exposure(host, settings)
    bind(host, port).close()  # a port in use is told before the models load, not after
    encoder = load_encoder(Settings().model)
    if corpus is not None:
        update(corpus, index_folder, encoder)
    configure_logs(settings.log_level)
    live = LiveBot(lambda: QaBot.load(index_folder, encoder=encoder), folder=index_folder)
    live.reload()
    from qa_bot.chat import mount_chat

    app = mount_chat(create_app(live, settings=settings), live, feedback_path=feedback)
    click.echo(f"chat page: http://{host}:{port}/ui/   API: http://{host}:{port}/docs   (Ctrl-C stops)")
    serve_app(app, host, port)


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
