"""The bot's own words about perspective: every one a template of this module.

No template holds a word that takes a side; what comes from a card, from parties.toml or from a document is set in
quotation marks where it holds one, a title always.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from qa_bot.perspective.loaded.lexicon import loaded_in
from qa_bot.perspective.reading import QUOTED_INSIDE
from qa_bot.types import Basis, ClaimCue, Document, LoadedTerm, Perspective, Resolution, VoicedSpan

UNDECLARED = "perspective not declared"
_IN_MARKS = re.compile(r'"[^"\n]*"|“[^”\n]*”')
_MARK = re.compile(r'["“”]')

TEMPLATES: dict[str, str] = {
    # whose account it is
    "account": "{holder}",
    "account of": "an account written from the point of view of {holder}",
    "account by": "an account by {holder}",  # by somebody who speaks for no declared side
    "account undeclared": "a document whose perspective is not declared",
    # who speaks
    "narrator": "Narrator's own words, in {account}; no source is given.",
    "narrator undeclared": "Narrator's own words; no source is given.",
    "undeclared": "Perspective not declared.",
    "direct": "{speaker}, quoted directly, in {account}.",
    "attributed": "{speaker}, as reported in {account}.",
    "direct unresolved": "A direct quotation whose speaker is not resolved{as named}, in {account}.",
    "attributed unresolved": "Reported from a source that is not resolved{as named}, in {account}.",
    "direct vague": "A direct quotation of a speaker whom the text does not name{as named}, in {account}.",
    "attributed vague": "Reported from a source that the text does not name{as named}, in {account}.",
    "as named": " (the text says {named})",
    "speaker": "{speaker}",
    "speaker with role": "{speaker}, {role}",
    "speaker of party": "{speaker} (of {party})",  # "its defence minister"
    "body": "the {speaker}",
    "referred to": "{speaker} (here {named})",
    "nested": "It is quoted inside a report of somebody else's words.",
    "nested unknown": "It is a quotation inside another quotation; who first said it is not resolved.",
    "rebutted here": "The narrator disputes it in the same sentence.",
    "rebutted next": "The narrator disputes it in the next sentence.",
    # kinds of claims that editorial rule books want attributed
    "one side": "One side's claim{kinds}: no source given here.",
    "one side alone": "One side's claim{kinds}: no source given, no document from another side in this corpus.",
    "unsourced": "A kind of claim that needs a source{kinds}: no source given here.",
    "kinds": " ({kinds})",
    "mixed": "Part of this passage is in another voice.",
    "mixed direct": "Part of this passage is quoted directly from {speaker}.",
    "mixed attributed": "Part of this passage is reported from {speaker}.",
    "several": "Several voices speak in this passage, in {account}; {most} the largest part.",
    "most narrator": "the narrator's own words are",
    "most direct": "direct quotations of {speaker} are",
    "most attributed": "what is reported from {speaker} is",
    # the frame of an answer
    "line narrator": "{title}, {account}, in its narrator's own words:",
    "line direct": "{speaker}, quoted directly in {title}, {account}:",
    "line attributed": "{speaker}, as reported in {title}, {account}:",
    "line direct unresolved": "A direct quotation whose speaker is not resolved, in {title}, {account}:",
    "line attributed unresolved": "Reported from a source that is not named or not resolved, in {title}, {account}:",
    "note one": "From one account, {title}, {account}: {voices}.",
    "note several": "From {count} accounts: {accounts}.",
    "note entry": "{title}, {account} ({voices})",
    "voices narrator": "{count} in its narrator's own words",
    "voices direct": "{count} quoted directly from {speaker}",
    "voices attributed": "{count} as reported from {speaker}",
    "a speaker": "a speaker not named or not resolved",
    "documents": "The documents, as their cards declare them: {accounts}.",
    "document": "{title}, {account}",
    "more documents": "{count} more",
    "card": "The card of {title} says: {fields}.",
    "card field": "{name}: {value}",
    "card field inferred": "{name}: {value} (inferred)",
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
# The fields of a card by which a reader judges a document, and how a note names them.
CARD_FIELDS = {
    "origin.author": "author",
    "origin.publisher": "publisher",
    "origin.date": "date",
    "origin.genre": "genre",
    "purpose.statement": "purpose",
    "purpose.audience": "audience",
}
_MADE = frozenset({"author", "publisher", "date"})
_KINDS = {"direct_quote": "direct", "attributed": "attributed"}
_THEIRS = ("its ", "his ", "her ", "their ")
# what names of bodies that take an article begin with, or what is the noun of theirs; and short names that take one
_COMMON = frozenset("ministry committee armed union council government army office department state".split())
_BODIES = _COMMON | frozenset(
    "administration agency alliance archive assembly association authority battalion board brigade bureau chamber "
    "chancery command commission community company congress consulate corps court delegation diaspora division embassy "
    "federation force forces foundation front fund garrison group hospital institute league mission movement nations "
    "navy observatory organisation organization party police presidency regiment republic secretariat senate service "
    "services society staff team tribunal".split()
)
_INITIALS = frozenset("EU ICC ICRC OSCE UN".split())
_END_OF_NOUN = re.compile(r" (?:of|for|with|and|in|on|to)\b")
_THE = frozenset("the a an its his her their our many several some both all most other two three four five".split())
_UNDECLARED = frozenset({"", UNDECLARED})
MOST_NAMED = 5  # documents that a sentence names
_ARTICLES = ("a ", "an ", "the ", "this ")


def holder_of(document: Document) -> str:
    """Whose perspective a document declares."""
    return document.holder or document.party or UNDECLARED


def note_of(
    perspective: Perspective, deciding: VoicedSpan | None, *, others: Sequence[VoicedSpan] = (), alone: bool = False
) -> str:
    """One or two plain sentences: both layers; then what else is to be said of them, or a claim without a source.

    `perspective` is complete but for its note; `others` are the stretches of its span in other voices; `alone` says
    that no document of another side is in the corpus.
    """
    first, remarks = _voice_sentence(perspective, deciding), []
    if perspective.voice not in _KINDS and not _is_declared(perspective):
        remarks.append(TEMPLATES["undeclared"])
    if claim := _claim_sentence(perspective, alone=alone):
        remarks.append(claim)
    elif perspective.rebuttal is not None and deciding is not None:
        if _is_later(deciding):
            remarks.append(TEMPLATES["rebutted next"])
        else:
            first = _joined(first, TEMPLATES["rebutted here"])
    elif deciding is not None and deciding.nested:
        remarks.append(TEMPLATES["nested unknown" if deciding.rule.endswith(QUOTED_INSIDE) else "nested"])
    elif others:
        remarks.append(_other_voice(perspective, others))
    return f"{first} {_joined(*remarks)}" if remarks else first


def note_of_several(perspective: Perspective) -> str:
    """The note of a passage of more voices than a sentence can name; `perspective` is that of the largest part."""
    most = filled(f"most {_KINDS.get(perspective.voice, 'narrator')}", speaker=_speaker(perspective))
    return filled("several", account=account_of(perspective), most=most)


def account_of(perspective: Perspective) -> str:
    """The document as a noun phrase: "an account written from X's official point of view"."""
    return _account(perspective.holder, perspective.party)


def documents_note(documents: Sequence[Document], *, cards: bool = False) -> str:
    """The titles of the documents and whose accounts they are, those of the first few.

    With `cards`, also what these declare: of a single document all that a reader judges it by.
    """
    named = documents[:MOST_NAMED]
    entries = [filled("document", title=quoted(d.title), account=_account(holder_of(d), d.party)) for d in named]
    if more := len(documents) - len(named):
        entries.append(filled("more documents", count=str(more)))
    told = [filled("documents", accounts="; ".join(entries))] if entries else []
    if cards:
        told += filter(None, (_card_sentence(document, whole=len(documents) == 1) for document in named))
    return " ".join(told)


def _card_sentence(document: Document, *, whole: bool) -> str:
    """What the card of a document says; unless the `whole`, only who made it, and when, as far as that is known."""
    card, told = document.card, []
    if card is None:
        return ""
    for name, label in CARD_FIELDS.items():
        declared = card.fields.get(name)
        if declared and (whole or (label in _MADE and card.value(name))):
            template = "card field inferred" if declared.basis is Basis.INFERRED else "card field"
            told.append(filled(template, name=label, value=declared.value.removesuffix(".")))
    if whole and card.limitations:
        limits = " ".join(card.limitations).removesuffix(".")
        told.append(filled("card field", name="limits", value=limits))
    return filled("card", title=quoted(document.title), fields="; ".join(told)) if told else ""


def attribution_line(perspective: Perspective, title: str) -> str:
    """The line before a quotation that says whose words it is and whose account it stands in."""
    frame = {"account": account_of(perspective), "title": quoted(title)}
    kind = _KINDS.get(perspective.voice)
    if kind is None:
        return filled("line narrator", **frame)
    if perspective.speaker is None:
        return filled(f"line {kind} unresolved", **frame)
    return filled(f"line {kind}", speaker=_upper(_speaker(perspective)), **frame)


def nobody_for(party: str) -> str:
    """That no document speaks for a party."""
    return filled("empty column", party=party)


def perspective_note(perspectives: Sequence[Perspective], titles: Sequence[str], *, silent: Sequence[str] = ()) -> str:
    """Whose accounts an answer rests on and who speaks in them; `titles` are the citations' own, in order.

    `silent` are parties that were asked for and that no document speaks for.
    """
    return " ".join(filter(None, (_accounts(perspectives, titles), *map(nobody_for, silent))))


def _accounts(perspectives: Sequence[Perspective], titles: Sequence[str]) -> str:
    if not perspectives:
        return ""
    groups: dict[tuple[str, str], list[Perspective]] = {}
    for perspective, title in zip(perspectives, titles, strict=True):
        groups.setdefault((quoted(title), account_of(perspective)), []).append(perspective)
    name = "note one" if len(groups) == 1 else "note entry"
    entries = [filled(name, title=t, account=a, voices=_voices(group)) for (t, a), group in groups.items()]
    if len(groups) == 1:
        return entries[0]
    return filled("note several", count=str(len(groups)), accounts="; ".join(entries))


def question_echo(question: str, hits: Sequence[LoadedTerm] | None = None) -> str:
    """The question's own loaded words, in quotation marks; empty when it has none. `hits` are the lexicon's."""
    words = dict.fromkeys(hit.span.of(question) for hit in (loaded_in(question) if hits is None else hits))
    return filled("question", words=", ".join(map(quoted, words))) if words else ""


# ---------------------------------------------------------------- words of others


def filled(template: str, **parts: str) -> str:
    """A template with its parts, each in quotation marks where it holds a word that takes a side."""
    return TEMPLATES[template].format(**{name: _shown(part) for name, part in parts.items()})


def quoted(text: str) -> str:
    """A text on one line in quotation marks, with single ones inside."""
    return '"{}"'.format(" ".join(text.replace('"', "'").split()))


# Like the sentences in which a part may stand: whether some words take a side depends on their neighbours.
_FRAMES = ("{}", "{}, as reported in an account of it", "in an account written from the point of view of {}.")


@lru_cache(maxsize=1_024)  # holders and speakers come again and again
def _shown(part: str) -> str:
    """A part as it stands, in quotation marks where it takes a side outside of such or leaves one open."""
    own = _IN_MARKS.sub("", part)
    loaded = any(loaded_in(frame.format(own)) for frame in _FRAMES)
    return quoted(part) if loaded or _MARK.search(own) else part


# ---------------------------------------------------------------- sentences


def _account(holder: str, party: str | None) -> str:
    holder = holder.strip()
    if holder in _UNDECLARED:
        return TEMPLATES["account undeclared"]
    if holder.lower().startswith(_ARTICLES) and _is_text(holder):
        return filled("account", holder=holder)
    return filled("account by" if party is None else "account of", holder=holder)


def _is_declared(perspective: Perspective) -> bool:
    return perspective.holder.strip() not in _UNDECLARED


def _joined(first: str, *others: str) -> str:
    """Sentences as one, with semicolons."""
    parts = (first, *(other[0].lower() + other[1:] for other in others))
    return "; ".join(part.removesuffix(".") for part in parts) + "."


def _voice_sentence(perspective: Perspective, deciding: VoicedSpan | None) -> str:
    account, kind = account_of(perspective), _KINDS.get(perspective.voice)
    if kind is None:
        return filled("narrator", account=account) if _is_declared(perspective) else TEMPLATES["narrator undeclared"]
    written = deciding.source.named if deciding and deciding.source else None
    if perspective.speaker is None:
        manner = "vague" if perspective.resolution is Resolution.VAGUE else "unresolved"
        as_named = filled("as named", named=quoted(written)) if written else ""
        return filled(f"{kind} {manner}", **{"as named": as_named, "account": account})
    speaker = _speaker(perspective)
    if perspective.resolution is Resolution.PRONOUN and written and written.lower() not in speaker.lower():
        speaker = filled("referred to", speaker=speaker, named=quoted(written))
    return filled(kind, speaker=_upper(speaker), account=account)


def _other_voice(perspective: Perspective, others: Sequence[VoicedSpan]) -> str:
    """Who else speaks in a passage, the first whose name is known."""
    for other in others:
        source, kind = other.source, _KINDS.get(other.voice)
        name = source and (source.actor or source.named)
        if kind and source and name and source.resolution not in {Resolution.VAGUE, Resolution.UNRESOLVED}:
            whose = replace(perspective, speaker=name, speaker_role=source.role, speaker_party=source.party)
            return filled(f"mixed {kind}", speaker=_speaker(whose))
    return TEMPLATES["mixed"]


def _is_later(deciding: VoicedSpan) -> bool:
    """Whether what the narrator says against somebody's words stands apart from them."""
    return deciding.rebuttal is not None and deciding.rebuttal.start > deciding.span.end + 1


