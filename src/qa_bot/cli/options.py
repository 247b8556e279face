"""Options that several commands share."""

from pathlib import Path

import click

from qa_bot.settings import Settings

index_option = click.option(
    "--index",
    "index_folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=lambda: Settings().index,
    show_default="QA_BOT_INDEX or index",
    help="Folder of the index.",
)
