"""The profile of a document as a small plot: who speaks how much, and in how loaded words."""

from collections.abc import Iterable

from qa_bot.chat.escaping import e
from qa_bot.chat.perspective_card import fold
from qa_bot.chat.wording import say
from qa_bot.perspective import Profile

MAX_PARTIES = 6  # rows of the plot; further parties are summed up in one


def profile_plot(profile: Profile) -> str:
    """Bars for the voices and for the parties quoted or reported, folded; nothing for a document without words."""
    if not profile.words:
        return ""
    voices = [
        _bar(
            say(f"profile.{share.voice}"), share.words, profile.words, str(share.voice), _loaded(share.loaded_per_1000)
        )
        for share in profile.voices
    ]
    parties = [_bar(label, words, profile.words, "party") for label, words in _parties(profile)]
    quoted = f"<h4>{e(say('profile.parties'))}</h4>{_list(parties)}" if parties else ""
    return fold(say("profile.heading"), _list(voices) + quoted)


def _parties(profile: Profile) -> list[tuple[str, int]]:
    shares = [(s.party or say("profile.no_party"), s.words) for s in profile.parties if s.words]
    shown, rest = shares[:MAX_PARTIES], shares[MAX_PARTIES:]
    return [*shown, (say("profile.others"), sum(words for _, words in rest))] if rest else shown


def _loaded(rate: float) -> str:
    return f' <span class="quiet">{e(say("profile.loaded", rate=f"{rate:g}"))}</span>'


def _bar(label: str, words: int, total: int, kind: str, extra: str = "") -> str:
    percent = round(100 * words / total)
    figure = say("profile.words", words=f"{words:,}", percent=percent)
    return (
        f'<li><span class="label" dir="auto">{e(label)}</span>'
        f'<span class="bar-track" aria-hidden="true">'
        f'<span class="bar-fill {kind}" style="width:{percent}%"></span></span>'
        f'<span class="figure">{e(figure)}{extra}</span></li>'
    )


def _list(bars: Iterable[str]) -> str:
    return f'<ul class="plot">{"".join(bars)}</ul>'
