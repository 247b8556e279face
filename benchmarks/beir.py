"""A BEIR data set through the pipeline: nDCG@10 and R@100 of every stage, and of plain BM25 over whole documents.

python benchmarks/beir.py FOLDER        a folder with corpus.jsonl, queries.jsonl and qrels
"""

import numpy as np

from qa_bot.evaluation.askable import STAGES
from qa_bot.evaluation.collection import Collection
from qa_bot.evaluation.judging import DOCUMENT_DEPTH, DOCUMENT_MEASURES
from qa_bot.evaluation.measured import build_measured
from qa_bot.evaluation.runner import SEED, evaluate
from qa_bot.evaluation.tables import render_results
from qa_bot.lexical import LexicalIndex
from qa_bot.measures.ranking import score_ranking
from qa_bot.measures.resampling import estimates, mean_of
from run import arguments, collection_of, finish, options_of


def main() -> None:
    asked = arguments(__doc__, "folder")
    collection = collection_of(asked)
    print(plain_bm25(collection))
    results = evaluate(None, [collection], options_of(asked, against=STAGES[:3]), build=build_measured)
    print(render_results(results))
    finish(results, asked)


def plain_bm25(collection: Collection) -> str:
    """BM25 over title and text of whole documents: comparable to published BM25 figures."""
    index = LexicalIndex.build([document.text for document in collection.documents])
    names = [document.doc_id for document in collection.documents]
    qrels = collection.qrels or {}
    scores = []
    for question in collection.questions:
        positions, _ = index.search(question.text, DOCUMENT_DEPTH)
        ranked = [names[position] for position in positions]
        scores.append(score_ranking(ranked, qrels[question.question_id], DOCUMENT_MEASURES))
    columns = {measure: mean_of(np.array([score[measure] for score in scores])) for measure in DOCUMENT_MEASURES}
    found = estimates(columns, len(scores), seed=SEED)
    told = ", ".join(f"{name} {of.value:.4f} [{of.low:.3f}, {of.high:.3f}]" for name, of in found.items())
    return f"plain BM25 over whole documents: {told}\n"


if __name__ == "__main__":
    main()
