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
        self._index, self._encoder = index, encoder
        self._tokens = lru_cache(maxsize=KEPT)(lambda place: _tokens(index, encoder, place))  # no cycle: not of self

    def named(self, tokens: npt.NDArray[np.int32], rows: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Whether each token occurs in the names, role or side of who speaks in some sentence rows.

        Returns: shape (rows, tokens); all false where nobody is named.
        """
        speakers = self._index.speaker_of[rows]
        found = np.zeros((len(rows), len(tokens)), np.bool_)
        for place in np.unique(speakers[speakers >= 0]).tolist():
            found[speakers == place] = np.isin(tokens, self._tokens(place))
        return found

    def shares(self, words: str, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """The share of some words that name the speaker of each of some sentence rows."""
        return np.asarray(self.named(self._encoder.token_ids(words), rows).mean(axis=1))


def _tokens(index: PassageIndex, encoder: Encoder, place: int) -> npt.NDArray[np.int32]:
    speaker = index.speakers[place]
    return np.unique(encoder.token_ids(" ".join(filter(None, (*speaker.names, speaker.role, *speaker.side)))))
