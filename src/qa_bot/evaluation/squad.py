"""SQuAD v1.1 and 2.0 JSON: every paragraph becomes a document, so that "passage@1" means the right paragraph."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

from qa_bot.errors import QuestionSetError
from qa_bot.evaluation.collection import Collection, parsed
from qa_bot.types import Document, Gold, Question, Span

Json: TypeAlias = Any  # a parsed file of somebody else's; its shape is checked by reading it


def read_squad(path: Path) -> Collection:
    """The questions of a SQuAD file and its paragraphs as documents, doc_id `title#number` (from 0).

    Questions without an answer are tagged "near_miss": they were written to look
    answerable by their paragraph. Plausible answers are not gold. Raises: QuestionSetError.
    """
    documents: list[Document] = []
    questions: list[Question] = []
    for title, number, paragraph in _paragraphs(path):
        document = _document(path, title, number, paragraph)
        documents.append(document)
        for entry in _list(path, paragraph, "qas", document.doc_id):
            questions.append(_question(path, entry, document))
    return Collection(path.stem, path, tuple(questions), tuple(documents))


def _paragraphs(path: Path) -> Iterator[tuple[str, int, Json]]:
    counted: Counter[str] = Counter()  # several entries may share a title, as in TyDi QA
    for article in _list(path, _load(path), "data", "the file"):
        title = str(article.get("title", "untitled")) if isinstance(article, dict) else "untitled"
        for paragraph in _list(path, article, "paragraphs", f"article '{title}'"):
            yield title, counted[title], paragraph
            counted[title] += 1


def _load(path: Path) -> Json:
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise QuestionSetError(path, line, "is not UTF-8 text; save it as UTF-8") from error
    except OSError as error:
        raise QuestionSetError(path, None, f"cannot be read: {error.strerror}") from error
    return parsed(path, text)


def _list(path: Path, parent: Json, key: str, where: str) -> list[Json]:
    value = parent.get(key) if isinstance(parent, dict) else None
    if not isinstance(value, list):
        raise QuestionSetError(path, None, f"{where} has no list '{key}'; expected SQuAD v1.1 or 2.0 JSON")
    return value


def _document(path: Path, title: str, number: int, paragraph: Json) -> Document:
    text = paragraph.get("context")
    if not isinstance(text, str) or not text.strip():
        raise QuestionSetError(path, None, f"article '{title}', paragraph {number}: 'context' is no text")
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return Document(f"{title}#{number}", title.replace("_", " "), text, sha256)


def _question(path: Path, entry: Json, document: Document) -> Question:
    if not isinstance(entry, dict) or not isinstance(entry.get("question"), str) or "id" not in entry:
        raise QuestionSetError(path, None, f"document '{document.doc_id}': a question needs 'id' and 'question'")
    question_id, text = str(entry["id"]), " ".join(entry["question"].split())
    if not text:
        raise QuestionSetError(path, None, f"question '{question_id}' is blank")
    gold = tuple(dict.fromkeys(_gold(path, question_id, answer, document) for answer in entry.get("answers") or ()))
    tags = () if gold else ("near_miss",)
    return Question(question_id, text, bool(gold), gold, tags=tags)


def _gold(path: Path, question_id: str, answer: Json, document: Document) -> Gold:
    text, start = (answer.get("text"), answer.get("answer_start")) if isinstance(answer, dict) else (None, None)
    if not isinstance(text, str) or not text or not isinstance(start, int):
        raise QuestionSetError(path, None, f"question '{question_id}': an answer needs 'text' and 'answer_start'")
    if start < 0 or document.text[start : start + len(text)] != text:
        raise QuestionSetError(
            path, None, f"question '{question_id}': answer {text!r} does not stand at {start} of '{document.doc_id}'"
        )
    return Gold(document.doc_id, Span(start, start + len(text)), text)
