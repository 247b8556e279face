"""Voices: every sentence divided into stretches, each in one voice.

Layers are laid over the narrator's text, later ones on top: what is reported, what only says who speaks (the
narrator's again), what stands in quotation marks or interview turns. Each layer is ordered and disjoint, so
laying is linear.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from qa_bot.perspective.items import items_of
from qa_bot.perspective.reading import FRAGMENT, FRAME, QUOTED_INSIDE
from qa_bot.perspective.sources.cast import cast_of
from qa_bot.perspective.sources.discourse import Discourse
from qa_bot.perspective.speech.collection import Collection
from qa_bot.perspective.speech.continuation import continues_report
from qa_bot.perspective.speech.dialogues import unlabelled_turns
from qa_bot.perspective.speech.insets import Insets
from qa_bot.perspective.speech.interviews import Interview, TurnSpeaker
from qa_bot.perspective.speech.minutes import in_third_person, minuted
from qa_bot.perspective.speech.oration import Oration
from qa_bot.perspective.speech.participants import Participants, participants_of
from qa_bot.perspective.speech.quotations import quotations
from qa_bot.perspective.speech.reports import Line, Report, clauses_of, lines_of, rebuts
from qa_bot.perspective.speech.speech import speeches
from qa_bot.perspective.speech.spoken import Speech, Text
from qa_bot.perspective.speech.turns import Turn, labelled_turns, runs
from qa_bot.types import Document, Outline, Parties, Resolution, Span, Voice, VoicedSpan

INTRODUCING = 12  # sentences before a turn that may say who takes part
NESTED_LENGTH = 25  # characters from which a quotation inside a quotation is told apart


def voices_of(document: Document, outline: Outline, parties: Parties) -> tuple[VoicedSpan, ...]:
    """The stretches of a document, ordered and disjoint; each lies in one sentence and together they cover all."""
    marks = quotations(document.text, outline.paragraphs)
    free = _free(outline, [mark.span for mark in marks])
    labelled = labelled_turns(document.text, outline, free) or unlabelled_turns(document.text, outline, free)
    labelled = in_third_person(document.text, outline, labelled)
    sentences = [list(items_of(document.text, sentence.span)) for sentence in outline.sentences]
    clauses = clauses_of(outline, sentences, marks)
    cast = cast_of(document, parties, sentences)
    discourse = Discourse(cast, document.text)
    forms = _Forms(
        document.text, outline, labelled, discourse, participants_of(document.text, labelled, sentences, cast)
    )
    lines: list[Line] = []
    for number, line in enumerate(lines_of(document.text, outline, clauses, forms.spoken, discourse)):
        forms.read(number, line, lines[-1] if lines else None)
        lines.append(line)
    starts = tuple(sentence.span.start for sentence in outline.sentences)
    text = Text(document.text, outline, marks, tuple(lines), starts)
    inset = dict(forms.insets.turns(lines, labelled))
    speakers = forms.speakers | {turn.first: speaker for turn, speaker in inset.items()}
    taken = _apart(sorted([*labelled, *inset, *_runs(text)], key=lambda turn: turn.first))
    spoken = _speech_layer(text, speeches(text, discourse, forms.collection, forms.oration), taken, speakers)
    return tuple(_laid(text, _report_layer(text, taken), spoken))


class _Forms:
    """The forms in which a document may hand over somebody's words at length; each is told of every line in order.

    `speakers` are those of the turns read so far, by their first sentences; `spoken` says which sentences are turns.
    """

    def __init__(
        self, text: str, outline: Outline, turns: Sequence[Turn], discourse: Discourse, participants: Participants
    ) -> None:
        self.collection = Collection(discourse)
        self.oration = Oration(discourse)
        self.insets = Insets(outline, discourse)
        self.speakers: dict[int, TurnSpeaker] = {}
        self.spoken = _spoken(outline, turns)
        self._interview = Interview(text, discourse, participants)
        self._outline, self._turns = outline, {turn.first: turn for turn in turns}
        near = {n for turn in turns for n in range(max(turn.first - INTRODUCING, 0), turn.first)}
        self._introducing = {number for number in near if not self.spoken[number]}

    def read(self, number: int, line: Line, before: Line | None) -> None:
        """Take in the line of a sentence, which stands behind the line `before`."""
        sentence = self._outline.sentences[number]
        if sentence.heading:
            self._interview.read_heading(line.clause, sentence.paragraph)
            self.collection.read_heading(number, line.clause, sentence.paragraph)
            self.oration.read_heading(line.clause, sentence.paragraph)
        elif number in self._introducing:
            self._interview.read_introduction(line.clause, sentence.paragraph)
        if turn := self._turns.get(number):
            self.speakers[number] = self._interview.speaker(turn, before, line, sentence.paragraph)
        self.oration.read(number, line)
        self.insets.read(number, line.clause)


def _free(outline: Outline, spans: Sequence[Span]) -> list[bool]:
    """Which sentences begin outside quotation marks."""
    free, near = [], 0
    for sentence in outline.sentences:
        while near < len(spans) and spans[near].end <= sentence.span.start:
            near += 1
        free.append(near == len(spans) or spans[near].start >= sentence.span.start)
    return free


def _spoken(outline: Outline, taken: Sequence[Turn]) -> list[bool]:
    """Which sentences are wholly somebody's turn."""
    spoken = [False] * len(outline.sentences)
    for turn in taken:
        for number in range(turn.first, turn.last):
            spoken[number] = True
    return spoken


