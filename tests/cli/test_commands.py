import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
from click.testing import CliRunner

from qa_bot.cli import main


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """The user's cache folder, where an exported encoder is kept from one command to the next."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def run(monkeypatch, cache):
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))

    def command(*arguments):
        return CliRunner().invoke(main, list(map(str, arguments)))

    return command


def assert_one_line(result, *words):
    assert result.exit_code == 2, result.output
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1, lines
    for word in words:
        assert word in lines[0]


def test_ask_prints_quotations_and_says_by_its_status_whether_it_answered(run, index_folder):
    answered = run("ask", "armenian tank losses?", "--index", index_folder)
    assert answered.exit_code == 0
    assert "366 tanks" in " ".join(answered.output.split())
    refused = run("ask", "how do I bake sourdough bread", "--index", index_folder)
    assert refused.exit_code == 1
    assert "do not answer" in refused.output


def test_ask_as_json_gives_the_contract_of_the_endpoint(run, index_folder, bot):
    result = run("ask", "and in Fuzuli?", "--history", "When was Shusha taken?", "--json", "--index", index_folder)
    answer = json.loads(result.stdout)
    assert answer["resolved_question"] != answer["question"]
    for citation in answer["citations"]:
        text = bot.document(citation["doc_id"]).text
        assert text[citation["span"]["start"] : citation["span"]["end"]] == citation["quote"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("ask", ""), ("the question is empty", "1 to 1,000")),
        (("ask", "x" * 10_000), ("10000 characters", "shorten it to 1000")),
        (("ask", "what\x07now"), ("control character U+0007", "remove it")),
        (("ask", "when?", "--document", "nope"), ("no document 'nope'", "it holds: second-karabakh-war")),
        (("ask", "when?", "--party", "Atlantis"), ("no party 'Atlantis'", "it names")),
        (("ask", "when?", "--history", "first", "--history", " "), ("history, question 2: is empty",)),
        (("ask", "when?", "--history", "a\x07b"), ("history, question 1: holds the control character U+0007",)),
        (("ask", "when?", "--citations", "99"), ("'--citations'", "99", "1<=x<=10")),
        (("ask", "when?", "--citations", "0"), ("'--citations'", "0", "1<=x<=10")),
        (("evaluate", "no-such.jsonl"), ("no-such.jsonl", "no such file")),
        (("questions", "check", "no-such.jsonl"), ("no-such.jsonl", "no such file")),
    ],
)
def test_what_cannot_be_asked_is_one_line(run, index_folder, arguments, words):
    assert_one_line(run(*arguments, "--index", index_folder), *words)


@pytest.mark.parametrize("command", [("ask", "when?"), ("check",), ("mcp",), ("serve", "--port", "0")])
def test_no_index_says_what_to_run(run, tmp_path, command):
    assert_one_line(run(*command, "--index", tmp_path), "no index in", "run: qa-bot index")


def test_check_tells_a_sound_index_from_a_damaged_one(run, index_folder, tmp_path):
    assert run("check", "--index", index_folder).exit_code == 0
    copy = tmp_path / "index"
    shutil.copytree(index_folder, copy)
    path = next(copy.glob("versions/*/tokens/*.npy"))
    path.write_bytes(path.read_bytes()[:-100])
    damaged = run("check", "--index", copy)
    assert damaged.exit_code == 1
    assert path.name in damaged.stderr
    assert_one_line(
        run("ask", "when?", "--index", copy), path.name, "run: qa-bot index CORPUS --index FOLDER --rebuild"
    )


def test_an_index_of_another_model_is_refused(run, index_folder, monkeypatch):
    monkeypatch.setenv("QA_BOT_MODEL", "some-other-model")
    assert_one_line(run("ask", "when?", "--index", index_folder), "all-MiniLM-L6-v2", "some-other-model", "run: qa-bot")


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, ("holds no source file", ".txt", ".pdf")),
        ({"a.txt": b"caf\xe9"}, ("a.txt", "is not UTF-8", "0xe9", "save it as UTF-8")),
        ({"a.txt": b" \n "}, ("a.txt", "is empty")),
        ({"a.txt": b"one\0two"}, ("a.txt", "NUL")),
        ({"a.txt": b"One.", "a.md": b"Two."}, ("a.txt", "same stem as 'a.md'", "rename")),
        ({"a.txt": b"One.", "a.toml": b'title = "A"\nlanguage = "en"\ncolour = "red"'}, ("a.toml", "colour", "'red'")),
        ({"a.txt": b"One.", "parties.toml": b"[[party]]\nname = 3"}, ("parties.toml", "name", "3")),
    ],
)
def test_a_corpus_that_cannot_be_read_is_one_line(run, tmp_path, files, words):
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for name, content in files.items():
        (corpus / name).write_bytes(content)
    assert_one_line(run("index", corpus, "--index", tmp_path / "index"), *words)
    assert not (tmp_path / "index" / "CURRENT").exists()


def test_a_file_of_one_megabyte_in_one_line_is_indexed_and_quoted_in_parts(run, tmp_path):
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "long.txt").write_text(
        "river " * 5_000 + "The weir was opened in 1931. " + "stone " * 160_000
    )
    # The real model would take minutes for a megabyte; what is tested here is that nothing depends on line length.
    from qa_bot.bot import QaBot, update_index
    from qa_bot.corpus import read_corpus
    from qa_bot.index import load_index

    from ..fakes import HashingEncoder

    encoder = HashingEncoder(dim=64)
    update_index(read_corpus(tmp_path / "corpus"), tmp_path / "index", encoder)
    found = QaBot(load_index(tmp_path / "index"), encoder).search("when was the weir opened", limit=10)
    assert any("weir" in citation.quote for citation in found)
    assert all(len(citation.quote) <= 2_000 for citation in found)


def test_cards_are_drafted_and_checked(run, tmp_path, corpus_folder):
    assert "second-karabakh-war: card is valid" in run("card", "check", corpus_folder).output
    (tmp_path / "report.txt").write_text("The report\n\nAda Holm said on 4 May 1931 that the weir leaks.")
    draft = run("card", "new", tmp_path / "report.txt")
    assert draft.exit_code == 0
    (tmp_path / "report.toml").write_text(draft.output)
    checked = run("card", "check", tmp_path).output
    assert "report: card is valid\n" in checked
    assert "language" not in checked


def test_a_check_of_cards_names_what_is_probably_not_meant(run, tmp_path):
    for name in ("weir", "lock"):
        (tmp_path / f"{name}.txt").write_text(f"The {name} leaks.")
    (tmp_path / "parties.toml").write_text('[[party]]\nname = "Orsel"\n[[party]]\nname = "Maravel"')
    (tmp_path / "weir.toml").write_text('title = "The weir"\nlanguage = "English"\nperspective.party = "Orsle"')
    (tmp_path / "lock.toml").write_text('title = "The lock"\nlanguage = "pt-BR"\nperspective.party = "Orsel"')
    (tmp_path / "wier.toml").write_text('title = "The weir"')
    (tmp_path / "floors.toml").write_text("[[floor]]\nvalue = 1")
    checked = run("card", "check", tmp_path)
    assert checked.exit_code == 0
    assert checked.output.splitlines() == [
        "lock: card is valid",
        "weir: card is valid; perspective.party 'Orsle' is not in parties.toml, which has: Orsel, Maravel; "
        "language 'English' is not a language tag, such as en or pt-BR",
        "wier.toml: a card without a document; give it the name of its document, or delete it",
        "parties.toml: 2 parties, 0 actors, 0 places",
    ]


def test_keys_are_shown_once_and_revoked(run, tmp_path, monkeypatch):
    monkeypatch.setenv("QA_BOT_KEYS_FILE", str(tmp_path / "keys.json"))
    key = run("keys", "create", "reading room").output.strip()
    assert key not in (tmp_path / "keys.json").read_text()
    listed = run("keys", "list").output
    assert "reading room" in listed
    assert "valid" in listed
    assert "revoked" in run("keys", "revoke", listed.split()[0]).output
    assert_one_line(run("keys", "revoke", "nope"), "no key 'nope'", "qa-bot keys list")


def test_evaluation_writes_compares_and_gates(run, index_folder, tmp_path, corpus_folder):
    questions = corpus_folder / "questions" / "second-karabakh-war.jsonl"
    common = ("evaluate", questions, "--tag", "dev", "--limit", 8, "--quiet", "--index", index_folder)
    base = tmp_path / "base.json"
    assert run(*common, "--json", base, "--run", tmp_path / "run.trec").exit_code == 0
    assert json.loads(base.read_text())["questions"]
    (tmp_path / "high.toml").write_text('[[floor]]\nmeasure = "hit@1"\nset = "second-karabakh-war"\nvalue = 1.01\n')
    result = run(*common, "--compare", base, "--floors", tmp_path / "high.toml", "--report", tmp_path / "r.html")
    assert result.exit_code == 1
    assert "hit@1" in result.output
    assert (tmp_path / "r.html").read_text().startswith("<!")
    (tmp_path / "low.toml").write_text('[[floor]]\nmeasure = "hit@10"\nset = "second-karabakh-war"\nvalue = 0.0\n')
    assert "every floor is held" in run(*common, "--floors", tmp_path / "low.toml").output
    assert run("evaluate").exit_code == 2
    assert "not a stage" in run(*common, "--against", "magic").stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--perspective", "labels.jsonl", "--tag", "test"), ("--tag", "--split")),
        (("--split", "test"), ("--perspective",)),
    ],
)
def test_an_option_without_effect_is_refused(run, arguments, words):
    refused = run("evaluate", *arguments, *(() if "--perspective" in arguments else ("some.jsonl",)))
    assert refused.exit_code == 2
    for word in words:
        assert word in refused.stderr


def test_checking_questions_ends_with_1_if_something_is_to_be_looked_at(run, index_folder, tmp_path):
    asked = {"question": "When did the war end?", "answerable": False, "gold": [], "tags": []}
    lines = [json.dumps({"id": name} | asked) for name in ("a", "b")]
    (tmp_path / "twice.jsonl").write_text("\n".join(lines))
    found = run("questions", "check", tmp_path / "twice.jsonl", "--index", index_folder)
    assert found.exit_code == 1
    assert "finding" in found.output


def test_a_question_is_added_by_picking_its_sentence(index_folder, tmp_path):
    file = tmp_path / "mine.jsonl"
    arguments = ["questions", "add", str(file), "--index", str(index_folder)]
    result = CliRunner().invoke(main, arguments, input="armenian tank losses?\n1\n366 tanks\n\n\n")
    assert result.exit_code == 0, result.output
    assert "366 tanks" in json.loads(file.read_text())["gold"][0]["quote"]


def test_documents_come_and_go_together_or_not_at_all(run, tmp_path):
    folders = ("--corpus", tmp_path / "corpus", "--index", tmp_path / "index")
    for place in ("north", "south"):
        (tmp_path / place).mkdir()
        (tmp_path / place / "Report.txt").write_text(f"The weir in the {place} leaks.")
    north, south = (tmp_path / place / "Report.txt" for place in ("north", "south"))
    assert_one_line(run("documents", "add", north, south, *folders), f"'{north}'", f"{south}", "another name")
    assert not (tmp_path / "corpus").exists()

    south = south.rename(south.with_name("second.txt"))
    assert run("documents", "add", north, south, north, "--quiet", *folders).exit_code == 0
    north.write_text("The weir holds.")
    assert_one_line(run("documents", "add", north, *folders), "'Report' already", "replace it (--replace), or give")
    other = north.rename(north.with_name("REPORT.txt"))
    assert_one_line(run("documents", "add", other, "--replace", *folders), "by the name Report.txt (--replace)")
    assert_one_line(run("documents", "remove", "second", "third", *folders), "no document 'third'")
    assert_one_line(run("documents", "remove", "second", "Report", *folders), "all there is", "add another document")
    listed = run("documents", "list", *folders).output.splitlines()
    assert [line.split()[0] for line in listed] == ["Report", "second"]
    assert run("documents", "remove", "second", "second", "--quiet", *folders).exit_code == 0
    assert run("documents", "list", *folders).output.startswith("Report  Report.txt  ")


def test_the_file_of_feedback_may_be_named_by_the_environment(run, index_folder, tmp_path, monkeypatch):
    monkeypatch.setenv("QA_BOT_FEEDBACK_FILE", str(tmp_path / "thumbs.jsonl"))
    with socket.socket() as taken:  # so that the command ends once it has read its options
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert_one_line(run("serve", "--port", taken.getsockname()[1], "--index", index_folder), "is in use")
    assert os.environ["QA_BOT_FEEDBACK_FILE"] == str(tmp_path / "thumbs.jsonl")


@pytest.fixture
def process():
    """Starts `qa-bot` as a person does, and ends it whatever happens."""
    running = []

    def start(*arguments, **options):
        command = [sys.executable, "-m", "qa_bot", *map(str, arguments)]
        # A child takes over that a signal is ignored, as it is in what a shell runs in its background.
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        running.append(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options))
        signal.signal(signal.SIGINT, before)
        return running[-1]

    yield start
    for one in running:
        if one.poll() is None:
            one.kill()
        one.communicate()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_serve_answers_and_a_signal_ends_it(process, index_folder, tmp_path):
    port = free_port()
    server = process("serve", "--port", port, "--index", index_folder, "--feedback", tmp_path / "feedback.jsonl")
    base = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 120
    while True:
        try:
            urllib.request.urlopen(f"{base}/readyz", timeout=5).read()
            break
        except OSError:
            assert time.monotonic() < deadline, "the server did not come up"
            assert server.poll() is None, server.communicate()
            time.sleep(0.3)
    page = urllib.request.urlopen(f"{base}/ui/", timeout=30).read().decode()
    assert "<html" in page
    body = json.dumps({"question": "armenian tank losses?"}).encode()
    request = urllib.request.Request(f"{base}/v1/answer", body, {"content-type": "application/json"})
    assert json.load(urllib.request.urlopen(request, timeout=30))["status"] == "answered"
    server.send_signal(signal.SIGTERM)
    server.wait(timeout=20)


def test_a_port_in_use_is_told_before_anything_is_loaded(run, index_folder):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert_one_line(run("serve", "--port", port, "--index", index_folder), f"port {port}", "is in use", "--port")


@pytest.mark.parametrize("port", ["99999", "-1", "http"])
def test_a_port_that_does_not_exist_is_refused_wherever_it_is_named(run, index_folder, monkeypatch, port):
    assert run("serve", "--port", port, "--index", index_folder).exit_code == 2
    monkeypatch.setenv("QA_BOT_PORT", port)
    refused = run("serve", "--index", index_folder)
    assert refused.exit_code == 2
    assert "QA_BOT_PORT" in refused.stderr
    assert run("check", "--index", index_folder).exit_code == 0


def test_control_c_while_indexing_leaves_the_old_index_serving(process, index_folder, corpus_folder, tmp_path, run):
    copy = tmp_path / "index"
    shutil.copytree(index_folder, copy)
    for _ in range(5):  # a machine that is busy may be done with the build before the signal comes
        before = (copy / "CURRENT").read_text()
        indexing = process("index", corpus_folder, "--index", copy, "--rebuild", start_new_session=True)
        interrupt_while_building(indexing, copy)
        _, errors = indexing.communicate(timeout=60)
        if indexing.returncode:
            break
    assert indexing.returncode == 130
    assert "Traceback" not in errors
    assert (copy / "CURRENT").read_text() == before
    assert run("check", "--index", copy).exit_code == 0


def interrupt_while_building(indexing, folder):
    deadline = time.monotonic() + 120
    while indexing.poll() is None and not list((folder / "versions").glob(".new-*")):
        assert time.monotonic() < deadline
        time.sleep(0.005)
    if indexing.poll() is None:
        os.killpg(indexing.pid, signal.SIGINT)
