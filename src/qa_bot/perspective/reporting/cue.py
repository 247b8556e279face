"""One attribution inside a sentence, before its source is resolved."""

from dataclasses import dataclass

from qa_bot.perspective.reporting.clause import Range


@dataclass(frozen=True, slots=True)
class Cue:
    """Where a sentence says that somebody says something, as ranges `[first, last)` of its items.

    `words` is the cue itself, `source` where its source is named, `content` the reported words outside quotations,
    `quotes` the quotations it introduces or follows (item positions), `rule` the deciding rule. `relation` says how to
    find the source: "subject" (named at `source`), "sentence" (the subject of the sentence, somewhere in `source`),
    "same" (as the cue before), "vague" (nobody in particular). A `tail` stands after what it reports; a `nested` cue
    stands inside the content of another one.
    """

    words: Range
    rule: str
    relation: str = "subject"
    source: Range | None = None
    content: Range | None = None
    quotes: tuple[int, ...] = ()
    tail: bool = False
    nested: bool = False
