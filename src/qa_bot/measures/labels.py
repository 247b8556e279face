"""Classifications: accuracy and macro-F1 from labels, precision and recall from counts, with weights for resampling."""

from collections.abc import Sequence

import numpy as np

from qa_bot.measures.resampling import Statistic, Values, Weights


def macro_f1(expected: Sequence[str], predicted: Sequence[str], classes: Sequence[str]) -> Statistic:
    """Mean over classes of F1; a class that neither side uses does not count (Sokolova and Lapalme 2009).

    A predicted label outside `classes` is an error of the expected class only.
    """
    truth, guess = _indicators(expected, classes), _indicators(predicted, classes)

    def statistic(weights: Weights) -> Values:
        both, either = weights @ (truth * guess), weights @ truth + weights @ guess
        occurs = either > 0
        f1 = np.divide(2 * both, either, out=np.zeros_like(both), where=occurs)
        return np.asarray(f1.sum(axis=1) / occurs.sum(axis=1))

    return Statistic(len(expected), statistic)


def counts_f1(shared: Values, expected: Values, predicted: Values) -> Statistic:
    """F1 of pooled counts, one row a question or sentence: 2 shared / (expected + predicted)."""

    def statistic(weights: Weights) -> Values:
        return np.asarray(2 * (weights @ shared) / (weights @ (expected + predicted)))

    return Statistic(int(np.count_nonzero(expected + predicted)), statistic)


def _indicators(labels: Sequence[str], classes: Sequence[str]) -> Weights:
    return np.array([[float(label == name) for name in classes] for label in labels]).reshape(len(labels), len(classes))
