"""Where the passages of an index are cut into ranges whose token vectors share a file."""

import numpy as np
import numpy.typing as npt

PIECE = 512  # passages of a range, on average
SHORTEST, LONGEST = PIECE // 4, PIECE * 4  # however often the same passage comes again


def divided(ids: npt.NDArray[np.int32], sizes: npt.NDArray[np.int64]) -> list[tuple[int, int]]:
    """Ranges [first, last) of passages whose vectors share a file, PIECE of them on average.

    `ids` are the token ids of all passages, `sizes` says how many each has. A range ends where its last passage's own
    tokens say so, or when it is full. An edited passage thus moves no border but its own: content-defined chunking
    (Muthitacharoen, Chen & Mazières, SOSP 2001).
    """
    starts = np.concatenate([[0], np.cumsum(sizes)])
    ends, first = [], 0
    for block in range(0, len(sizes), LONGEST):
        ends += [block + end for end in _ending(ids, starts[block : block + LONGEST + 1])]
    ranges = []
    for end in [*ends, len(sizes)]:
        while end - first > LONGEST:
            ranges.append((first, first + LONGEST))
            first += LONGEST
        if end - first >= SHORTEST or end == len(sizes) > first:
            ranges.append((first, end))
            first = end
    return ranges


def _ending(ids: npt.NDArray[np.int32], starts: npt.NDArray[np.int64]) -> list[int]:
    """After which passages a range may end: where a pseudo-random number made of the tokens is divisible by PIECE."""
    filled = np.flatnonzero(np.diff(starts))
    if not len(filled):
        return []
    mixed = ids[starts[0] : starts[-1]].astype(np.uint32) * np.uint32(2_654_435_761)  # Knuth's multiplicative hash
    mixed ^= mixed >> np.uint32(15)
    sums = np.add.reduceat(mixed, starts[filled] - starts[0], dtype=np.uint32)
    return [int(end) for end in filled[sums % PIECE == 0] + 1]
