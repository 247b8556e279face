"""A BEIR data set through the pipeline: nDCG@10 and R@100 of every stage, and of plain BM25 over whole documents.

python benchmarks/beir.py FOLDER        a folder with corpus.jsonl, queries.jsonl and qrels
"""

from collections.abc import Iterator

import bm25s
import numpy as np
import Stemmer

from qa_bot.evaluation.askable import STAGES
from qa_bot.evaluation.collection import Collection
from qa_bot.evaluation.judging import DOCUMENT_DEPTH, DOCUMENT_MEASURES
from qa_bot.evaluation.measured import build_measured
from qa_bot.evaluation.runner import SEED, evaluate
from qa_bot.evaluation.tables import render_results
from qa_bot.measures.ranking import score_ranking
from qa_bot.measures.resampling import estimates, mean_of
from run import arguments, collection_of, finish, options_of

K1, B = 0.9, 0.4  # Anserini's, behind the BM25 figures of BEIR and Pyserini


def main() -> None:
    asked = arguments(__doc__, "folder")
    collection = collection_of(asked)
    print(plain_bm25(collection))
    results = evaluate(None, [collection], options_of(asked, against=STAGES[:3]), build=build_measured)
    print(render_results(results))
    finish(results, asked)


def plain_bm25(collection: Collection) -> str:
    """BM25 over title and text of whole documents, with the parameters of the published figures."""
    rankings = bm25_rankings(
        [document.text for document in collection.documents], [question.text for question in collection.questions]
    )
    names = [document.doc_id for document in collection.documents]
    qrels = collection.qrels or {}
    scores = [
        score_ranking([names[position] for position in ranked], qrels[question.question_id], DOCUMENT_MEASURES)
        for question, ranked in zip(collection.questions, rankings, strict=True)
    ]
    columns = {measure: mean_of(np.array([score[measure] for score in scores])) for measure in DOCUMENT_MEASURES}
    found = estimates(columns, len(scores), seed=SEED)
    told = ", ".join(f"{name} {of.value:.4f} [{of.low:.3f}, {of.high:.3f}]" for name, of in found.items())
    return f"plain BM25 over whole documents (k1 {K1}, b {B}): {told}\n"


def bm25_rankings(texts: list[str], questions: list[str]) -> Iterator[list[int]]:
    """Positions of the texts with a score above zero, best first, for every question."""
    stemmer = Stemmer.Stemmer("english")
    index = bm25s.BM25(method="lucene", k1=K1, b=B)
    index.index(bm25s.tokenize(texts, stopwords="en", stemmer=stemmer, show_progress=False), show_progress=False)
    asked = bm25s.tokenize(questions, stopwords="en", stemmer=stemmer, show_progress=False)
    positions, scores = index.retrieve(asked, k=min(DOCUMENT_DEPTH, len(texts)), show_progress=False)
    for row, row_scores in zip(positions.tolist(), scores.tolist(), strict=True):
        yield [position for position, score in zip(row, row_scores, strict=True) if score > 0]


if __name__ == "__main__":
    main()
