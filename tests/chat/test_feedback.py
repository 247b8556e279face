import json
from threading import Thread

import pytest

from qa_bot.chat.feedback import VERDICTS, FeedbackLog, read_feedback
from qa_bot.chat.turns import Place, Turn
from qa_bot.errors import QaBotError

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
