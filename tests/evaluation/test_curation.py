import json

from click.testing import CliRunner

from qa_bot.cli import main
from qa_bot.errors import QuestionError
from qa_bot.evaluation.curation import (
    Verdict,
    add_questions,
    append_question,
    check_questions,
    drafts_from_feedback,
    question_json,
)
from qa_bot.evaluation.questions import read_collection
from qa_bot.evaluation.tables import render_inspection

from .conftest import LINES, line
from .fakes import WordBot, document

DOCUMENTS = {"river": document()}


class Person:
    """Answers from a list and remembers what was said."""

    def __init__(self, *replies: str) -> None:
        self.replies, self.heard = list(replies), []

    def say(self, text: str) -> None:
        self.heard.append(text)

    def ask(self, prompt: str) -> str:
        self.heard.append(prompt)
        return self.replies.pop(0)


def findings(path):
    return [(f.question_id, f.problem) for f in check_questions(read_collection(path, DOCUMENTS), DOCUMENTS).findings]


def test_a_set_in_order_has_no_findings(question_file):
    inspection = check_questions(read_collection(question_file, DOCUMENTS), DOCUMENTS)
    assert inspection.findings == ()
    assert (inspection.questions, inspection.answerable) == (6, 4)
    assert inspection.tags["test"] == 4
    assert inspection.documents == {"river": 4}
    text = render_inspection(inspection)
    assert text.startswith("6 questions, 2 of them unanswerable\ntags: test 4, ")
    assert text.endswith("gold in: river 4\n0 findings")


def test_what_a_person_should_look_at_is_found(write_lines):
    path = write_lines(
        line("a", "When was the bridge built?", "The old bridge was built in 1911.", short="1912"),
        line("b", "when was the  bridge built", None, "draft"),
        line("c", "and then?", " It burned down in 1944."),
        line("d", "and then?", "It burned down in 1944.") | {"history": ["When was the bridge built?"]},
        line("e", "Where?", "Fishing was forbidden in 1950."),
        line("f", "Who else?", "Fishing was forbidden in 1950."),
        line("g", "Since when no fishing?", "Fishing was forbidden in 1950."),
    )
    problems = findings(path)
    assert ("b", "asks nearly the same as a: 'When was the bridge built?'") in problems
    assert ("b", "is a draft; give it its answer or take the tag away") in problems
    assert ("a", "short answer '1912' does not stand in its gold span") in problems
    assert ("c", "gold span begins or ends with white space") in problems
    assert (None, "14% of the questions are unanswerable; 15% to 60% measure refusals well") in problems
    assert not [problem for problem in problems if problem[0] == "d"]


def test_a_question_is_added_with_the_places_a_person_picks(tmp_path):
    path = tmp_path / "new" / "set.jsonl"
    person = Person("When was the old bridge built?", "1, 1", "1912", "1911", "date test", "Who?", "0", "off_topic", "")
    assert add_questions(WordBot(), path, [], person) == 2
    added, refused = read_collection(path, DOCUMENTS).questions
    assert (added.question_id, added.text, added.tags) == ("q001", "When was the old bridge built?", ("date", "test"))
    assert [(gold.doc_id, gold.short) for gold in added.gold] == [("river", "1911")]
    assert (refused.question_id, refused.answerable) == ("q002", False)
    assert "that does not stand in the quotation; copy it from there" in person.heard


def test_what_cannot_be_asked_chosen_or_asked_again_is_said_and_nothing_is_lost(write_lines):
    path = write_lines(line("old", "Why?"))
    question = "When was the old bridge built?"
    person = Person("why?", "x\x00", question, "9", "", "1", "", "", question.upper(), "")
    assert add_questions(Strict(), path, read_collection(path, DOCUMENTS).questions, person) == 1
    assert [q.text for q in read_collection(path, DOCUMENTS).questions] == ["Why?", question]
    assert f"this stands already in {path} as old" in person.heard
    assert "the question holds a control character" in person.heard
    assert person.heard.count("choose from 1 to 1, or 0") == 2
    assert f"this stands already in {path} as q002" in person.heard


class Strict(WordBot):
    def search(self, question, *, limit=10):
        if "\x00" in question:
            raise QuestionError("the question holds a control character")
        return super().search(question, limit=limit)


def test_other_words_search_again_and_taken_ids_are_not_used(write_lines):
    path = write_lines(line("q002", "Why?"))
    person = Person("in which year did it catch fire?", "burned down", "1", "", "", "")
    add_questions(WordBot(), path, read_collection(path, DOCUMENTS).questions, person)
    added = read_collection(path, DOCUMENTS).questions[1]
    assert added.question_id == "q003"
    assert added.gold[0].span.of(document().text) == "It burned down in 1944."


def test_a_question_is_the_same_after_writing_and_reading(question_file, tmp_path):
    questions = read_collection(question_file, DOCUMENTS).questions
    for question in questions:
        append_question(tmp_path / "copy.jsonl", question, DOCUMENTS)
    assert read_collection(tmp_path / "copy.jsonl", DOCUMENTS).questions == questions
    assert json.loads(question_json(questions[0], DOCUMENTS)) == LINES[0]


def test_disliked_answers_become_drafts_once_and_known_questions_do_not(question_file):
    known = read_collection(question_file, DOCUMENTS).questions
    verdicts = [
        Verdict("Fine?", "helpful"),
        Verdict("Who fished  here?", "wrong_passage"),
        Verdict("who fished here?", "not_an_answer"),
        Verdict(known[0].text.upper(), "wrong_passage"),
    ]
    (draft,) = drafts_from_feedback(verdicts, known)
    assert (draft.text, draft.answerable, draft.gold) == ("Who fished  here?", False, ())
    assert draft.tags == ("draft", "feedback", "wrong_passage")
    assert draft.question_id.startswith("feedback-")


def test_a_disliked_follow_up_keeps_the_questions_before_it():
    verdicts = [
        Verdict("And when?", "not_an_answer", ("Who built the bridge?",)),
        Verdict("and when?", "not_an_answer", ("Who forbade fishing?",)),
    ]
    first, second = drafts_from_feedback(verdicts)
    assert (first.history, second.history) == (("Who built the bridge?",), ("Who forbade fishing?",))
    assert first.question_id != second.question_id
    assert drafts_from_feedback(verdicts, [first]) == (second,)


def test_feedback_becomes_drafts_on_the_command_line_though_a_line_was_cut_off(tmp_path, monkeypatch):
    class Index:
        entries = ()

    monkeypatch.setattr("qa_bot.index.load_index", lambda folder: Index())
    feedback, drafts = tmp_path / "feedback.jsonl", tmp_path / "drafts.jsonl"
    arguments = ["questions", "from-feedback", str(feedback), str(drafts)]
    missing = CliRunner().invoke(main, arguments)
    assert (missing.exit_code, missing.stderr.count("\n")) == (2, 1)
    assert "no feedback in" in missing.stderr
    entry = {"time": "t", "verdict": "wrong_passage", "question": "And when?", "history": ["Who built it?"]}
    feedback.write_text('{"time": "2026-11-30T0\n' + json.dumps(entry) + "\n", encoding="utf-8")
    assert CliRunner().invoke(main, arguments).output == f"1 draft questions added to {drafts}\n"
    assert json.loads(drafts.read_text(encoding="utf-8"))["history"] == ["Who built it?"]
