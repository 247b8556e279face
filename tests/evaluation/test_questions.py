import json
from pathlib import Path

import pytest

from qa_bot.errors import QuestionSetError
from qa_bot.evaluation.questions import read_collection
from qa_bot.types import Span

from .conftest import LINES, line
from .fakes import TEXT, document

DOCUMENTS = {"river": document()}


def read(path: Path):
    return read_collection(path, DOCUMENTS)


# ---------------------------------------------------------------- our own JSONL


def test_a_question_set_is_read_in_file_order_with_its_gold(question_file):
    collection = read(question_file)
    assert collection.name == "river-questions"
    assert [question.question_id for question in collection.questions] == ["q1", "q2", "q3", "q4", "q5", "q6"]
    first = collection.questions[0]
    assert first.gold[0].span.of(TEXT) == "The old bridge was built in 1911."
    assert (first.gold[0].short, first.tags, first.answerable) == ("1911", ("date", "test"), True)


def test_blank_lines_and_unknown_keys_are_left_alone(write_lines):
    assert len(read(write_lines(LINES[0] | {"author": "me"}, "", LINES[1])).questions) == 2


@pytest.mark.parametrize("key", ["history", "tags", "gold", "quote", "short"])
@pytest.mark.parametrize("number", range(len(LINES)))
def test_what_may_be_left_out_may_be_null(write_lines, number, key):
    def changed(change):
        line = json.loads(json.dumps(LINES[number] | {"history": ["When?"]}))
        for values in (line, *line["gold"]):
            if key in values and not (key == "gold" and line["answerable"]):
                change(values)
        return read(write_lines(line)).questions

    assert changed(lambda values: values.update({key: None})) == changed(lambda values: values.pop(key))


@pytest.mark.parametrize("key", ["id", "question", "answerable"])
def test_what_is_needed_may_not_be_null(write_lines, key):
    with pytest.raises(QuestionSetError, match=f":1: key '{key}' has value None; expected"):
        read(write_lines(LINES[0] | {key: None}))


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ("{not json", "is not JSON: Expecting property name enclosed in double quotes (column 2)"),
        ("[" * 100_000, "is not JSON that can be read: it is nested too deeply"),
        ('{"id": "\\ud83d", "question": "?", "answerable": false}', r"holds half a character, '\ud83d'"),
        ("[1, 2]", "expected a JSON object, got list"),
        (LINES[0] | {"id": 7}, "key 'id' has value 7; expected a string"),
        (LINES[0] | {"id": " "}, "expected a text that is not blank"),
        ({"question": "?", "answerable": False}, "key 'id' is missing; expected a string"),
        (LINES[0] | {"answerable": "yes"}, "key 'answerable' has value 'yes'; expected true or false"),
        (LINES[0] | {"tags": "date"}, "key 'tags' has value 'date'; expected a list"),
        (LINES[0] | {"tags": [1]}, "expected a list of strings"),
        (LINES[0] | {"gold": []}, "key 'gold' has 0 entries and answerable is True"),
        (LINES[0] | {"answerable": False}, "expected an empty list"),
        (LINES[0] | {"gold": ["river"]}, "expected objects with doc_id, start and end"),
        (
            LINES[0] | {"gold": [{"doc_id": "sea", "start": 0, "end": 1}]},
            "unknown doc_id 'sea'; the index holds: river",
        ),
        (LINES[0] | {"gold": [{"doc_id": "river", "start": 5, "end": 5}]}, "span 5:5 is outside 'river'"),
        (LINES[0] | {"gold": [{"doc_id": "river", "start": 0, "end": 9999}]}, "span 0:9999 is outside 'river'"),
        (LINES[0] | {"gold": [{"doc_id": "river", "start": True, "end": 2}]}, "expected a whole number"),
        (LINES[0] | {"gold": [{"doc_id": "river", "start": 0, "end": 6, "quote": "Berghem"}]}, "differs from the text"),
    ],
)
def test_a_line_that_cannot_be_used_is_named_with_file_and_line(write_lines, bad, says):
    path = write_lines(line("fine", "Who?"), bad)
    with pytest.raises(QuestionSetError) as raised:
        read(path)
    assert str(raised.value).startswith(f"{path}:2: ")
    assert says in str(raised.value)
    assert "\n" not in str(raised.value)


def test_an_id_that_stands_twice_names_both_lines(write_lines):
    with pytest.raises(QuestionSetError, match=r":3: id 'q1' stands already on line 1"):
        read(write_lines(LINES[0], LINES[1], LINES[0]))


def test_an_empty_set_is_an_error(write_lines):
    with pytest.raises(QuestionSetError, match="holds no question"):
        read(write_lines("", " "))


