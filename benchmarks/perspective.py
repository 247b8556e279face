"""What perspective costs: a whole document at indexing, in new processes, and a citation when answering.

    python benchmarks/perspective.py [--corpus corpus] [--runs 7]

Every run is a process that has read nothing before: it loads the claims model and all word lists. Prints the median
and the slowest run for each document, the median of a second reading in the same process, and of looking up one
sentence in it.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=Path("corpus"))
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--once", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.once:
        print(json.dumps(once(asked.corpus)))
        return
    command = [sys.executable, __file__, "--once", "--corpus", str(asked.corpus)]
    runs = [json.loads(subprocess.run(command, check=True, capture_output=True).stdout) for _ in range(asked.runs)]
    for doc_id, (characters, *_) in runs[0].items():
        firsts, seconds, lookups = zip(*(run[doc_id][1:] for run in runs), strict=True)
        print(
            f"{doc_id}, {characters} characters: {statistics.median(firsts):.2f} s, slowest {max(firsts):.2f} s; "
            f"again {statistics.median(seconds):.2f} s; a sentence {statistics.median(lookups) * 1000:.3f} ms"
        )


def once(corpus: Path) -> dict[str, tuple[int, float, float, float]]:
    """For each document its characters and the seconds of a first and a second reading and of a sentence."""
    from qa_bot.corpus import read_corpus
    from qa_bot.perspective import analyse, perspective_of
    from qa_bot.segmentation import outline

    found = {}
    read = read_corpus(corpus)
    for document in read.documents:
        parts = outline(document.text, document.doc_id, document.layout)
        started = time.perf_counter()
        reading = analyse(document, parts, read.parties)
        first = time.perf_counter() - started
        started = time.perf_counter()
        analyse(document, parts, read.parties)
        second = time.perf_counter() - started
        started = time.perf_counter()
        for sentence in parts.sentences:
            perspective_of(document, reading, sentence.span, alone=False)
        each = (time.perf_counter() - started) / len(parts.sentences)
        found[document.doc_id] = (len(document.text), first, second, each)
    return found


if __name__ == "__main__":
    main()
