"""A name is one name, whether its accents are in its letters (NFC) or signs of their own (NFD)."""

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.perspective.items import items_of
from qa_bot.perspective.loaded.lexicon import loaded_terms
from qa_bot.perspective.speech.voices import voices_of
from qa_bot.perspective.words import Words, in_word
from qa_bot.segmentation import outline
from qa_bot.types import Actor, ActorKind, Document, Parties, Party, Span

NAMES = [
    "Ola Néro",
    "Ola Néo",
    "Élan Ångström",
    "Şəhla Çiçək",
    "İlham Əliyev",
    "Nguyễn Văn Đạt",
    "Ọlá Ṣàngọ́",
    "Zoë Dvořák-Dubé",
    "Οὐρανία Ξένη",
    "Фёдор Йовчев",
]
TEXTS = [
    "{name} said that the bridge was down. He added that it would be rebuilt.",
    "“We will rebuild,” said {name}. “It is our bridge.”",
    "Mayor {name} rose. She said: “We will rebuild. We always have.”",
    "According to {name}, ten were killed. {last} also denied the attack.",
    "{name}’s deputy said that the river had risen.",
    "She wrote: '{last}'s coat is lost, and {last}’s boat.' Then {last} left the “heroic” regime.",
    '{name} - "We shall return", he told the crowd.',
    "{name}: Will it hold?\n\nTom Hale: It will.\n\n{name}: When was it built?\n\nTom Hale: In May.",
    "The mayor of Néroland, {name}, denied that the town was lost. The mayor said that it was safe.",
]


def _parties(form: str) -> Parties:
    name, role, party = (normalize(form, text) for text in ("Ola Néro", "mayor of Né", "Néroland"))
    return Parties(
        (Party(party, (normalize(form, "Nérolandais"),)),), (Actor(name, ActorKind.PERSON, (), role, party),)
    )


def _read(text: str, parties: Parties) -> tuple[list[object], list[object]]:
    """Voices with their speakers, and loaded terms, all in composed letters."""
    voices = voices_of(Document("d", "T", text, "0"), outline(text, "d"), parties)

    def shown(span: Span | None) -> str:
        return normalize("NFC", span.of(text)) if span else ""

    told = [
        (shown(v.span), v.voice, v.rule, normalize("NFC", repr(v.source)), shown(v.cue), [*map(shown, v.closure)])
        for v in voices
    ]
    loaded = [(shown(term.span), term.category, term.owner) for term in loaded_terms(text, outline(text, "d"), voices)]
    return told, loaded


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("text", TEXTS)
def test_voices_and_speakers_do_not_depend_on_how_accents_are_written(name, text):
    text = text.format(name=name, last=name.split()[-1])
    expected = _read(normalize("NFC", text), _parties("NFC"))
    for form, parties in (("NFD", "NFC"), ("NFC", "NFD"), ("NFD", "NFD")):
        assert _read(normalize(form, text), _parties(parties)) == expected


def test_a_decomposed_name_is_not_cut():
    text = normalize("NFD", "Ola Néro said that the bridge was down.")
    source = voices_of(Document("d", "T", text, "0"), outline(text, "d"), Parties())[-1].source
    assert source is not None
    assert source.named == normalize("NFD", "Ola Néro")


accented = st.lists(st.sampled_from([*NAMES, "É. Néro", "Ş. Əliyev", "Ọ. Né’s", "नेहरू", "’", "12"]), min_size=1)


@given(accented.map(" ".join))
def test_words_and_items_are_the_same_in_either_form_and_stand_where_they_say(text):
    composed, decomposed = (normalize(form, text) for form in ("NFC", "NFD"))
    assert Words.of(composed).folded == Words.of(decomposed).folded
    items = [list(items_of(form, Span(0, len(form)))) for form in (composed, decomposed)]
    assert [item.lower for item in items[0]] == [item.lower for item in items[1]]
    assert all(decomposed[item.start : item.end] == item.text for item in items[1])
    words = Words.of(decomposed)
    assert all(map(in_word, "".join(decomposed[a:b] for a, b in zip(words.starts, words.ends, strict=True))))