def test_a_file_that_is_missing_not_text_or_of_another_kind_is_an_error(tmp_path):
    with pytest.raises(QuestionSetError, match="no such file"):
        read(tmp_path / "nothing.jsonl")
    (tmp_path / "latin.jsonl").write_bytes(json.dumps(LINES[0]).encode() + b'\n{"id": "\xe9"}')
    with pytest.raises(QuestionSetError, match=r"latin\.jsonl:2: is not UTF-8 text \(byte 9 of the line\)"):
        read(tmp_path / "latin.jsonl")
    (tmp_path / "questions.csv").write_text("a,b")
    with pytest.raises(QuestionSetError, match=r"unknown kind of question set 'questions\.csv'; expected \.jsonl"):
        read(tmp_path / "questions.csv")


def test_a_byte_order_mark_and_ends_of_lines_of_another_system_change_nothing(tmp_path, question_file):
    lines = question_file.read_bytes()
    (tmp_path / "windows.jsonl").write_bytes(b"\xef\xbb\xbf" + lines.replace(b"\n", b"\r\n"))
    assert read(tmp_path / "windows.jsonl").questions == read(question_file).questions


def test_questions_are_chosen_by_all_of_their_tags(question_file):
    collection = read(question_file)
    assert [q.question_id for q in collection.tagged(["test", "date"]).questions] == ["q1"]
    assert len(collection.first(2).questions) == 2
    with pytest.raises(QuestionSetError, match="no question is tagged nothing; tags are: date, dev"):
        collection.tagged(["nothing"])


# ---------------------------------------------------------------- SQuAD


def squad(**changes: object) -> dict:
    answers = [{"text": "1911", "answer_start": 28}, {"text": "1911", "answer_start": 28}]
    asked = {"id": "a", "question": "When was\nit built?", "answers": answers}
    unanswerable = {"id": "b", "question": "Who?", "answers": [], "is_impossible": True}
    paragraph = {"context": "The old bridge was built in 1911.", "qas": [asked | changes, unanswerable]}
    return {"data": [{"title": "Old_bridge", "paragraphs": [paragraph, {"context": "Another.", "qas": []}]}]}


def write_json(path: Path, content: object) -> Path:
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def test_squad_paragraphs_become_documents_and_equal_answers_one_alternative(tmp_path):
    collection = read(write_json(tmp_path / "dev.json", squad()))
    assert [(d.doc_id, d.title) for d in collection.documents] == [
        ("Old_bridge#0", "Old bridge"),
        ("Old_bridge#1", "Old bridge"),
    ]
    asked, unanswerable = collection.questions
    assert (asked.text, [(g.doc_id, g.span, g.short) for g in asked.gold]) == (
        "When was it built?",
        [("Old_bridge#0", Span(28, 32), "1911")],
    )
    assert (unanswerable.answerable, unanswerable.gold, unanswerable.tags) == (False, (), ("near_miss",))


def test_entries_of_one_title_are_numbered_on(tmp_path):
    content = squad()
    content["data"].append({"title": "Old_bridge", "paragraphs": [{"context": "A third.", "qas": []}]})
    collection = read(write_json(tmp_path / "dev.json", content))
    assert [document.doc_id for document in collection.documents] == ["Old_bridge#0", "Old_bridge#1", "Old_bridge#2"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{\n\n,", ":3: is not JSON"),
        ({"version": "2.0"}, "the file has no list 'data'"),
        ({"data": [{"title": "T"}]}, "article 'T' has no list 'paragraphs'"),
        ({"data": [{"title": "T", "paragraphs": [{"qas": []}]}]}, "'context' is no text"),
        (squad(answers=[{"text": "1912", "answer_start": 28}]), "answer '1912' does not stand at 28 of 'Old_bridge#0'"),
        (squad(answers=[{"text": "1911"}]), "an answer needs 'text' and 'answer_start'"),
        (squad(question=None), "a question needs 'id' and 'question'"),
        (squad(id="b"), "id 'b' stands 2 times"),
        (squad(question=" "), "question 'a' is blank"),
        (squad(answers=["1911"]), "question 'a': an answer needs 'text' and 'answer_start'"),
        ('{"data": ["\\ud83d"]}', r"holds half a character, '\ud83d'"),
    ],
)
def test_a_squad_file_that_cannot_be_used_is_an_error(tmp_path, content, says):
    with pytest.raises(QuestionSetError) as raised:
        read(write_json(tmp_path / "dev.json", content))
    assert says in str(raised.value)


def test_a_squad_file_of_another_system_is_read_and_one_that_is_not_utf8_names_the_line(tmp_path):
    (tmp_path / "bom.json").write_bytes(b"\xef\xbb\xbf" + json.dumps(squad()).encode())
    assert len(read(tmp_path / "bom.json").questions) == 2
    (tmp_path / "latin.json").write_bytes(b'{"data": [\n"\xe9"]}')
    with pytest.raises(QuestionSetError, match=r"latin\.json:2: is not UTF-8 text"):
        read(tmp_path / "latin.json")


# ---------------------------------------------------------------- BEIR


