"""Voices: who speaks in a span, as a short label and as a phrase."""

from qa_bot.chat.wording import say
from qa_bot.types import Perspective, Resolution, Voice


def voice_kind(perspective: Perspective) -> str:
    """The name of the voice for styling: `narrator`, `direct_quote`, `attributed` or `unresolved`."""
    second_hand = perspective.voice is not Voice.NARRATOR
    return "unresolved" if second_hand and not perspective.speaker else str(perspective.voice)


def voice_label(perspective: Perspective) -> str:
    """A label of a few words, such as "Quoted: Edda Krane"."""
    if perspective.voice is Voice.NARRATOR:
        return say("voice.narrator")
    return say(f"voice.{perspective.voice}", who=_short_name(perspective))


def who_speaks(perspective: Perspective) -> str:
    """A phrase that names the speaker and how the document comes to show the words; never empty."""
    if perspective.voice is Voice.NARRATOR:
        return say("speaks.narrator")
    return say(f"speaks.{perspective.voice}", who=_full_name(perspective))


def standpoint(perspective: Perspective) -> str:
    """A tag of a few words for the standpoint of the span's document."""
    return say("standpoint.tag", party=perspective.party) if perspective.party else perspective.holder


def _short_name(perspective: Perspective) -> str:
    if perspective.speaker:
        return perspective.speaker
    return say("voice.unnamed" if perspective.resolution is Resolution.VAGUE else "voice.unresolved")


def _full_name(perspective: Perspective) -> str:
    if not perspective.speaker:
        return say("speaks.vague" if perspective.resolution is Resolution.VAGUE else "speaks.unresolved")
    name = perspective.speaker
    if perspective.speaker_role and perspective.speaker_role.casefold() not in name.casefold():  # "Ministry of …"
        name = say("speaks.with_role", who=name, role=perspective.speaker_role)
    if perspective.speaker_party and perspective.speaker_party not in name:
        name = say("speaks.with_party", who=name, party=perspective.speaker_party)
    return name
