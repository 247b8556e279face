"""Speech without quotation marks: interview turns and "as follows:" runs."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from qa_bot.perspective.reporting.inventory import inventory
from qa_bot.perspective.words import SIGNS, in_word
from qa_bot.types import Outline, Span, Voice

_NAME = rf"\w{SIGNS}.’'"  # of what a name is made, in a class of characters
_LABEL = re.compile(
    rf"\s*(?:[*_]{{1,2}})?(?P<label>(?P<name>[^\W\d_][{_NAME}\-]*(?: [{_NAME}\-]+){{0,6}}?)"
    r"(?P<aside> ?[(\[][^)\]\n:]{1,60}[)\]])?)(?:[*_]{1,2})?:(?:[*_]{1,2})?(?=\s+\S)"
)
_FULL_NAME = re.compile(rf"[^\W\d_a-z][{_NAME}\-]+(?: [^\W\d_a-z][{_NAME}\-]+){{1,3}}")  # of somebody who speaks once
_WORD = rf"[^\W\d_a-z][\w{SIGNS}’'\-]*"
_STOPPED = re.compile(  # of a record: "Q. Were you there?", "Mr. Roe.—I was."
    rf"\s*(?P<label>(?:(?:Mrs?|Ms|Dr)\. )?{_WORD}(?: {_WORD}){{0,2}})\.(?: ?[—–-] ?| )(?=\S)"
)
_STOP = re.compile(r"\. ?[—–-]?")  # behind such a label
ANSWERING = frozenset("answer a interviewee respondent witness guest".split())
ASKING = frozenset("question q interviewer journalist reporter host moderator correspondent presenter anchor".split())
REPEATED = 2  # times that a label stands in a dialogue
QUESTION_ANSWER = frozenset("question answer q a".split())
SPEAKERS = 2  # that make a dialogue
STOPPED = 0.6  # share of the paragraphs of a dialogue that begin with a label with a full stop
_AHEAD = 1500  # characters within which a speaker who goes on says "I"
TITLE_LINE = 80  # characters below which a line without a full stop is a heading
_LINE_HEAD = re.compile(rf"(?P<head>[^\W\d_][{_NAME}&]*(?: [{_NAME}&]+){{0,5}}) (?:-|–|—) (?=\S)")
_FOLLOWS = re.compile(r"\b(?:as follows|the following(?: \w+){0,3}|in these words|like this)\s*:", re.IGNORECASE)
# a narrator who speaks of what was just said has taken the floor again
_ABOUT_SPEECH = re.compile(
    r"\s*(?:This|That|These|Those|Such|His|Her|Their|The)\s+(?:\w+\s+){0,2}?"
    r"(?:response|answer|reply|statement|words|remarks?|speech|interview|question|comments?|quotation|exchange|message|address)\b"
)
_TIME_LED = re.compile(
    r"\s*(?:On|In|At|By|From)\s+(?:(?:the\s+)?(?:noon|dawn|dusk|midnight|nightfall|morning|evening|night|afternoon)"
    r"\s+(?:on|of)\s+)?(?:the\s+)?"
    r"(?:\d|January|February|March|April|May|June|July|August|September|October|November|December)"
)
_TITLES = frozenset("mr mrs ms miss dr sir dame lord lady madam professor".split())
_TITLED = _TITLES | {"the", "a", "an", "several"}
# between two speeches of a record: "(Laughter.)", "The House divided.", and nobody's "I" in it
_PROCEDURE = re.compile(
    r"\s*(?:[(\[]|(?:The|A) (?:house|chamber|assembly|sitting|session|motion|amendment|vote|division|bill|debate"
    r"|speaker (?:called|suspended|rang)|clerk|gallery|tellers?)\b"
    r"|Question put|Deputies|Members|Applause|Laughter|Interruptions?)",
    re.IGNORECASE,
)
# what a record tells in the paragraph of the last speech
_RECORD = re.compile(
    r"\s*(?:The (?:House|Chamber|Assembly|Senate|Council|Diet) (?:then )?(?:divided|adjourned|rose|voted|proceeded)\b"
    r"|The (?:sitting|session|meeting|debate|hearing) (?:was|stands?) (?:then )?(?:suspended|adjourned|closed)\b"
    r"|The (?:Bill|motion|amendment|resolution) was (?:\w+ )?(?:read|carried|negatived|agreed|withdrawn|put|adopted)\b)"
)
# what an interviewer sets down between two turns: "At this point the mayor gets up and closes the window."
_STAGE = re.compile(
    r"\s*(?:At this (?:point|moment)|Here|(?:He|She|The [a-z]+"
    rf"|Mrs? [\w{SIGNS}]+|[A-Z][\w{SIGNS}]+(?: [A-Z][\w{SIGNS}]+)?)) [^.?!\n]{{0,60}}?"
    r"\b(?:laughs|pauses|smiles|sighs|nods|shrugs|gets up|stands up|sits|shakes|looks|points|turns|hesitates|rises"
    r"|falls silent|is silent|leaves|closes|opens|pours|lights|fetches|walks|reaches|picks|wipes|weeps|cries)\b"
)
_SPOKEN = re.compile(r"\b(?:I|we|We|my|My|our|Our|us|me|you|You|your|Your)\b|[“\"«„]")
FIRST_PERSON = re.compile(r"\b(?:I|we|We|my|My|our|Our|us|me)\b")


@dataclass(frozen=True, slots=True)
class Turn:
    """Sentences `[first, last)` that are somebody's words; the speech itself starts at `start` in the first one.

    `label` is where the speaker is named before a colon, if there is one; `asks` tells a question without a label.
    """

    first: int
    last: int
    start: int
    voice: Voice
    rule: str
    label: Span | None = None
    asks: bool = False


def labelled_turns(text: str, outline: Outline, free: Sequence[bool]) -> tuple[Turn, ...]:
    """The interview turns of a document, in order; `free` tells which sentences start outside quotations."""
    labels = _accepted_labels(text, outline, free)
    final = max(labels, default=-1)
    bare = len(labels) >= REPEATED and all(kind_of(span.of(text)) in ASKING for span in labels.values())
    turns = [_turn_at(text, outline, number, labels, later=bare or number < final) for number in sorted(labels)]
    return tuple(part for turn in turns for part in (_answered(text, outline, turn) if bare else (turn,)))


def _answered(text: str, outline: Outline, turn: Turn) -> Iterator[Turn]:
    """A question with a label, and the sentences behind it that answer without one."""
    sentences = outline.sentences
    for number in range(turn.first + 1, turn.last):
        own_line = text[sentences[number].span.start - 1] == "\n"
        moved = own_line or sentences[number].paragraph != sentences[turn.first].paragraph
        asked, asks = (text[sentences[n].span.end - 1] == "?" for n in (number - 1, number))
        if moved or (asked and not asks):
            yield replace(turn, last=number)
            yield Turn(number, turn.last, sentences[number].span.start, turn.voice, turn.rule)
            return
    yield turn


def runs(text: str, outline: Outline, opening: Sequence[bool], reporting: Sequence[bool]) -> tuple[Turn, ...]:
    """The "as follows:" runs; `opening` sentences announce one, `reporting` ones have a cue of their own."""
    found: list[Turn] = []
    for number, sentence in enumerate(outline.sentences):
        colon = _FOLLOWS.search(text, sentence.span.start, sentence.span.end) if opening[number] else None
        if colon is None or (found and number < found[-1].last):
            continue
        start, last = min(_after_label(text, colon.end() - 1), sentence.span.end), number + 1
        while last < len(reporting) and not reporting[last] and _run_continues(text, outline, number, last):
            last += 1
        if start < sentence.span.end or last > number + 1:
            found.append(Turn(number, last, start, Voice.ATTRIBUTED, "as follows"))
    return tuple(found)


def line_head(text: str, paragraph: Span) -> Span | None:
    """The "Turkey" of a paragraph that begins `Turkey - ...`."""
    found = _LINE_HEAD.match(text, paragraph.start, min(paragraph.end, paragraph.start + 80))
    return Span(*found.span("head")) if found and text[paragraph.start].isupper() else None


def about_speech(text: str, span: Span) -> bool:
    """Whether a sentence speaks of what was just said ("These words ...", "This response ...")."""
    return _ABOUT_SPEECH.match(text, span.start, span.end) is not None


def _accepted_labels(text: str, outline: Outline, free: Sequence[bool]) -> dict[int, Span]:
    """Sentences that begin with a speaker's label: known words anywhere, names where they come in turns."""
    known, others = inventory().classes["labels"], inventory().classes["not_labels"]
    found: dict[int, tuple[Span, bool]] = {}
    for number, sentence in enumerate(outline.sentences):
        match = _LABEL.match(text, sentence.span.start, min(sentence.span.end, sentence.span.start + 160))
        if match is None or sentence.heading or not free[number] or not match["label"][0].isupper():
            continue
        first = number == 0 or outline.sentences[number - 1].paragraph != sentence.paragraph
        if match["name"].lower().split()[-1] not in others:
            found[number] = (Span(*match.span("label")), first)
    stopped = _stopped(text, outline, free)
    found |= stopped
    names = Counter(bare_label(span.of(text)) for span, first in found.values() if first)
    listed = {n for n, (span, _) in found.items() if _is_listed(text, outline.sentences[n].span, span, names)}
    repeated = {name for name, times in names.items() if times > 1 or name.isupper() or _titled(name)}
    dialogue = repeated if len(names) > 1 and sum(names[name] for name in repeated) > 2 else set()
    accepted = {
        number: span
        for number, (span, first) in found.items()
        if (kind_of(span.of(text)) in known and number not in listed)
        or (first and bare_label(span.of(text)) in dialogue)
    }
    between = range(min(accepted), max(accepted)) if dialogue and accepted else range(0)
    once = {n: span for n, (span, first) in found.items() if first and n in between and _is_full_name(text, span)}
    return accepted | once


