import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.cli import main
from qa_bot.cli.telling import OneLineErrors, echo_json, naming, one_line
from qa_bot.errors import QaBotError


def commands(command=main, path=("qa-bot",)):
    yield pytest.param(path, id=" ".join(path))
    for name, part in getattr(command, "commands", {}).items():
        yield from commands(part, (*path, name))


def run(*arguments):
    return CliRunner().invoke(main, list(map(str, arguments)))


def failing(error):
    """What a person sees of a command that raises an error."""

    @click.command("fail")
    def fail():
        raise error

    group = OneLineErrors("qa-bot", commands=[fail])
    return CliRunner().invoke(group, ["fail"])


def line_of(result):
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("qa-bot: ")
    assert result.stderr.endswith("\n")
    assert result.stderr[:-1].isprintable()
    return result.stderr[:-1]


# ---------------------------------------------------------------- commands that are used wrongly


@pytest.mark.parametrize("path", list(commands()))
def test_wherever_a_command_is_used_wrongly_one_line_names_its_help(path):
    told = line_of(run(*path[1:], "--nonsense"))
    assert "'--nonsense'" in told
    assert told.endswith((f"; see: {' '.join(path)} --help", f"? See: {' '.join(path)} --help"))
    shown = run(*path[1:], "--help")
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert shown.stdout.startswith(f"Usage: {' '.join(path)} ")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("ask",), ("missing argument 'QUESTION'", "qa-bot ask --help")),
        (("ask", "x", "--citations", "x"), ("'--citations'", "'x'", "qa-bot ask --help")),
        (("ask", "x", "--citations"), ("'--citations'", "qa-bot ask --help")),
        (("ask", "x", "y"), ("(y)", "qa-bot ask --help")),
        (("ask", "x", "--index", __file__), ("'--index'", __file__, "qa-bot ask --help")),
        (("ask", "-5 degrees?"), ("'-5'", "qa-bot ask --help")),
        (("nope",), ("'nope'", "qa-bot --help")),
        (("documents", "nope"), ("'nope'", "qa-bot documents --help")),
        (("documents", "add", "a", "b", "--card", "c"), ("--card", "a single FILE", "qa-bot documents add --help")),
        (("serve", "--port", 70_000), ("70000", "65535", "qa-bot serve --help")),
        (("keys", "create", "me", "--scope", "all"), ("'all'", "'ask'", "qa-bot keys create --help")),
        (("evaluate",), ("name a question set", "qa-bot evaluate --help")),
    ],
)
def test_what_is_wrong_in_a_command_is_named_with_its_value(arguments, words):
    told = line_of(run(*arguments))
    assert [word for word in words if word not in told] == []


@pytest.mark.parametrize("path", [(), ("documents",)])
def test_a_group_alone_shows_its_help(path):
    result = run(*path)
    assert "Example:" in result.output
    assert "qa-bot: " not in result.output


# ---------------------------------------------------------------- errors of commands


@given(st.text())
def test_any_text_is_shown_on_one_line_and_a_printable_one_as_it_is(text):
    assert one_line(text).isprintable()
    assert one_line(text) == text or not text.isprintable()


@given(st.text(min_size=1).filter(lambda text: "\x00" not in text))
def test_whatever_a_value_holds_an_error_stays_one_line(value):
    shown = one_line(value).encode("utf-8", "replace").decode()
    assert shown in line_of(failing(QaBotError(f"no such thing: {value}")))
    assert shown in line_of(failing(click.UsageError(f"no such thing: {value}; choose another")))
    assert shown in line_of(failing(OSError(errno.ENOENT, "No such file", value)))


@pytest.mark.parametrize("number", sorted(set(errno.errorcode) - {errno.EPIPE, errno.ESHUTDOWN}))
def test_an_error_of_the_system_names_file_reason_and_way_out(number):
    told = line_of(failing(OSError(number, os.strerror(number), "/some/file")))
    assert told.startswith(f"qa-bot: /some/file: {os.strerror(number)}; ")
    assert line_of(failing(OSError(number, os.strerror(number)))).startswith(
        f"qa-bot: the system: {os.strerror(number)}; "
    )


