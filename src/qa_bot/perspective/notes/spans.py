"""The note of one citation: whose words a span is, and what else is to be said of it."""

from collections.abc import Sequence
from dataclasses import replace

from qa_bot.perspective.notes.names import account_of, at_start, is_declared, speaker_of
from qa_bot.perspective.notes.templates import CLAIM_KINDS, SECOND_HAND, TEMPLATES, filled, joined_sentences, quoted
from qa_bot.perspective.reading import QUOTED_INSIDE
from qa_bot.types import ClaimCue, Perspective, Resolution, VoicedSpan


def note_of(
    perspective: Perspective, deciding: VoicedSpan | None, *, others: Sequence[VoicedSpan] = (), alone: bool = False
) -> str:
    """One or two plain sentences: both layers; then what else is to be said of them, or a claim without a source.

    `perspective` is complete but for its note; `others` are the stretches of its span in other voices; `alone` says
    that no document of another side is in the corpus.
    """
    first, remarks = _voice_sentence(perspective, deciding), []
    if perspective.voice not in SECOND_HAND and not is_declared(perspective):
        remarks.append(TEMPLATES["undeclared"])
    if claim := _claim_sentence(perspective, alone=alone):
        remarks.append(claim)
    elif perspective.rebuttal is not None and deciding is not None:
        if _is_later(deciding):
            remarks.append(TEMPLATES["rebutted next"])
        else:
            first = joined_sentences(first, TEMPLATES["rebutted here"])
    elif deciding is not None and deciding.nested:
        remarks.append(TEMPLATES["nested unknown" if deciding.rule.endswith(QUOTED_INSIDE) else "nested"])
    elif others:
        remarks.append(_other_voice(perspective, others))
    return f"{first} {joined_sentences(*remarks)}" if remarks else first


def note_of_several(perspective: Perspective) -> str:
    """The note of a passage of more voices than a sentence can name; `perspective` is that of the largest part."""
    most = filled(f"most {SECOND_HAND.get(perspective.voice, 'narrator')}", speaker=speaker_of(perspective))
    return filled("several", account=account_of(perspective), most=most)


def _voice_sentence(perspective: Perspective, deciding: VoicedSpan | None) -> str:
    account, kind = account_of(perspective), SECOND_HAND.get(perspective.voice)
    if kind is None:
        return filled("narrator", account=account) if is_declared(perspective) else TEMPLATES["narrator undeclared"]
    written = deciding.source.named if deciding and deciding.source else None
    if perspective.speaker is None:
        manner = "vague" if perspective.resolution is Resolution.VAGUE else "unresolved"
        as_named = filled("as named", named=quoted(written)) if written else ""
        return filled(f"{kind} {manner}", **{"as named": as_named, "account": account})
    speaker = speaker_of(perspective)
    if perspective.resolution is Resolution.PRONOUN and written and written.lower() not in speaker.lower():
        speaker = filled("referred to", speaker=speaker, named=quoted(written))
    return filled(kind, speaker=at_start(speaker), account=account)


def _other_voice(perspective: Perspective, others: Sequence[VoicedSpan]) -> str:
    """Who else speaks in a passage, the first whose name is known."""
    for other in others:
        source, kind = other.source, SECOND_HAND.get(other.voice)
        name = source and (source.actor or source.named)
        if kind and source and name and source.resolution not in {Resolution.VAGUE, Resolution.UNRESOLVED}:
            whose = replace(perspective, speaker=name, speaker_role=source.role, speaker_party=source.party)
            return filled(f"mixed {kind}", speaker=speaker_of(whose))
    return TEMPLATES["mixed"]


def _is_later(deciding: VoicedSpan) -> bool:
    """Whether what the narrator says against somebody's words stands apart from them."""
    return deciding.rebuttal is not None and deciding.rebuttal.start > deciding.span.end + 1


def _claim_sentence(perspective: Perspective, *, alone: bool) -> str:
    claims = [claim for claim in perspective.claims if not claim.sourced]
    if perspective.voice in SECOND_HAND or not claims:
        return ""
    key = "unsourced" if perspective.party is None else "one side alone" if alone else "one side"
    return filled(key, kinds=_kinds(claims))


def _kinds(claims: Sequence[ClaimCue]) -> str:
    names = dict.fromkeys(CLAIM_KINDS.get(claim.kind, claim.kind.replace("_", " ")) for claim in claims)
    return filled("kinds", kinds=", ".join(names))