def _is_full_name(text: str, label: Span) -> bool:
    return _FULL_NAME.fullmatch(bare_label(label.of(text))) is not None


def _is_listed(text: str, sentence: Span, label: Span, times: Counter[str]) -> bool:
    """Whether a line only says who takes part: "Interviewer: Ada Quill"."""
    once = times[bare_label(label.of(text))] < REPEATED
    return once and kind_of(label.of(text)) not in QUESTION_ANSWER and text[sentence.end - 1] not in '.?!…"”»'


def kind_of(label: str) -> str:
    """A label in lower case, without its number and brackets: "q" of "Q12", "question" of "QUESTION (Courier)"."""
    return bare_label(label).lower().rstrip("0123456789. ")


def _stopped(text: str, outline: Outline, free: Sequence[bool]) -> dict[int, tuple[Span, bool]]:
    """The sentences behind a label with a full stop, where most paragraphs of a stretch begin with such labels."""
    found: dict[int, Span] = {}
    for number, sentence in enumerate(outline.sentences):
        first = number == 0 or outline.sentences[number - 1].paragraph != sentence.paragraph
        end = min(outline.paragraphs[sentence.paragraph].end, sentence.span.start + 60)
        if first and free[number] and (match := _STOPPED.match(text, sentence.span.start, end)):
            found[number] = Span(*match.span("label"))
    times = Counter(span.of(text) for span in found.values())
    found = {n: span for n, span in found.items() if times[span.of(text)] >= REPEATED}
    labels = {n: span for n, span in found.items() if span.of(text).lower() not in _TITLES}
    if len({span.of(text) for span in labels.values()}) < SPEAKERS:
        return {}  # "Mr. Roe (Oltania) said that ..." has no label
    first_in, last_in = (outline.sentences[n].paragraph for n in (min(found), max(found)))
    dense = len(found) >= STOPPED * (last_in - first_in + 1)
    return {n: (span, True) for n, span in labels.items()} if dense else {}


