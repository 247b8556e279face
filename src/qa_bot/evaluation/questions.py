"""Question sets: one reader for every format, our own JSONL first."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from qa_bot.errors import QuestionSetError
from qa_bot.evaluation.beir import read_beir
from qa_bot.evaluation.collection import Collection, LineRecord, checked, numbered_records
from qa_bot.evaluation.squad import read_squad
from qa_bot.evaluation.trec import looks_like_topics, read_topics
from qa_bot.types import Document, Gold, Question, Span

_EXPECTED = ".jsonl, SQuAD .json, a BEIR folder, or TREC topics (.topics, .trec, topics*.tsv|txt|xml) with qrels beside"


def read_collection(path: Path, documents: Mapping[str, Document]) -> Collection:
    """A question set of any format, told by its name: `.jsonl` ours, `.json` SQuAD, a folder BEIR, topics TREC.

    `documents` by doc_id are those that spans and judgements of our own and of TREC files point into.
    Raises: QuestionSetError: with file and line, for anything that cannot be used.
    """
    if not path.exists():
        raise QuestionSetError(path, None, "no such file or folder; give a question set (.jsonl, .json, BEIR or TREC)")
    if path.is_dir():
        return checked(read_beir(path))
    if path.suffix == ".jsonl":
        return checked(Collection(path.stem, path, tuple(_questions(path, documents))))
    if path.suffix == ".json":
        return checked(read_squad(path))
    if looks_like_topics(path):
        return checked(read_topics(path, documents))
    raise QuestionSetError(path, None, f"unknown kind of question set '{path.name}'; expected {_EXPECTED}")


def brings_documents(path: Path) -> bool:
    """Whether a question set is of a kind that holds its documents: a BEIR folder, a SQuAD file."""
    return path.is_dir() or path.suffix == ".json"


def _questions(path: Path, documents: Mapping[str, Document]) -> Iterator[Question]:
    seen: dict[str, int] = {}
    for record in numbered_records(path):
        question = _question(record, documents)
        if question.question_id in seen:
            first = seen[question.question_id]
            raise record.error(f"id '{question.question_id}' stands already on line {first}; ids are unique")
        seen[question.question_id] = record.line
        yield question


def _question(record: LineRecord, documents: Mapping[str, Document]) -> Question:
    question_id, text = record.get("id", str), record.get("question", str)
    for key, value in (("id", question_id), ("question", text)):
        if not value.strip():
            raise record.error(f"key '{key}' has value {value!r}; expected a text that is not blank")
    answerable = record.get("answerable", bool)
    gold = tuple(_gold(record, entry, documents) for entry in record.get("gold", list, []))
    if answerable != bool(gold):
        expected = "at least one entry" if answerable else "an empty list"
        raise record.error(f"key 'gold' has {len(gold)} entries and answerable is {answerable}; expected {expected}")
    return Question(question_id, text, answerable, gold, record.texts("history"), record.texts("tags"))


def _gold(record: LineRecord, entry: object, documents: Mapping[str, Document]) -> Gold:
    if not isinstance(entry, dict):
        raise record.error(f"key 'gold' holds {entry!r}; expected objects with doc_id, start and end")
    values = LineRecord(record.path, record.line, entry)
    doc_id, start, end = values.get("doc_id", str), values.get("start", int), values.get("end", int)
    document = documents.get(doc_id)
    if document is None:
        known = ", ".join(list(documents)[:5]) or "none"
        raise record.error(f"unknown doc_id '{doc_id}'; the index holds: {known}")
    if not 0 <= start < end <= len(document.text):
        raise record.error(
            f"span {start}:{end} is outside '{doc_id}', which has {len(document.text)} characters; "
            "expected 0 <= start < end <= that"
        )
    quote = values.get("quote", str, document.text[start:end])
    if quote != document.text[start:end]:
        raise record.error(
            f"quote {quote[:40]!r} differs from the text at {start}:{end}, {document.text[start:end][:40]!r}"
        )
    return Gold(doc_id, Span(start, end), values.get("short", str, "") or None)
