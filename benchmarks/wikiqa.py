"""WikiQA answer sentence selection: MAP, MRR and P@1 over questions with a correct sentence.

    python benchmarks/wikiqa.py FOLDER      a folder with WikiQA-test.tsv

Each page's sentences are one document. The bot ranks the sentences of the question's own page; a candidate takes
the rank of the best place that overlaps it. Beside it, in the same run: the bot without its reader, and BM25 over the
same candidates; p by a paired randomisation test, corrected by Holm over the two.
"""

import csv
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from tqdm import tqdm

from qa_bot.bot import MAX_SEARCH, QaBot
from qa_bot.evaluation.runner import SEED
from qa_bot.lexical import LexicalIndex
from qa_bot.measures.ranking import score_ranking
from qa_bot.measures.resampling import Values, estimates, holm, mean_of, randomisation_test
from qa_bot.measures.spans import Place, overlaps
from qa_bot.reader import NO_READER
from qa_bot.settings import Settings
from qa_bot.types import Document, Span
from run import arguments

MEASURES = ("AP", "RR", "P@1")
BESIDE = ("without the reader", "bm25")


@dataclass(frozen=True, slots=True)
class Candidates:
    """One question with the sentences of its page, in order, and which are correct."""

    question: str
    document: Document
    places: tuple[Place, ...]
    correct: tuple[bool, ...]


def main() -> None:
    asked = arguments(__doc__, "folder", writes=False, resumes=False)
    questions = [candidates for candidates in read(asked.data / "WikiQA-test.tsv") if any(candidates.correct)]
    questions = questions[: asked.limit]
    with TemporaryDirectory(prefix="qa-bot-") as folder:
        documents = {candidates.document.doc_id: candidates.document for candidates in questions}
        bot = QaBot.from_documents(tuple(documents.values()), folder)
        unread = QaBot.load(folder, settings=Settings(reader=NO_READER))
        ours = [score(candidates, ranked_by_bot(bot, candidates)) for candidates in tqdm(questions)]
        stock = [score(candidates, ranked_by_bot(unread, candidates)) for candidates in tqdm(questions)]
    lexical = LexicalIndex.build([place.span.of(c.document.text) for c in questions for place in c.places])
    bm25 = [score(c, order) for c, order in zip(questions, ranked_by_bm25(lexical, questions), strict=True)]
    print(f"{len(questions)} questions with a correct sentence")
    for measure in MEASURES:
        one, *others = (np.array([scores[measure] for scores in system]) for system in (ours, stock, bm25))
        p = holm([randomisation_test(one - other, seed=SEED) for other in others])
        told = [f"{name} {figure(other)} (p = {q:.4f})" for name, other, q in zip(BESIDE, others, p, strict=True)]
        print(f"{measure:4} qa-bot {figure(one)}  {'  '.join(told)}")


def read(path: Path) -> Iterator[Candidates]:
    """The questions of a WikiQA file in file order."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    by_question: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        by_question.setdefault(row["QuestionID"], []).append(row)
    for found in by_question.values():
        yield candidates_of(found)


def candidates_of(rows: Sequence[dict[str, str]]) -> Candidates:
    """The sentences of one page joined by blanks, each with its place."""
    places, text = [], ""
    doc_id = f"{rows[0]['DocumentID']}-{rows[0]['QuestionID']}"
    for row in rows:
        text += " " if text else ""
        places.append(Place(doc_id, Span(len(text), len(text) + len(row["Sentence"]))))
        text += row["Sentence"]
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    document = Document(doc_id, rows[0]["DocumentTitle"], text, sha256)
    return Candidates(rows[0]["Question"], document, tuple(places), tuple(row["Label"] == "1" for row in rows))


def ranked_by_bot(bot: QaBot, candidates: Candidates) -> list[int]:
    """Positions of the candidates, best first."""
    found = bot.search(candidates.question, limit=MAX_SEARCH, doc_ids=[candidates.document.doc_id])
    ranks = [
        next((rank for rank, citation in enumerate(found) if overlaps(citation, place)), len(found))
        for place in candidates.places
    ]
    return sorted(range(len(ranks)), key=lambda position: (ranks[position], position))


def ranked_by_bm25(index: LexicalIndex, questions: Sequence[Candidates]) -> Iterator[list[int]]:
    """The same for every question by BM25, with document frequencies of all candidates."""
    first = 0
    for candidates in questions:
        scores = index.scores(candidates.question)[first : first + len(candidates.places)]
        first += len(candidates.places)
        yield sorted(range(len(scores)), key=lambda position: (-scores[position], position))


def score(candidates: Candidates, order: Sequence[int]) -> dict[str, float]:
    relevance = {str(position): int(correct) for position, correct in enumerate(candidates.correct)}
    return score_ranking([str(position) for position in order], relevance, MEASURES)


def figure(values: Values) -> str:
    found = estimates({"mean": mean_of(values)}, len(values), seed=SEED)["mean"]
    return f"{found.value:.3f} [{found.low:.3f}, {found.high:.3f}]"


if __name__ == "__main__":
    main()
