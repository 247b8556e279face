"""Whose words each sentence holds: by which names it can be found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.corpus import make_document, read_corpus
from qa_bot.perspective import analyse, speakers_of
from qa_bot.segmentation import outline
from qa_bot.types import Actor, ActorKind, Parties, Party

PARTIES = Parties(
    (Party("Orsel", ("Orsels",)), Party("Maravel", ("Maravels", "Maravellian"))),
    (Actor("Ada Holm", ActorKind.PERSON, ("Mayor Holm",), "mayor of Orsel", "Orsel"),),
)
TEXT = """The weir

Ada Holm spoke to the council. "The weir is ours. It has always been ours." Nobody answered.

The Maravellian ferryman said that he had seen no one. It rained."""


def speakers(text):
    document = make_document("weir", text)
    parts = outline(text, "weir")
    return parts, speakers_of(analyse(document, parts, PARTIES), parts, PARTIES)


def told(text):
    """The sentences of a text and who speaks in each, None for the narrator."""
    parts, found = speakers(text)
    who = [found.known[place] if place >= 0 else None for place in found.of]
    return {sentence.span.of(text): speaker for sentence, speaker in zip(parts.sentences, who, strict=True)}


def test_a_sentence_of_direct_speech_belongs_to_whoever_is_named_before_it():
    holm = told(TEXT)['It has always been ours."']
    assert holm.names[0] == "Ada Holm"
    assert {"Holm", "Mayor Holm"} <= set(holm.names)
    assert (holm.role, holm.side) == ("mayor of Orsel", ("Orsel", "Orsels"))
    assert holm.introduction == "Ada Holm, mayor of Orsel, said:"


def test_somebody_whom_nobody_declared_is_found_by_the_words_of_the_text():
    ferryman = told(TEXT)["The Maravellian ferryman said that he had seen no one."]
    assert ferryman.names == ("The Maravellian ferryman",)
    assert "Maravels" in ferryman.side
    assert ferryman.introduction == "The Maravellian ferryman, said:"


def test_the_narrator_and_headings_are_nobodys():
    who = told(TEXT)
    assert [who[quote] for quote in ("The weir", "Nobody answered.", "It rained.")] == [None] * 3


def test_whoever_speaks_is_shown_by_one_of_his_names():
    holm = told(TEXT)['It has always been ours."']
    assert holm.is_shown_in("Holm went home.")
    assert not holm.is_shown_in("The Orsels went home.")


@given(st.lists(st.sampled_from([*TEXT.split(" "), "\n\n", "said", '"', "”", "he", "Question:"]), max_size=40))
def test_every_sentence_of_any_text_has_one_known_speaker_or_none(words):
    parts, found = speakers(" ".join(words))
    assert len(found.of) == len(parts.sentences)
    assert set(found.of) - {-1} == set(range(len(found.known)))
    assert all(speaker.names and all(speaker.names) for speaker in found.known)


@pytest.mark.parametrize("side", ["Azerbaijan", "Armenia", "Turkey"])
def test_sentences_of_the_corpus_are_found_by_the_names_of_a_side(corpus_folder, side):
    corpus = read_corpus(corpus_folder)
    document = corpus.documents[0]
    parts = outline(document.text, document.doc_id, document.layout)
    found = speakers_of(analyse(document, parts, corpus.parties), parts, corpus.parties)
    assert any(side in speaker.side for speaker in found.known)
