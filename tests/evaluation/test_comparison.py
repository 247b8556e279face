from dataclasses import replace

import pytest

from qa_bot.evaluation.comparison import compare
from qa_bot.evaluation.record import Outcome, Record
from qa_bot.evaluation.tables import render_comparison


def record(number: int, correct: float, **changes: object) -> Record:
    outcome = Outcome.RIGHT if correct else Outcome.NOT_CHOSEN
    values = {"correct": correct, "hit@1": correct}
    return replace(Record("towns", f"q{number}", f"question {number}", True, outcome, values=values), **changes)


def test_a_run_compared_with_itself_differs_in_nothing():
    records = [record(n, n % 2) for n in range(10)]
    comparison = compare(records, records, name="base", seed=1)
    assert [(d.measure, d.wins, d.ties, d.losses, d.p_holm) for d in comparison.differences] == [
        ("correct", 0, 10, 0, 1.0),
        ("hit@1", 0, 10, 0, 1.0),
    ]
    assert (comparison.changes, comparison.unmatched) == ((), 0)


def test_a_clear_gain_is_significant_after_correction_and_a_small_one_is_not():
    base = [record(n, 0.0) for n in range(40)]
    gained = [record(n, float(n < 30)) for n in range(40)]
    slightly = [record(n, float(n < 2)) for n in range(40)]
    clear = compare(base, gained, name="base", seed=1).differences[0]
    assert (clear.base, clear.value, clear.wins, clear.ties, clear.losses) == (0.0, 0.75, 30, 10, 0)
    assert clear.significant
    assert clear.low < 0.75 < clear.high
    assert clear.p <= clear.p_holm
    assert not compare(base, slightly, name="base", seed=1).differences[0].significant


def test_questions_that_changed_come_worst_first():
    base = [record(1, 1.0), record(2, 0.0), record(3, 1.0)]
    now = [record(1, 0.0), record(2, 1.0), record(3, 1.0)]
    changes = compare(base, now, name="base", seed=1).changes
    assert [(c.question_id, c.before, c.after) for c in changes] == [
        ("q1", "right", "retrieved but not chosen"),
        ("q2", "retrieved but not chosen", "right"),
    ]
    assert changes[0].delta == {"correct": -1.0, "hit@1": -1.0}


def test_questions_are_paired_by_set_id_and_text():
    base = [record(1, 1.0), record(2, 1.0), record(3, 1.0)]
    now = [record(1, 1.0), record(2, 1.0, question="reworded"), record(4, 1.0)]
    comparison = compare(base, now, name="base", seed=1)
    assert comparison.differences[0].ties == 1
    assert comparison.unmatched == 4 - 1  # q2 reworded, q3 only before, q4 only now


def test_a_measure_that_only_one_run_has_is_left_out():
    base = [record(n, 1.0) for n in range(3)]
    now = [record(n, 1.0, values={"correct": 1.0}) for n in range(3)]
    assert [d.measure for d in compare(base, now, name="base", seed=1).differences] == ["correct"]


def test_runs_that_share_no_question_say_so():
    comparison = compare([record(1, 1.0)], [record(2, 1.0)], name="base", seed=1)
    assert comparison.differences == ()
    assert render_comparison(comparison).splitlines() == [
        "nothing to compare with base",
        "2 questions stand in only one of the two runs and are left out.",
        "A question is the same if its set, its id and its text are.",
    ]


@pytest.mark.parametrize("count", [3, 30])
def test_the_table_names_the_worst_questions(count):
    base = [record(n, 1.0) for n in range(count)]
    text = render_comparison(compare(base, [record(n, 0.0) for n in range(count)], name="base.json", seed=1))
    assert "base.json" in text
    assert "0/0/" in text
    assert "towns/q0: right → retrieved but not chosen: question 0" in text
    assert ("and 10 more" in text) == (count == 30)
