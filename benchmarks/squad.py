"""SQuAD v1.1, 2.0 or TyDi QA (gold passage) over the pool of all paragraphs of the file.

    python benchmarks/squad.py FILE.json

"document hit@1" is passage@1 (every paragraph is a document), "hit@1" is sentence@1; EM and F1 are SQuAD's.
"""

from qa_bot.evaluation.askable import STAGES
from qa_bot.evaluation.measured import build_measured
from qa_bot.evaluation.runner import evaluate
from qa_bot.evaluation.tables import render_results
from run import arguments, collection_of, finish, options_of


def main() -> None:
    asked = arguments(__doc__, "file")
    collection = collection_of(asked)
    results = evaluate(None, [collection], options_of(asked, against=STAGES[:3]), build=build_measured)
    print(render_results(results))
    finish(results, asked)


if __name__ == "__main__":
    main()
