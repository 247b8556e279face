"""The bot's own words about perspective: every one a template of this module.

No template holds a word that takes a side; what comes from a document (a title, a source as the text names it) is set
in quotation marks where it may hold one.
"""

import re
from collections import Counter
from collections.abc import Sequence

from qa_bot.perspective.lexicon import loaded_in
from qa_bot.perspective.reading import QUOTED_INSIDE
from qa_bot.types import ClaimCue, LoadedTerm, Perspective, Resolution, Voice, VoicedSpan

_INVISIBLE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ufffd]+")
UNDECLARED = "perspective not declared"

TEMPLATES: dict[str, str] = {
    # whose account it is
    "account": "{holder}",
    "account of": "an account written from the point of view of {holder}",
    "account by": "an account by {holder}",  # by somebody who speaks for no declared side
    "account undeclared": "a document whose perspective is not declared",
    # who speaks
    "narrator": "Narrator's own words, in {account}; no source is given.",
    "narrator undeclared": "Narrator's own words; no source is given. Perspective not declared.",
    "direct": "{speaker}, quoted directly, in {account}.",
    "attributed": "{speaker}, as reported in {account}.",
    "direct unresolved": "A direct quotation whose speaker is not resolved{as named}, in {account}.",
    "attributed unresolved": "Reported from a source that is not resolved{as named}, in {account}.",
    "direct vague": "A direct quotation of a speaker whom the text does not name{as named}, in {account}.",
    "attributed vague": "Reported from a source that the text does not name{as named}, in {account}.",
    "as named": ' (the text says "{named}")',
    "speaker": "{speaker}",
    "speaker with role": "{speaker}, {role}",
    "speaker of party": "{speaker} (of {party})",  # "its defence minister"
    "body": "the {speaker}",
    "referred to": '{speaker} (here "{named}")',
    "nested": "It is quoted inside a report of somebody else's words.",
    "nested unknown": "It is a quotation inside another quotation; who first said it is not resolved.",
    "rebutted here": "The narrator disputes it in the same sentence.",
    "rebutted next": "The narrator disputes it in the next sentence.",
    "undeclared": "Perspective not declared.",
    # kinds of claims that editorial rule books want attributed
    "one side": "One side's claim{kinds}: no source given here.",
    "one side alone": "One side's claim{kinds}: no source given, no document from another side in this corpus.",
    "unsourced": "A kind of claim that needs a source{kinds}: no source given here.",
    "kinds": " ({kinds})",
    "mixed": "Part of this passage is in another voice.",
    "several": "Several voices speak in this passage, in {account}; {most} the largest part.",
    "most narrator": "the narrator's own words are",
    "most direct": "direct quotations of {speaker} are",
    "most attributed": "what is reported from {speaker} is",
    # the frame of an answer
    "line narrator": '"{title}", {account}, in its narrator\'s own words:',
    "line direct": '{speaker}, quoted directly in "{title}", {account}:',
    "line attributed": '{speaker}, as reported in "{title}", {account}:',
    "line direct unresolved": 'A direct quotation whose speaker is not resolved, in "{title}", {account}:',
    "line attributed unresolved": 'Reported from a source that is not named or not resolved, in "{title}", {account}:',
    "note one": 'From one account, "{title}", {account}: {voices}.',
    "note several": "From {count} accounts: {accounts}.",
    "note entry": '"{title}", {account} ({voices})',
    "voices narrator": "{count} in its narrator's own words",
    "voices direct": "{count} quoted directly from {speaker}",
    "voices attributed": "{count} as reported from {speaker}",
    "a speaker": "a speaker not named or not resolved",
    "question": "The question's own wording, not adopted here: {words}.",
    "empty column": "No document in this corpus speaks for {party}.",
    "column undeclared": "Perspective not declared",
}

# How a note names a kind of claim; the rule books' own names are not all neutral.
CLAIM_KINDS = {
    "attacked_first": "who attacked first",
    "atrocity": "harm to people who do not fight",
    "agentless": "nobody named who says so",
}
_KINDS = {"direct_quote": "direct", "attributed": "attributed"}
_THEIRS = ("its ", "his ", "her ", "their ")
# first words of the names of bodies that take an article
_COMMON = frozenset("ministry committee armed union council government army office department state".split())
_ARTICLES = ("a ", "an ", "the ", "this ")