def bare_label(label: str) -> str:
    """A label without what stands in parentheses: "Mr Roe (North)" is "Mr Roe"."""
    return label.split("(", maxsplit=1)[0].split("[", maxsplit=1)[0].strip()


def _titled(name: str) -> bool:
    """Whether a label calls somebody by a title or an office ("Mr Roe", "The Minister of Trade")."""
    words = name.lower().split()
    return words[0].strip(".") in _TITLED and len(words) > 1 and not inventory().is_a(words[-1], "documents")


def _turn_at(text: str, outline: Outline, number: int, labels: dict[int, Span], *, later: bool) -> Turn:
    sentences, paragraph = outline.sentences, outline.sentences[number].paragraph
    interview = kind_of(labels[number].of(text)) in inventory().classes["labels"]
    last = number + 1
    while last < len(sentences) and last not in labels and not sentences[last].heading:
        moved = sentences[last].paragraph != paragraph
        own_line = text[sentences[last].span.start - 1] == "\n"
        aside = text[sentences[last].span.start] == "(" and last + 1 in labels
        told = aside or _told_of(text, sentences[last].span, own_line=own_line)
        # in a record, a member's own paragraph may speak of a letter
        stays = not interview and (about_speech(text, sentences[last].span) or _speaks_on(text, outline, last))
        if told and (moved or own_line or not stays):
            break
        if (moved or own_line) and _procedural(text, outline, last):
            break
        if moved and _is_title_line(text, outline, last):
            break
        if moved and not (later and _block_continues(text, outline, last, labels)):
            break
        paragraph = sentences[last].paragraph
        last += 1
    return Turn(
        number, last, _after_label(text, labels[number].end), Voice.DIRECT_QUOTE, "interview turn", labels[number]
    )


