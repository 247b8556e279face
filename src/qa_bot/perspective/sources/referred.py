"""Referred: a source with the mention behind it, as the discourse resolves it."""

from dataclasses import dataclass, replace

from qa_bot.perspective.sources.mentions import Mention
from qa_bot.types import Resolution, Source, Span


@dataclass(frozen=True, slots=True)
class Referred:
    """A resolved source: the mention behind it, where that stands if elsewhere, and where the source is named."""

    source: Source
    mention: Mention | None = None
    antecedent: Span | None = None
    place: Span | None = None


def named_source(named: str, mention: Mention) -> Source:
    """The source that a mention is, `named` as the text names it there."""
    declared = mention.label == mention.name  # a name that the text only has in passing is shown as it stands there
    return Source(Resolution.NAMED, named, mention.name if declared else None, mention.role, mention.party)


def of_party(found: Referred, party: str | None) -> Referred:
    """A source that speaks for a party."""
    mention = found.mention and replace(found.mention, party=party)
    return replace(found, source=replace(found.source, party=party), mention=mention)


def referred_back(mention: Mention, named: str | None, resolution: Resolution = Resolution.PRONOUN) -> Referred:
    """A reference back to a mention."""
    return Referred(Source(resolution, named, mention.label, mention.role, mention.party), mention, mention.span)