@pytest.fixture
def beir(tmp_path: Path) -> Path:
    folder = tmp_path / "towns"
    (folder / "qrels").mkdir(parents=True)
    (folder / "corpus.jsonl").write_text(
        '{"_id": "1", "title": "Almere", "text": "A town."}\n{"_id": "2", "title": "", "text": "Berghem."}\n'
        '{"_id": "3", "title": "", "text": ""}\n'
    )
    (folder / "queries.jsonl").write_text('{"_id": "x", "text": "which town"}\n{"_id": "y", "text": "unjudged"}\n')
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nx\t1\t2\nx\t2\t0\n")
    (folder / "qrels" / "dev.tsv").write_text("query-id\tcorpus-id\tscore\ny\t1\t1\n")
    return folder


def test_a_beir_folder_gives_judged_queries_of_the_test_split(beir):
    collection = read(beir)
    assert [(d.doc_id, d.text) for d in collection.documents] == [("1", "Almere\n\nA town."), ("2", "Berghem.")]
    assert [question.question_id for question in collection.questions] == ["x"]
    assert collection.qrels == {"x": {"1": 2, "2": 0}}


def test_a_judged_document_without_a_word_counts_as_missed(beir):
    (beir / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nx\t1\t2\nx\t3\t1\n")
    collection = read(beir)
    assert [document.doc_id for document in collection.documents] == ["1", "2"]
    assert collection.qrels == {"x": {"1": 2, "3": 1}}


def test_judgements_may_lie_beside_the_corpus(beir):
    (beir / "qrels" / "test.tsv").rename(beir / "qrels.tsv")
    (beir / "qrels" / "dev.tsv").unlink()
    assert [question.question_id for question in read(beir).questions] == ["x"]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("qrels/test.tsv", "x\t1\t1\nx\t9\t1\n", "test.tsv:2: unknown document '9'"),
        ("qrels/test.tsv", "x\t1\t1\nx\t1\tmuch\n", "test.tsv:2: grade 'much' is no whole number"),
        ("qrels/test.tsv", "x\t1\t1\nx\n", "test.tsv:2: has 1 columns"),
        ("qrels/test.tsv", "z\t1\t1\n", "query 'z' is judged and not in queries.jsonl"),
        (
            "corpus.jsonl",
            '{"_id": "1", "text": "a"}\n{"_id": "1", "text": "b"}\n',
            "corpus.jsonl:2: _id '1' stands twice",
        ),
        ("queries.jsonl", '{"_id": "x"}\n', "queries.jsonl:1: key 'text' is missing"),
        (
            "queries.jsonl",
            '{"_id": "x", "text": "a"}\n{"_id": "x", "text": "b"}\n',
            "queries.jsonl:2: _id 'x' stands twice",
        ),
    ],
)
def test_a_beir_folder_that_cannot_be_used_is_an_error(beir, name, content, says):
    (beir / name).write_text(content)
    with pytest.raises(QuestionSetError) as raised:
        read(beir)
    assert says in str(raised.value)


def test_a_folder_that_is_no_beir_folder_says_what_is_missing(tmp_path):
    with pytest.raises(QuestionSetError, match=r"corpus\.jsonl: is missing; a BEIR folder has"):
        read(tmp_path)


# ---------------------------------------------------------------- TREC


def test_trec_topics_are_judged_by_the_qrels_beside_them(tmp_path):
    (tmp_path / "towns.qrels").write_text("1 0 river 1\n2 0 river 0\n")
    marked = "<top>\n<num> Number: 1\n<title> old  bridge\n</top>\n<top><num>2<title>fishing</top>\n"
    later = '<topic number="1" type="faceted">\n<query>old bridge</query>\n</topic>\n<topic number="2"><query>fishing'
    for content in (marked, later + "</query></topic>", "1\told bridge\r\n2\tfishing\r\n"):
        (tmp_path / "towns.topics").write_text(content)
        collection = read(tmp_path / "towns.topics")
        assert [(question.question_id, question.text) for question in collection.questions] == [("1", "old bridge")]
        assert collection.qrels == {"1": {"river": 1}, "2": {"river": 0}}


@pytest.mark.parametrize(
    ("topics", "qrels", "says"),
    [
        ("1\n", "1 0 river 1\n", ":1: expected a topic id, a tab and the question"),
        ("1\ta\n1\tb\n", "1 0 river 1\n", ":2: topic '1' stands twice"),
        ("\n\n<top><num>1</top>\n", "1 0 river 1\n", ":3: a <top> needs <num> and <title>"),
        (
            "<top><num>1<title>a</top>\n<top><num>1<title>b</top>",
            "1 0 river 1\n",
            ":2: topic '1' stands twice",
        ),
        ("1\ta\n", "1 0 sea 1\n", "topics.qrels:1: unknown document 'sea'"),
        ("1\ta\n", "1 0 river 0\n", "holds no question"),
        ("1\ta\n", None, "no qrels beside it; expected 'topics.qrels'"),
    ],
)
def test_trec_files_that_cannot_be_used_are_an_error(tmp_path, topics, qrels, says):
    (tmp_path / "topics.tsv").write_text(topics)
    if qrels:
        (tmp_path / "topics.qrels").write_text(qrels)
    with pytest.raises(QuestionSetError) as raised:
        read(tmp_path / "topics.tsv")
    assert says in str(raised.value)