def note_of(perspective: Perspective, deciding: VoicedSpan | None, *, mixed: bool = False, alone: bool = False) -> str:
    """One to three plain sentences: both layers, a rebuttal, a claim without a source.

    `perspective` is complete but for its note; `mixed` says that its span holds other voices too; `alone`
    that no document of another side is in the corpus.
    """
    account = account_of(perspective)
    sentences = [_voice_sentence(perspective, deciding, account)]
    if perspective.rebuttal is not None and deciding is not None:
        sentences.append(_rebuttal_sentence(sentences, deciding))
    elif deciding is not None and deciding.nested:
        sentences.append(TEMPLATES["nested unknown" if deciding.rule.endswith(QUOTED_INSIDE) else "nested"])
    elif claim := _claim_sentence(perspective, alone=alone):
        sentences.append(claim)
    elif mixed:
        sentences.append(TEMPLATES["mixed"])
    return " ".join(sentence for sentence in sentences if sentence)


def note_of_several(perspective: Perspective) -> str:
    """The note of a passage of more voices than a sentence can name; `perspective` is that of the largest part."""
    kind = _KINDS.get(perspective.voice, "narrator")
    most = TEMPLATES[f"most {kind}"].format(speaker=_speaker(perspective))
    return TEMPLATES["several"].format(account=account_of(perspective), most=most)


def account_of(perspective: Perspective) -> str:
    """The document as a noun phrase: "an account written from X's official point of view"."""
    holder = perspective.holder.strip()
    if holder == UNDECLARED or not holder:
        return TEMPLATES["account undeclared"]
    if holder.lower().startswith(_ARTICLES) and _is_text(holder):
        return TEMPLATES["account"].format(holder=holder)
    return TEMPLATES["account by" if perspective.party is None else "account of"].format(holder=holder)


def attribution_line(perspective: Perspective, title: str) -> str:
    """The line before a quotation that says whose words it is and whose account it stands in."""
    account, title = account_of(perspective), title.replace('"', "'")
    kind = _KINDS.get(perspective.voice)
    if kind is None:
        return TEMPLATES["line narrator"].format(title=title, account=account)
    if perspective.speaker is None:
        return TEMPLATES[f"line {kind} unresolved"].format(title=title, account=account)
    return TEMPLATES[f"line {kind}"].format(speaker=_upper(_speaker(perspective)), title=title, account=account)


def perspective_note(perspectives: Sequence[Perspective], titles: Sequence[str]) -> str:
    """Whose accounts an answer rests on and who speaks in them; `titles` are the citations' own, in order."""
    if not perspectives:
        return ""
    groups: dict[str, list[Perspective]] = {}
    for perspective, title in zip(perspectives, titles, strict=True):
        groups.setdefault(title, []).append(perspective)
    if len(groups) == 1:
        title, group = next(iter(groups.items()))
        return TEMPLATES["note one"].format(title=title, account=account_of(group[0]), voices=_voices(group))
    entries = (
        TEMPLATES["note entry"].format(title=title, account=account_of(group[0]), voices=_voices(group))
        for title, group in groups.items()
    )
    return TEMPLATES["note several"].format(count=len(groups), accounts="; ".join(entries))


def question_echo(question: str, hits: Sequence[LoadedTerm] | None = None) -> str:
    """The question's own loaded words, in quotation marks; empty when it has none. `hits` are the lexicon's."""
    words = dict.fromkeys(hit.span.of(question) for hit in (loaded_in(question) if hits is None else hits))
    quoted = ", ".join(f'"{word}"' for word in words)
    return TEMPLATES["question"].format(words=quoted) if words else ""


def is_orphan(block: str, perspective: Perspective) -> bool:
    """Whether a shown block of text leaves second-hand words without their speaker.

    It does not when it holds every span of the attribution closure, or the resolved speaker, or says that the
    speaker is not named or not resolved. White space does not matter, nor do control characters, which a terminal
    is shown signs for.
    """
    if perspective.voice is Voice.NARRATOR:
        return False
    shown = _visible(block)
    closure = [_visible(excerpt.text) for excerpt in perspective.attribution]
    if closure and all(text in shown for text in closure):
        return False
    if perspective.speaker and _visible(perspective.speaker) in shown:
        return False
    return not any(_visible(phrase) in shown for phrase in ("not resolved", "does not name", "not named"))


def _visible(text: str) -> str:
    return _INVISIBLE.sub("", text)