def _claim_sentence(perspective: Perspective, *, alone: bool) -> str:
    claims = [claim for claim in perspective.claims if not claim.sourced]
    if perspective.voice in _KINDS or not claims:
        return ""
    key = "unsourced" if perspective.party is None else "one side alone" if alone else "one side"
    return filled(key, kinds=_kinds(claims))


def _kinds(claims: Sequence[ClaimCue]) -> str:
    names = dict.fromkeys(CLAIM_KINDS.get(claim.kind, claim.kind.replace("_", " ")) for claim in claims)
    return filled("kinds", kinds=", ".join(names))


def _speaker(perspective: Perspective) -> str:
    speaker, role, party = _named(perspective.speaker), perspective.speaker_role, perspective.speaker_party
    if party and speaker.lower().startswith(_THEIRS):
        speaker = filled("speaker of party", speaker=speaker, party=party)
    if not role or _tells_nothing(role, speaker):
        return filled("speaker", speaker=speaker)
    return filled("speaker with role", speaker=speaker, role=role)


def _named(speaker: str | None) -> str:
    """A declared name as it reads in a sentence: "the Ministry of Trade", but "Ada Quill"."""
    if not speaker:
        return TEMPLATES["a speaker"]
    first, _, rest = speaker.partition(" ")
    if rest and first.lower() in _THE:  # as at the beginning of its sentence: "The EU", "Many countries"
        return first.lower() + speaker[len(first) :]
    name = speaker.partition(",")[0]  # without an office: "Shefik Jaferovich, member of the presidency"
    nouns = {part.rpartition(" ")[2].lower() for part in (_END_OF_NOUN.split(name)[0], name)}
    is_body = rest and (first.lower() in _COMMON or not nouns.isdisjoint(_BODIES))
    return filled("body", speaker=speaker) if is_body or speaker in _INITIALS else speaker


def _tells_nothing(role: str, speaker: str) -> bool:
    """Whether a name says what its bearer is: "Ministry of Trade, ministry"."""
    return role.lower().split()[-1] in speaker.lower().replace(",", " ").split()


def _voices(perspectives: Sequence[Perspective]) -> str:
    kinds = ((_KINDS.get(perspective.voice, "narrator"), perspective.speaker) for perspective in perspectives)
    counted = Counter((kind, "" if kind == "narrator" else _named(speaker)) for kind, speaker in kinds)
    return ", ".join(
        filled(f"voices {kind}", count=str(count), speaker=speaker) for (kind, speaker), count in counted.items()
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
