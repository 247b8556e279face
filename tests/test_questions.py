"""The project's own question sets hold to the document, to their format and to the dev/test split.

The split is by section, so that nothing tuned on "dev" has seen a sentence that answers a "test" question.
"""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qa_bot.corpus import read_document
from qa_bot.segmentation import outline
from qa_bot.types import Document, Outline

CORPUS = Path(__file__).parents[1] / "corpus"
DOC_ID = "second-karabakh-war"
SINGLE, DIALOGUES = f"{DOC_ID}.jsonl", "dialogues.jsonl"
SETS = (SINGLE, DIALOGUES)
SPLITS = ("dev", "test")
REQUIRED = {"id", "question", "answerable", "gold", "tags"}
UNANSWERABLE_KINDS = {"near_miss", "relation_swap", "false_premise", "off_topic", "nonsense"}

Line = dict[str, Any]


@pytest.fixture(scope="module")
def document() -> Document:
    return read_document(CORPUS / f"{DOC_ID}.txt")


@pytest.fixture(scope="module")
def parts(document: Document) -> Outline:
    return outline(document.text, DOC_ID)


@pytest.mark.parametrize("name", SETS)
def test_every_line_has_the_fields_of_the_format(name: str) -> None:
    wrong = [line["id"] for line in lines(name) if not REQUIRED <= set(line) <= REQUIRED | {"history"}]
    blank = [line["id"] for line in lines(name) if not all(map(str.strip, asked(line)))]
    assert (wrong, blank) == ([], [])


@pytest.mark.parametrize("name", SETS)
def test_ids_are_unique(name: str) -> None:
    assert repeated(line["id"] for line in lines(name)) == []


def test_no_question_is_asked_twice() -> None:
    assert repeated(" / ".join(asked(line)).casefold() for name in SETS for line in lines(name)) == []


@pytest.mark.parametrize("name", SETS)
def test_every_quote_is_the_text_of_its_span(name: str, document: Document) -> None:
    assert [key for key, gold in golds(name) if document.text[gold["start"] : gold["end"]] != gold["quote"]] == []


@pytest.mark.parametrize("name", SETS)
def test_every_short_answer_stands_in_its_quote(name: str) -> None:
    assert [key for key, gold in golds(name) if gold.get("short", "") not in gold["quote"]] == []


@pytest.mark.parametrize("name", SETS)
def test_every_gold_span_is_whole_sentences_and_no_heading(name: str, parts: Outline) -> None:
    citable = [sentence.span for sentence in parts.sentences if not sentence.heading]
    starts, ends = {span.start for span in citable}, {span.end for span in citable}
    assert [key for key, gold in golds(name) if gold["start"] not in starts or gold["end"] not in ends] == []


@pytest.mark.parametrize("name", SETS)
def test_a_question_has_gold_or_says_why_it_has_none(name: str) -> None:
    kinds = {line["id"]: UNANSWERABLE_KINDS & set(line["tags"]) for line in lines(name)}
    wrong = [
        line["id"] for line in lines(name) if not line["answerable"] == bool(line["gold"]) != bool(kinds[line["id"]])
    ]
    assert wrong == []


@pytest.mark.parametrize("name", SETS)
def test_every_question_is_in_one_split(name: str) -> None:
    assert [line["id"] for line in lines(name) if sum(tag in SPLITS for tag in line["tags"]) != 1] == []


@pytest.mark.parametrize("split", SPLITS)
def test_each_split_has_enough_questions_and_a_third_without_an_answer(split: str) -> None:
    answerable = [line["answerable"] for line in lines(SINGLE) if split in line["tags"]]
    assert sum(answerable) >= 50
    assert 0.3 <= answerable.count(False) / len(answerable) <= 0.37


@pytest.mark.parametrize("split", SPLITS)
def test_each_split_has_follow_ups_with_their_history(split: str) -> None:
    histories = [line.get("history") for line in lines(DIALOGUES) if split in line["tags"]]
    assert len(histories) >= 15
    assert all(histories)


def test_no_section_answers_questions_of_both_splits(parts: Outline) -> None:
    dev, test = ({section for name in SETS for section in sections(name, split, parts)} for split in SPLITS)
    assert dev & test == set()


def test_the_questions_reach_every_section_that_has_sentences(parts: Outline) -> None:
    reached = {section for split in SPLITS for section in sections(SINGLE, split, parts)}
    assert reached == {sentence.section for sentence in parts.sentences if not sentence.heading}


def lines(name: str) -> list[Line]:
    return [json.loads(line) for line in (CORPUS / "questions" / name).read_text(encoding="utf-8").splitlines()]


def asked(line: Line) -> list[str]:
    return [*line.get("history", []), line["question"]]


def golds(name: str) -> Iterator[tuple[str, Line]]:
    return ((line["id"], gold) for line in lines(name) for gold in line["gold"])


def sections(name: str, split: str, parts: Outline) -> set[int]:
    section_at = {sentence.span.start: sentence.section for sentence in parts.sentences}
    return {section_at[gold["start"]] for line in lines(name) if split in line["tags"] for gold in line["gold"]}


def repeated(values: Iterator[str]) -> list[str]:
    return [value for value, times in Counter(values).items() if times > 1]
