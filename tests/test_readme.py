import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from qa_bot.cli import main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONSOLE = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
COMMANDS = [line.removeprefix("$ ") for block in CONSOLE for line in block.splitlines() if line.startswith("$ ")]


@pytest.fixture(scope="module")
def place(index_folder, tmp_path_factory):
    """A copy of what a clone holds, with its index in place."""
    folder = tmp_path_factory.mktemp("clone")
    for name in ("corpus", "examples"):
        (folder / name).symlink_to(ROOT / name)
    (folder / "index").symlink_to(index_folder)
    return folder


def run(command, place):
    environment = os.environ | {"COLUMNS": "80", "XDG_CACHE_HOME": str(place / "cache")}
    command = command.replace("qa-bot", f"{sys.executable} -m qa_bot", 1)
    return subprocess.run(
        command, shell=True, cwd=place, env=environment, capture_output=True, text=True, timeout=280, check=False
    )


def unnumbered(text):
    return re.sub(r"\(0\.\d\d\)", "(0.00)", " ".join(text.split()))


def test_the_first_transcript_is_what_the_command_prints(place):
    command, expected = CONSOLE[0].split("\n", 1)
    result = run(command.removeprefix("$ "), place)
    assert unnumbered(result.stdout) == unnumbered(expected)
    assert result.returncode == 0


@pytest.mark.parametrize("command", COMMANDS[1:])
def test_every_command_runs(command, place):
    (place / "reports").mkdir(exist_ok=True)
    result = run(command, place)
    assert (result.returncode, result.stderr if result.returncode else "") == (0, "")


def test_every_python_snippet_runs(place, monkeypatch, capsys):
    monkeypatch.chdir(place)
    for snippet in re.findall(r"```python\n(.*?)```", README, re.DOTALL):
        exec(snippet, {})
    assert "Azerbaijan's official point of view" in capsys.readouterr().out


def test_the_curl_command_gets_an_answer(bot):
    import json
    import shlex

    from fastapi.testclient import TestClient

    from qa_bot.service import create_app

    line = re.search(r"curl .*?}'", README, re.DOTALL).group().replace("\\\n", " ")
    words = shlex.split(line)
    client = TestClient(create_app(bot))
    reply = client.post(words[2].removeprefix("http://127.0.0.1:8000"), json=json.loads(words[words.index("-d") + 1]))
    assert reply.status_code == 200
    assert reply.json()["citations"][0]["quote"]


def test_every_make_target_named_exists():
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert set(re.findall(r"^make (\w+)", README, re.MULTILINE)) | {"setup"} <= set(targets)


def test_the_readme_is_short_and_its_links_lead_somewhere():
    assert len(README.splitlines()) <= 150
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_every_command_has_help_with_an_example_and_a_line_in_the_changelog():
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    for name, command in main.commands.items():
        assert "Example:" in (command.help or ""), name
        assert f"`{name}`" in changelog, name
