import json
import os
import resource
import subprocess
import sys
from contextlib import contextmanager
from threading import Thread

import pytest

from qa_bot.chat.feedback import VERDICTS, FeedbackLog, read_feedback
from qa_bot.chat.turns import Place, Turn
from qa_bot.errors import QaBotError

KILLS = int(os.environ.get("QA_BOT_KILLS", "3"))

TURN = Turn("Was \u2028 it?\n", "Was it?", True, 0.9, "v1", (Place("doc", 3, 9, 0, 12),))


def test_each_verdict_is_one_line_in_the_order_given(tmp_path):
    log = FeedbackLog(tmp_path / "folder" / "feedback.jsonl")
    for verdict in VERDICTS:
        log.append(TURN, verdict)
    assert [entry["verdict"] for entry in read_feedback(log.path)] == list(VERDICTS)


def test_an_entry_holds_the_questions_before_and_the_state_of_the_documents(tmp_path):
    log = FeedbackLog(tmp_path / "feedback.jsonl")
    log.append(TURN, "helpful", history=("First?", "Second?"))
    (entry,) = read_feedback(log.path)
    assert entry["history"] == ["First?", "Second?"]
    assert (entry["question"], entry["index_version"], entry["spans"]) == ("Was \u2028 it?\n", "v1", [["doc", 3, 9]])


def test_what_was_there_before_is_never_touched(tmp_path):
    log = FeedbackLog(tmp_path / "feedback.jsonl")
    log.append(TURN, "helpful")
    before = log.path.read_bytes()
    FeedbackLog(log.path).append(TURN, "wrong_passage")
    assert log.path.read_bytes().startswith(before)


def test_many_threads_write_whole_lines(tmp_path):
    log = FeedbackLog(tmp_path / "feedback.jsonl")
    threads = [Thread(target=log.append, args=(TURN, "helpful")) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(list(read_feedback(log.path))) == 20


@pytest.mark.parametrize("room", [0, 1, 40, 200])
def test_what_was_written_in_part_is_not_acknowledged_and_costs_no_other(tmp_path, room):
    log = FeedbackLog(tmp_path / "feedback.jsonl")
    log.append(TURN, "helpful")
    with files_up_to(log.path.stat().st_size + room), pytest.raises(OSError, match=r"feedback\.jsonl|too large"):
        log.append(TURN, "wrong_passage")
    log.append(TURN, "not_an_answer")
    assert [entry["verdict"] for entry in read_feedback(log.path)] == ["helpful", "not_an_answer"]


@contextmanager
def files_up_to(size):
    """A while in which the system lets no file grow beyond a size, as a full disk does: it takes what fits."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_an_unknown_verdict_is_refused(tmp_path):
    with pytest.raises(ValueError, match="feedback is one of helpful, wrong_passage"):
        FeedbackLog(tmp_path / "feedback.jsonl").append(TURN, "superb")


def test_no_file_means_no_feedback(tmp_path):
    assert list(read_feedback(tmp_path / "none.jsonl")) == []


@pytest.mark.parametrize("line", ["not json", "[]", json.dumps({"verdict": "superb"})])
def test_a_line_that_is_no_feedback_is_named(tmp_path, line):
    path = tmp_path / "feedback.jsonl"
    path.write_text(line + "\n")
    with pytest.raises(QaBotError, match=r"feedback\.jsonl:1: is not a line of feedback"):
        list(read_feedback(path))


APPENDING = """
import sys
from qa_bot.chat.feedback import FeedbackLog
from qa_bot.chat.turns import Place, Turn
log = FeedbackLog(__import__("pathlib").Path(sys.argv[1]))
turn = Turn("é" * 1_000, sys.argv[2] + "é" * 5_000, True, 0.9, "v1", (Place("doc", 3, 9, 0, 12),))
for number in range(int(sys.argv[3])):
    log.append(turn, "helpful")
    print(number, flush=True)
"""


def appending(path, name, count):
    command = [sys.executable, "-c", APPENDING, str(path), name, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_several_processes_write_whole_lines(tmp_path):
    path = tmp_path / "feedback.jsonl"
    processes = [appending(path, name, 50) for name in "abc"]
    for process in processes:
        assert process.communicate()[0].count("\n") == 50
    found = [entry["resolved_question"][0] for entry in read_feedback(path)]
    assert sorted(found) == sorted("abc" * 50)


def test_nothing_acknowledged_is_lost_when_writers_are_killed(tmp_path):
    path, acknowledged = tmp_path / "feedback.jsonl", 0
    for number in range(KILLS):
        with appending(path, "a", 10_000) as process:
            for _ in range(5 + number % 7):
                process.stdout.readline()
            process.kill()
            acknowledged += 5 + number % 7 + len(process.stdout.readlines())
    found = len(list(read_feedback(path)))
    assert acknowledged <= found <= acknowledged + KILLS  # each may have written one that it did not acknowledge yet
    print(f"{KILLS} writers killed: {acknowledged} lines acknowledged, {found} found")  # noqa: T201  # pytest -s


@pytest.mark.parametrize(
    "beginning", [b"", b"{", b'{"time": "2026-01-01', b'{"time": ', b'{"time": "", "question": "\xc3']
)
def test_line_that_was_cut_off_costs_no_other(tmp_path, beginning):
    log = FeedbackLog(tmp_path / "feedback.jsonl")
    log.append(TURN, "helpful")
    with log.path.open("ab") as file:
        file.write(beginning)
    log.append(TURN, "wrong_passage")
    assert [entry["verdict"] for entry in read_feedback(log.path)] == ["helpful", "wrong_passage"]
