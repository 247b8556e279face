import pytest

from qa_bot.errors import QuestionSetError
from qa_bot.evaluation.figures import Figure
from qa_bot.evaluation.gate import Floor, below, read_floors
from qa_bot.evaluation.tables import render_falls

FIGURES = (
    Figure("hit@1", "towns", 0.70, 0.6, 0.8, 50),
    Figure("hit@1", "towns", 0.40, 0.2, 0.6, 10, tag="date"),
    Figure("hit@1", "towns", 0.99, 0.9, 1.0, 50, system="bm25"),
    Figure("ECE", "towns", 0.10, 0.05, 0.2, 50),
    Figure("IoU", "towns", float("nan"), float("nan"), float("nan"), 0),
)


def test_a_floor_is_held_at_its_very_value():
    assert below([Floor("hit@1", "towns", 0.70), Floor("ECE", "towns", 0.10)], FIGURES) == ()


def test_what_is_below_its_floor_falls_and_errors_fall_when_above():
    falls = below([Floor("hit@1", "towns", 0.71), Floor("ECE", "towns", 0.09)], FIGURES)
    assert [fall.floor.measure for fall in falls] == ["hit@1", "ECE"]
    assert [line.split() for line in render_falls(falls).splitlines()[3:]] == [
        ["hit@1", "towns", "≥", "0.710", "0.700", "0.010"],
        ["ECE", "towns", "≤", "0.090", "0.100", "0.010"],
    ]


def test_a_floor_may_be_about_the_questions_of_a_tag():
    assert len(below([Floor("hit@1", "towns", 0.5, tag="date")], FIGURES)) == 1


def test_a_floor_of_something_not_measured_is_not_held():
    falls = below([Floor("hit@1", "villages", 0.1), Floor("IoU", "towns", 0.1), Floor("hit@9", "towns", 0)], FIGURES)
    assert len(falls) == 3
    assert "not measured" in render_falls(falls)


def test_floors_are_read_from_toml(tmp_path):
    path = tmp_path / "floors.toml"
    path.write_text(
        '[[floor]]\nmeasure = "hit@1"\nset = "towns"\nvalue = 1\n[[floor]]\nmeasure="ECE"\nset="t"\nvalue=0.1\ntag="x"'
    )
    assert read_floors(path) == (Floor("hit@1", "towns", 1.0), Floor("ECE", "t", 0.1, "x"))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("[[floor", "is not TOML"),
        ("", "expected one or more"),
        ("floor = 3", "expected one or more"),
        ('[[floor]]\nmeasure = "hit@1"', "expected measure, set, value"),
        ('[[floor]]\nmeasure = "a"\nset = "b"\nvalue = 1\nlevel = 2', "expected measure, set, value"),
        ('[[floor]]\nmeasure = "a"\nset = "b"\nvalue = "high"', "key 'value' has value 'high'; expected a number"),
        ('[[floor]]\nmeasure = 1\nset = "b"\nvalue = 1', "measure, set and tag are strings"),
    ],
)
def test_a_file_of_floors_that_cannot_be_used_is_an_error(tmp_path, content, says):
    path = tmp_path / "floors.toml"
    path.write_text(content)
    with pytest.raises(QuestionSetError, match=f"floors.toml: .*{says}"):
        read_floors(path)


def test_a_missing_file_of_floors_is_an_error(tmp_path):
    with pytest.raises(QuestionSetError, match="cannot be read"):
        read_floors(tmp_path / "floors.toml")
