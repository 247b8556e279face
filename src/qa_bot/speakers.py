"""Which words of a question name whoever speaks in a sentence."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from qa_bot.encoder import Encoder
from qa_bot.index import PassageIndex

KEPT = 4_096  # speakers whose tokens are kept


class SpeakerTokens:
    """The tokens of the names of an index's speakers, found when a speaker is first met."""

    def __init__(self, index: PassageIndex, encoder: Encoder) -> None:
        self._index = index
        self._tokens = lru_cache(maxsize=KEPT)(lambda place: _tokens(index, encoder, place))

    def named(self, question: npt.NDArray[np.int32], rows: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Whether each token of a question occurs in the names, role or side of who speaks in some sentence rows.

        Returns: shape (rows, tokens of the question).
        """
        speakers = self._index.speaker_of[rows]
        found = np.zeros((len(rows), len(question)), np.bool_)
        for place in np.unique(speakers[speakers >= 0]).tolist():
            found[speakers == place] = np.isin(question, self._tokens(place))
        return found


def _tokens(index: PassageIndex, encoder: Encoder, place: int) -> npt.NDArray[np.integer]:
    speaker = index.speakers[place]
    words = " ".join(filter(None, (*speaker.names, speaker.role, *speaker.side)))
    return np.unique(encoder.token_ids(words))