# ---------------------------------------------------------------- sentences


def _voice_sentence(perspective: Perspective, deciding: VoicedSpan | None, account: str) -> str:
    kind = _KINDS.get(perspective.voice)
    if kind is None:
        undeclared = perspective.holder == UNDECLARED
        return TEMPLATES["narrator undeclared" if undeclared else "narrator"].format(account=account)
    if perspective.speaker is None:
        source = deciding.source if deciding else None
        manner = "vague" if perspective.resolution is Resolution.VAGUE else "unresolved"
        named = TEMPLATES["as named"].format(named=source.named) if source and source.named else ""
        return TEMPLATES[f"{kind} {manner}"].format(**{"as named": named, "account": account})
    written = deciding.source.named if deciding and deciding.source else None
    speaker = _speaker(perspective)
    if perspective.resolution is Resolution.PRONOUN and written and written.lower() not in speaker.lower():
        speaker = TEMPLATES["referred to"].format(speaker=speaker, named=written)
    return TEMPLATES[kind].format(speaker=_upper(speaker), account=account)


def _rebuttal_sentence(sentences: list[str], deciding: VoicedSpan) -> str:
    rebuttal = deciding.rebuttal
    later = rebuttal is not None and rebuttal.start > deciding.span.end + 1 and rebuttal.start > deciding.span.end
    if later:
        return TEMPLATES["rebutted next"]
    sentences[0] = sentences[0].removesuffix(".") + ";"
    return TEMPLATES["rebutted here"][0].lower() + TEMPLATES["rebutted here"][1:]


def _claim_sentence(perspective: Perspective, *, alone: bool) -> str:
    claims = [claim for claim in perspective.claims if not claim.sourced]
    if perspective.voice is not Voice.NARRATOR or not claims:
        return ""
    key = "unsourced" if perspective.party is None else "one side alone" if alone else "one side"
    return TEMPLATES[key].format(kinds=_kinds(claims))


def _kinds(claims: Sequence[ClaimCue]) -> str:
    names = dict.fromkeys(CLAIM_KINDS.get(claim.kind, claim.kind.replace("_", " ")) for claim in claims)
    return TEMPLATES["kinds"].format(kinds=", ".join(names))


def _speaker(perspective: Perspective) -> str:
    speaker = _named(perspective.speaker) if perspective.speaker else TEMPLATES["a speaker"]
    if loaded_in(speaker):
        speaker = f'"{speaker}"'
    if perspective.speaker_party and speaker.lower().startswith(_THEIRS):
        speaker = TEMPLATES["speaker of party"].format(speaker=speaker, party=perspective.speaker_party)
    if not perspective.speaker_role or _tells_nothing(perspective.speaker_role, speaker):
        return TEMPLATES["speaker"].format(speaker=speaker)
    return TEMPLATES["speaker with role"].format(speaker=speaker, role=perspective.speaker_role)


def _named(speaker: str) -> str:
    """A declared name as it reads in a sentence: "the Ministry of Trade", but "Ada Quill"."""
    first, _, rest = speaker.partition(" ")
    common = first.lower() in _COMMON and rest
    return TEMPLATES["body"].format(speaker=speaker) if common else speaker


def _tells_nothing(role: str, speaker: str) -> bool:
    """Whether a name says what its bearer is: "Ministry of Trade, ministry"."""
    return role.lower().split()[-1] in speaker.lower().replace(",", " ").split()


def _voices(perspectives: Sequence[Perspective]) -> str:
    counted = Counter(
        (perspective.voice, _named(perspective.speaker) if perspective.speaker else TEMPLATES["a speaker"])
        if perspective.voice in _KINDS
        else ("narrator", "")
        for perspective in perspectives
    )
    return ", ".join(
        TEMPLATES[f"voices {_KINDS.get(voice, 'narrator')}"].format(count=count, speaker=speaker)
        for (voice, speaker), count in counted.items()
    )


def _is_text(holder: str) -> bool:
    nouns = {
        "account",
        "report",
        "narrative",
        "history",
        "article",
        "text",
        "document",
        "summary",
        "overview",
        "book",
        "record",
        "encyclopaedia",
        "encyclopedia",
        "dictionary",
        "handbook",
        "chronicle",
        "briefing",
    }
    return any(word.strip(",.;") in nouns for word in holder.lower().split()[:5])


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
