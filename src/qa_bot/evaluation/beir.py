"""BEIR folders: corpus.jsonl, queries.jsonl and qrels/*.tsv (or one qrels.tsv beside them).

Thakur et al., NeurIPS 2021 (arXiv 2104.08663).
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from qa_bot.errors import QuestionSetError
from qa_bot.evaluation.collection import Collection, LineRecord, numbered_lines, numbered_records
from qa_bot.types import Document, Qrels, Question

PREFERRED_SPLIT = "test"  # what published figures are about


def read_beir(folder: Path) -> Collection:
    """The judged queries of a BEIR folder with its corpus and judgements.

    Of several files in `qrels/` the test split is taken. A document is its title, a blank line and its
    text. Queries without a relevant document are left out, as in the published figures.
    Raises: QuestionSetError: with file and line, also for judgements of unknown documents or queries.
    """
    corpus = dict(_identified(folder / "corpus.jsonl"))
    texts = {
        query: " ".join(record.get("text", str).split()) for query, record in _identified(folder / "queries.jsonl")
    }
    qrels_path = _qrels_path(folder)
    qrels = read_qrels(qrels_path, documents=set(corpus))
    missing = next((query for query in qrels if query not in texts), None)
    if missing is not None:
        raise QuestionSetError(qrels_path, None, f"query '{missing}' is judged and not in queries.jsonl")
    questions = tuple(
        Question(query, texts[query], answerable=True)
        for query in texts
        if any(grade > 0 for grade in qrels.get(query, {}).values())
    )
    documents = (_document(doc_id, record) for doc_id, record in corpus.items())
    # A document without a word cannot be found; where it is judged, it counts as missed.
    kept = tuple(document for document in documents if document.text)
    return Collection(folder.resolve().name, folder, questions, kept, qrels)


def read_qrels(path: Path, *, documents: set[str] | None = None) -> Qrels:
    """Judgements by query and document: BEIR's three columns with a heading, or TREC's four.

    Raises: QuestionSetError: with the line, for another shape, a grade that is no number, an unknown document.
    """
    qrels: Qrels = {}
    for number, line in numbered_lines(path):
        columns = line.split("\t") if line.count("\t") >= 2 else line.split()
        if number == 1 and not columns[-1].strip().lstrip("-").isdigit():
            continue
        if len(columns) not in {3, 4}:
            raise QuestionSetError(path, number, f"has {len(columns)} columns; expected query, document, grade")
        query, document, grade = columns[0].strip(), columns[-2].strip(), columns[-1].strip()
        if not grade.lstrip("-").isdigit():
            raise QuestionSetError(path, number, f"grade '{grade}' is no whole number")
        if documents is not None and document not in documents:
            raise QuestionSetError(path, number, f"unknown document '{document}'; it is not in the corpus")
        qrels.setdefault(query, {})[document] = int(grade)
    return qrels


def _needed(path: Path) -> Path:
    if not path.is_file():
        raise QuestionSetError(path, None, "is missing; a BEIR folder has corpus.jsonl, queries.jsonl and qrels")
    return path


def _identified(path: Path) -> Iterator[tuple[str, LineRecord]]:
    seen: set[str] = set()
    for record in numbered_records(_needed(path)):
        name = record.get("_id", str)
        if name in seen:
            raise record.error(f"_id '{name}' stands twice; ids are unique")
        seen.add(name)
        yield name, record


def _document(doc_id: str, record: LineRecord) -> Document:
    title = record.get("title", str, "").strip()
    text = "\n\n".join(part for part in (title, record.get("text", str, "").strip()) if part)
    return Document(doc_id, title or doc_id, text, hashlib.sha256(text.encode()).hexdigest())


def _qrels_path(folder: Path) -> Path:
    inside = sorted((folder / "qrels").glob("*.tsv"))
    preferred = [path for path in inside if path.stem == PREFERRED_SPLIT]
    return next(iter(preferred + inside), None) or _needed(folder / "qrels.tsv")