def _apart(turns: Iterable[Turn]) -> list[Turn]:
    """Ordered turns without those that begin within another one."""
    kept: list[Turn] = []
    for turn in turns:
        if not kept or turn.first >= kept[-1].last:
            kept.append(turn)
    return kept


def _runs(text: Text) -> Sequence[Turn]:
    opening = [any(report.rule == "as follows" for report in line.reports) for line in text.lines]
    return runs(text.text, text.outline, opening, [bool(line.reports or line.clause.quotes) for line in text.lines])


# ---------------------------------------------------------------- layers


def _speech_layer(
    text: Text, said: Sequence[Speech], taken: Sequence[Turn], speakers: dict[int, TurnSpeaker]
) -> list[VoicedSpan]:
    """What stands in quotation marks or in turns, ordered and disjoint; a turn swallows the quotations in it.

    A turn that is told in the third person hands over the quotations in it.
    """
    turned = [_turn_voice(text, turn, speakers.get(turn.first)) for turn in taken]
    quoted: list[list[Span]] = [[] for _ in turned]
    layer: list[VoicedSpan] = []
    near = 0
    for speech in said:
        while near < len(turned) and turned[near].span.end <= speech.span.start:
            near += 1
        if near == len(turned) or not turned[near].span.overlaps(speech.span):
            layer.extend(_with_nested(_speech_voice(speech), speech.nested))
        elif speech.rule != FRAGMENT and taken[near].label and turned[near].voice is Voice.ATTRIBUTED:
            quoted[near].append(speech.span)
    for turn, spans in zip(turned, quoted, strict=True):
        layer.extend(_with_quoted(turn, spans))
    return sorted(layer, key=lambda voiced: voiced.span.start)


def _turn_voice(text: Text, turn: Turn, speaker: TurnSpeaker | None) -> VoicedSpan:
    end = text.outline.sentences[turn.last - 1].span.end
    if speaker is None:
        report = next(report for report in text.lines[turn.first].reports if report.rule == "as follows")
        closure = (Span(text.outline.sentences[turn.first].span.start, turn.start),)
        return VoicedSpan(Span(turn.start, end), turn.voice, turn.rule, report.source, report.cue, closure)
    return VoicedSpan(Span(turn.start, end), turn.voice, turn.rule, speaker.source, turn.label, speaker.closure)


def _speech_voice(speech: Speech) -> VoicedSpan:
    return VoicedSpan(
        speech.span,
        Voice.DIRECT_QUOTE,
        speech.rule,
        speech.source,
        speech.cue,
        speech.closure,
        nested=speech.inside_report,
    )


def _with_nested(outer: VoicedSpan, nested: Sequence[Span]) -> Iterator[VoicedSpan]:
    """A quotation cut where it quotes somebody else at length; who that is, the rules do not try to tell."""
    long = [span for span in nested if len(span) >= NESTED_LENGTH]
    return _cut(outer, long, replace(outer, nested=True, rule=f"{outer.rule}, {QUOTED_INSIDE}"))


def _with_quoted(turn: VoicedSpan, quoted: Sequence[Span]) -> Iterator[VoicedSpan]:
    """A turn in the third person, cut where it quotes who speaks."""
    return _cut(turn, quoted, replace(turn, voice=Voice.DIRECT_QUOTE, rule=f"quotation marks, {turn.rule}"))


def _cut(outer: VoicedSpan, inside: Iterable[Span], inner: VoicedSpan) -> Iterator[VoicedSpan]:
    """A stretch in pieces, of which those at `inside`, in order, are like `inner`; overlapping ones are left out."""
    position = outer.span.start
    for span in inside:
        if span.start < position:
            continue
        if position < span.start:
            yield replace(outer, span=Span(position, span.start))
        yield replace(inner, span=span)
        position = span.end
    if position < outer.span.end:
        yield replace(outer, span=Span(position, outer.span.end))