def _told_of(text: str, span: Span, *, own_line: bool) -> bool:
    """Whether a sentence tells of the speech before it, or of what the house did: "The House divided: Ayes 211"."""
    return about_speech(text, span) or (not own_line and _RECORD.match(text, span.start, span.end) is not None)


def _speaks_on(text: str, outline: Outline, number: int) -> bool:
    """Whether somebody says "I" in the next lines of a paragraph: "The last message says ... . I have it here."."""
    start, end = outline.sentences[number].span.start, outline.paragraphs[outline.sentences[number].paragraph].end
    line = text.find("\n", start, min(end, start + _AHEAD))
    return FIRST_PERSON.search(text, start, line if line >= 0 else min(end, start + _AHEAD)) is not None


def _is_title_line(text: str, outline: Outline, number: int) -> bool:
    """Whether a paragraph looks like a heading: one short line without a mark at its end."""
    line = outline.paragraphs[outline.sentences[number].paragraph].of(text).strip()
    return 0 < len(line) < TITLE_LINE and "\n" not in line and in_word(line[-1])


def _procedural(text: str, outline: Outline, number: int) -> bool:
    """Whether a paragraph of a record tells what was done rather than said."""
    start, end = outline.sentences[number].span.start, outline.paragraphs[outline.sentences[number].paragraph].end
    line = text.find("\n", start, end)
    end = line if line >= 0 else end
    if _STAGE.match(text, start, end):
        return _SPOKEN.search(text, start, end) is None
    return _PROCEDURE.match(text, start, end) is not None and FIRST_PERSON.search(text, start, end) is None


def _block_continues(text: str, outline: Outline, number: int, labels: dict[int, Span]) -> bool:
    """Whether an unlabelled paragraph between two labelled ones still belongs to the turn before it."""
    if any(other in labels for other in range(number, min(number + 12, len(outline.sentences)))):
        return True
    paragraph = outline.paragraphs[outline.sentences[number].paragraph]
    return FIRST_PERSON.search(text, paragraph.start, paragraph.end) is not None


def _run_continues(text: str, outline: Outline, number: int, last: int) -> bool:
    """Whether a sentence may belong to the run that opens at `number`: same paragraph or the one after its colon."""
    first, sentence = outline.sentences[number], outline.sentences[last]
    block = text[first.span.end - 1] == ":" and sentence.paragraph == first.paragraph + 1
    if sentence.heading or not (sentence.paragraph == first.paragraph or block):
        return False
    return not _TIME_LED.match(text, sentence.span.start, sentence.span.end) and not about_speech(text, sentence.span)


def _after_label(text: str, position: int) -> int:
    if stop := _STOP.match(text, position):
        position = stop.end()
    while position < len(text) and (text[position] in ":*_" or text[position].isspace()):
        position += 1
    return position
