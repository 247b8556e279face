"""Short answers by exact match and token F1, as the official SQuAD 2.0 script (evaluate-v2.0.py) computes them.

Rajpurkar et al., EMNLP 2016 (arXiv 1606.05250); Rajpurkar, Jia and Liang, ACL 2018 (arXiv 1806.03822).
"""

import re
import string
from collections import Counter
from collections.abc import Callable, Sequence

_PUNCTUATION = str.maketrans("", "", string.punctuation)
_ARTICLES = re.compile(r"\b(a|an|the)\b")


def normalise(text: str) -> str:
    """Lower case, without ASCII punctuation and English articles, white space collapsed, in this order."""
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def exact_match(prediction: str, accepted: Sequence[str]) -> float:
    """1.0 if the prediction equals an accepted answer after normalisation.

    No accepted answer means that the question has none: then only the empty prediction is right.
    """
    return _best(lambda answer: float(normalise(answer) == normalise(prediction)), accepted)


def token_f1(prediction: str, accepted: Sequence[str]) -> float:
    """Harmonic mean of token precision and recall against the accepted answer that fits best.

    Where either side has no token, 1.0 if both have none and 0.0 otherwise.
    """
    return _best(lambda answer: _f1(normalise(prediction).split(), normalise(answer).split()), accepted)


def _best(score: Callable[[str], float], accepted: Sequence[str]) -> float:
    # As in the official script, an accepted answer that normalises to nothing does not count.
    return max(map(score, [answer for answer in accepted if normalise(answer)] or [""]))


def _f1(predicted: list[str], accepted: list[str]) -> float:
    if not predicted or not accepted:
        return float(predicted == accepted)
    shared = sum((Counter(predicted) & Counter(accepted)).values())
    return 2 * shared / (len(predicted) + len(accepted))