def _report_layer(text: Text, taken: Sequence[Turn]) -> list[VoicedSpan]:
    """What is reported, with its frames cut out of it, ordered and disjoint."""
    layer: list[VoicedSpan] = []
    turned = {number for turn in taken for number in range(turn.first, turn.last)}
    recorded = minuted(text.text, text.outline, text.lines)
    for number, line in enumerate(text.lines):
        if number in turned:
            continue
        last = layer[-1] if layer else None
        span = text.outline.sentences[number].span
        if not line.reports:
            if last and last.voice is Voice.ATTRIBUTED and _follows(text, number, last):
                if rebuts(text.text, span):
                    layer[-1] = replace(last, rebuttal=span)
                elif number in recorded or continues_report(line.clause, last.rule, text.lines[number - 1]):
                    layer.append(_continuation(last, span))
            continue
        layer.extend(_sentence_layer(line.reports, span))
    return layer


def _follows(text: Text, number: int, last: VoicedSpan) -> bool:
    before, sentence = text.outline.sentences[number - 1], text.outline.sentences[number]
    return before.paragraph == sentence.paragraph and not sentence.heading and before.span.covers(last.span)


def _continuation(last: VoicedSpan, span: Span) -> VoicedSpan:
    source = last.source
    if source and source.resolution not in {Resolution.VAGUE, Resolution.UNRESOLVED}:
        source = replace(source, resolution=Resolution.CARRIED)
    return VoicedSpan(span, Voice.ATTRIBUTED, "report goes on", source, last.cue, last.closure)


def _sentence_layer(reports: Sequence[Report], sentence: Span) -> Iterator[VoicedSpan]:
    contents = sorted((report for report in reports if report.content), key=_content_start)
    frames = list(_disjoint(sorted(report.frame for report in reports)))
    position = sentence.start
    for report in contents:
        assert report.content is not None  # noqa: S101  (narrowing)
        start = max(report.content.start, position)
        if start < report.content.end:
            yield from _without(_reported(report, Span(start, report.content.end)), frames)
            position = report.content.end


def _content_start(report: Report) -> int:
    return report.content.start if report.content else 0


def _reported(report: Report, span: Span) -> VoicedSpan:
    return VoicedSpan(
        span,
        Voice.ATTRIBUTED,
        report.rule,
        report.source,
        report.cue,
        report.closure,
        rebuttal=report.rebuttal,
    )


def _without(voiced: VoicedSpan, frames: Sequence[Span]) -> Iterator[VoicedSpan]:
    """A reported stretch without the frames inside it; `frames` are ordered and disjoint."""
    position = voiced.span.start
    for number in range(bisect_right(frames, position, key=_end), len(frames)):
        frame = frames[number]
        if frame.start >= voiced.span.end:
            break
        if position < frame.start:
            yield replace(voiced, span=Span(position, frame.start))
        position = min(frame.end, voiced.span.end)
    if position < voiced.span.end:
        yield replace(voiced, span=Span(position, voiced.span.end))


def _end(span: Span) -> int:
    return span.end


# ---------------------------------------------------------------- laying


def _laid(text: Text, reported: Sequence[VoicedSpan], spoken: Sequence[VoicedSpan]) -> Iterator[VoicedSpan]:
    yield from _over(spoken, _over(reported, _narrated(text)))


def _narrated(text: Text) -> Iterator[VoicedSpan]:
    """The narrator's text, sentence by sentence, with the stretches that only name a speaker told apart."""
    for sentence, line in zip(text.outline.sentences, text.lines, strict=True):
        whole = VoicedSpan(sentence.span, Voice.NARRATOR, "heading" if sentence.heading else "no attribution")
        frames = _disjoint(sorted(report.frame for report in line.reports))
        yield from _over([VoicedSpan(frame, Voice.NARRATOR, FRAME) for frame in frames], [whole])


def _disjoint(spans: Iterable[Span]) -> Iterator[Span]:
    """Ordered spans, each without what the ones before it cover."""
    position = 0
    for span in spans:
        if span.end > position:
            yield Span(max(span.start, position), span.end)
            position = span.end


def _over(top: Iterable[VoicedSpan], bottom: Iterable[VoicedSpan]) -> list[VoicedSpan]:
    """The bottom layer with the top layer laid on it; what the top does not cover stays."""
    upper = list(top)
    laid: list[VoicedSpan] = []
    near = 0
    for voiced in bottom:
        position = voiced.span.start
        while near < len(upper) and upper[near].span.end <= position:
            near += 1
        k = near
        while k < len(upper) and upper[k].span.start < voiced.span.end:
            if position < upper[k].span.start:
                laid.append(replace(voiced, span=Span(position, upper[k].span.start)))
            start, end = max(upper[k].span.start, position), min(upper[k].span.end, voiced.span.end)
            if start < end:
                laid.append(replace(upper[k], span=Span(start, end)))
                position = end
            k += 1
        near = max(near, k - 1)
        if position < voiced.span.end:
            laid.append(replace(voiced, span=Span(position, voiced.span.end)))
    return laid
