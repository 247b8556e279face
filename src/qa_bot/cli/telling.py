"""What every command tells in the same way: an error in one line, JSON with every character."""

import codecs
import errno
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import click

from qa_bot.errors import QaBotError

ERROR = 2  # exit status of every expected error
STOPPED = 130  # as shells have it after Ctrl-C
UNREAD = 141  # as shells have it where nobody reads on: `| head` is no refusal, which is 1

_WAYS_OUT = {
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), "change its permissions or name another place"),
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT), "make room there and run again"),
}


class OneLineErrors(click.Group):
    """A group whose expected errors are one line on standard error and exit status 2."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Read the options that stand before the command."""
        with _in_one_line():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command."""
        with _in_one_line(ctx):
            return super().invoke(ctx)


class OneLineError(click.ClickException):
    """An error as it is shown."""

    exit_code = ERROR

    def show(self, file: IO[Any] | None = None) -> None:
        """Print it."""
        tell(self.message, file=file)


def tell(text: str, *, file: IO[Any] | None = None) -> None:
    """Print one line on standard error."""
    click.echo(f"qa-bot: {one_line(text)}", file=file, err=True)


def one_line(text: str) -> str:
    """The text with line breaks, control characters and others that have no shape of their own escaped."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def echo_json(value: object, *, indent: int | None = None) -> None:
    """Print a value as JSON; where the output is not UTF-8, all beyond ASCII is escaped, and none of it lost."""
    is_utf8 = codecs.lookup(getattr(sys.stdout, "encoding", None) or "utf-8").name == "utf-8"
    click.echo(json.dumps(value, ensure_ascii=not is_utf8, indent=indent))


@contextmanager
def naming(path: object) -> Iterator[None]:
    """Let an error of the system name the file: one in writing, as on a full disk, does not."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or str(path)
        raise


@contextmanager
def _in_one_line(main: click.Context | None = None) -> Iterator[None]:
    try:
        yield
    except QaBotError as error:
        raise OneLineError(str(error)) from error
    except click.ClickException as error:
        ctx = getattr(error, "ctx", None)
        if ctx and error.message == ctx.get_help():  # a group without a command
            raise
        raise OneLineError(_misuse(error, ctx or main)) from error
    except OSError as error:
        output_fails = _output_fails()
        if isinstance(error, BrokenPipeError):
            raise click.exceptions.Exit(UNREAD) from error
        raise OneLineError(_refusal(error, "standard output" if output_fails else "the system")) from error
    except KeyboardInterrupt as stop:
        tell("stopped; the index is whole")
        raise click.exceptions.Exit(STOPPED) from stop


def _misuse(error: click.ClickException, ctx: click.Context | None) -> str:
    message = error.format_message().rstrip(".")
    # What reads options knows no context: then it is the group's, and the command is the one that it was to run.
    command = (ctx.command_path, ctx.invoked_subcommand) if ctx else ("qa-bot",)
    joint = " See:" if message.endswith("?") else "; see:"
    return f"{message[:1].lower()}{message[1:]}{joint} {' '.join(filter(None, command))} --help"


def _refusal(error: OSError, otherwise: str) -> str:
    way_out = _WAYS_OUT.get(error.errno or 0, "name another place")
    return f"{error.filename or otherwise}: {error.strerror or error}; {way_out}"


def _output_fails() -> bool:
    """Whether standard output takes no more; what it has not taken is then not tried again at the end."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return True
    return False
