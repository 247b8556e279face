"""The bot's own words about perspective: every one a template of this module.

No template holds a word that takes a side; what comes from a card, from parties.toml or from a document is set in
quotation marks where it holds one, a title always.
"""

import re
from functools import lru_cache

from qa_bot.perspective.loaded.lexicon import loaded_in

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

# How templates name the voices that are not the narrator's.
SECOND_HAND = {"direct_quote": "direct", "attributed": "attributed"}
# Like the sentences in which a part may stand: whether some words take a side depends on their neighbours.
_FRAMES = ("{}", "{}, as reported in an account of it", "in an account written from the point of view of {}.")


def filled(template: str, **parts: str) -> str:
    """A template with its parts, each in quotation marks where it holds a word that takes a side."""
    return TEMPLATES[template].format(**{name: _shown(part) for name, part in parts.items()})


def quoted(text: str) -> str:
    """A text on one line in quotation marks, with single ones inside."""
    return '"{}"'.format(" ".join(text.replace('"', "'").split()))


def joined_sentences(first: str, *others: str) -> str:
    """Sentences as one, with semicolons."""
    parts = (first, *(other[0].lower() + other[1:] for other in others))
    return "; ".join(part.removesuffix(".") for part in parts) + "."


@lru_cache(maxsize=1_024)  # holders and speakers come again and again
def _shown(part: str) -> str:
    """A part as it stands, in quotation marks where it takes a side outside of such or leaves one open."""
    own = _IN_MARKS.sub("", part)
    loaded = any(loaded_in(frame.format(own)) for frame in _FRAMES)
    return quoted(part) if loaded or _MARK.search(own) else part