def test_an_error_in_writing_names_the_file_that_was_written():
    full = Path("/dev/full")
    with pytest.raises(OSError, match="No space left on device: '/dev/full'"), naming(full):
        full.write_text("x")
    with pytest.raises(OSError, match="'/another'"), naming("/dev/full"):
        raise OSError(errno.EACCES, "Permission denied", "/another")


@pytest.mark.parametrize(
    ("raised", "status"),
    [(SystemExit(1), 1), (click.exceptions.Exit(3), 3), (click.Abort(), 1), (KeyboardInterrupt(), 130)],
)
def test_what_is_no_error_keeps_its_status(raised, status):
    assert failing(raised).exit_code == status


def test_a_fault_of_the_program_is_not_hidden():
    assert isinstance(failing(ZeroDivisionError()).exception, ZeroDivisionError)


# ---------------------------------------------------------------- places that cannot be used


def test_a_folder_that_cannot_be_made_is_one_line(corpus_folder):
    told = line_of(run("documents", "add", corpus_folder / "second-karabakh-war.txt", "--corpus", "/dev/null/corpus"))
    assert "/dev/null" in told


@pytest.mark.parametrize("option", ["--json", "--report", "--run", "--qrels"])
def test_places_of_results_are_tried_before_anything_is_measured(option, tmp_path):
    evaluation = ("evaluate", tmp_path / "no-such.jsonl", "--index", tmp_path)
    assert "/dev/null/x: Not a directory; " in line_of(run(*evaluation, option, "/dev/null/x"))
    assert "no index" in line_of(run(*evaluation, option, tmp_path / "made" / "new"))
    assert list((tmp_path / "made").iterdir()) == []
    (tmp_path / "old").write_text("as before")
    (tmp_path / "link").symlink_to("elsewhere")
    for name in ("old", "link"):
        assert "no index" in line_of(run(*evaluation, option, tmp_path / name))
    assert (tmp_path / "old").read_text() == "as before"
    assert (tmp_path / "link").is_symlink()


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize(("reader", "status"), [("closed", 141), ("/dev/full", 2)])
def test_output_that_is_not_taken_ends_the_command_without_a_traceback(
    tmp_path, corpus_folder, unbuffered, reader, status
):
    command = [sys.executable, "-m", "qa_bot", "documents", "list", "--corpus", corpus_folder, "--index", tmp_path]
    reading, writing = os.pipe() if reader == "closed" else (None, os.open(reader, os.O_WRONLY))
    if reading:
        os.close(reading)
    environment = os.environ | {"PYTHONUNBUFFERED": unbuffered}
    ended = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, text=True, env=environment, check=False)
    os.close(writing)
    assert ended.returncode == status
    assert ended.stderr == "" if status == 141 else "No space left on device; make room" in ended.stderr
    assert "Traceback" not in ended.stderr


# ---------------------------------------------------------------- JSON

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
)


@pytest.mark.parametrize("encoding", ["utf-8", "UTF8", "latin-1", "ascii", "cp1252", "koi8-r", "utf-16"])
@given(value=JSON)
def test_json_keeps_every_character_in_every_encoding(encoding, value):
    printing = click.Command("print", callback=lambda: echo_json(value, indent=2))
    written = CliRunner(charset=encoding).invoke(printing).stdout_bytes
    assert json.loads(written.decode(encoding)) == value
    if encoding != "utf-16":
        assert json.loads(written) == value


def test_ask_as_json_is_the_same_in_every_encoding(index_folder):
    arguments = ["ask", "armenian tank losses?", "--citations", "1", "--json", "--index", str(index_folder)]
    answers = [
        json.loads(CliRunner(charset=charset).invoke(main, arguments).stdout_bytes) for charset in ("utf-8", "latin-1")
    ]
    assert not answers[0]["answer"]["text"].isascii()
    assert answers[0]["citations"] == answers[1]["citations"]
    assert answers[0]["answer"] == answers[1]["answer"]
