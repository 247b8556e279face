"""Where the passages of an index are cut into ranges whose token vectors share a file."""

import numpy as np
import numpy.typing as npt

PIECE = 512  # passages of a range on average, and more in an index that would have more than MANY of them
MANY = 128  # files: each is mapped into memory, and a mapping keeps its file open
BLOCK = 2**14  # passages whose tokens are read at a time


def divided(ids: npt.NDArray[np.int32], sizes: npt.NDArray[np.int64]) -> list[tuple[int, int]]:
    """Ranges [first, last) of passages whose vectors share a file.

    `ids` are the token ids of all passages, `sizes` says how many each has. A range ends where its last passage's own
    tokens say so: an edited passage moves few borders beside its own. Content-defined chunking (Muthitacharoen, Chen &
    Mazières, SOSP 2001), with a least length, which bounds the number of files where one passage comes again and
    again, and a greatest one, which bounds what an edit writes.
    """
    piece = max(PIECE, 2 ** (len(sizes) // MANY).bit_length())
    shortest, longest = max(1, piece // 4), piece * 4
    starts = np.concatenate([[0], np.cumsum(sizes)])
    ends, first = [], 0
    for block in range(0, len(sizes), BLOCK):
        ends += [block + end for end in _ending(ids, starts[block : block + BLOCK + 1], piece)]
    ranges = []
    for end in [*ends, len(sizes)]:
        while end - first > longest:
            ranges.append((first, first + longest))
            first += longest
        if end - first >= shortest or end == len(sizes) > first:
            ranges.append((first, end))
            first = end
    return ranges


def _ending(ids: npt.NDArray[np.int32], starts: npt.NDArray[np.int64], piece: int) -> list[int]:
    """After which passages a range may end: where a pseudo-random number made of the tokens is divisible by `piece`."""
    filled = np.flatnonzero(np.diff(starts))
    if not len(filled):
        return []
    mixed = ids[starts[0] : starts[-1]].astype(np.uint32) * np.uint32(2_654_435_761)  # Knuth's multiplicative hash
    mixed ^= mixed >> np.uint32(15)
    sums = np.add.reduceat(mixed, starts[filled] - starts[0], dtype=np.uint32)
    return [int(end) for end in filled[sums % piece == 0] + 1]
