"""Insets: what a document hands over from somebody else without quotation marks, and what only looks like it."""

import pytest

from qa_bot.perspective.reading import Reading, deciding_stretch, sentence_voice
from qa_bot.perspective.speech.voices import voices_of
from qa_bot.segmentation import outline
from qa_bot.types import Document, Parties, Party

N, D, A = "narrator", "direct_quote", "attributed"
PARTIES = Parties(parties=(Party("Ostmark", ("Council of Ostmark",)), Party("Westland", ())))
HEAD = "The Lock Gazette, number 7\n\nThe bridge was painted green.\n\nThe ferry runs again. It is full.\n\n"


def _read(text: str) -> list[tuple[str, str]]:
    """The voice of each sentence after the head and who speaks in it."""
    parts = outline(HEAD + text, "d")
    reading = Reading(voices_of(Document("d", "Title", HEAD + text, "0"), parts, PARTIES))
    told = []
    for sentence in parts.sentences:
        if sentence.span.start >= len(HEAD) and not sentence.heading:
            source = deciding_stretch(reading, sentence.span).source
            named = source.actor or source.named or "" if source else ""
            told.append((sentence_voice(reading, sentence.span).value, named))
    return told


CASES = {
    # ------------------------------------------------ notices
    "notice": ("FROM THE REGISTRY OFFICE. The ration is six kilograms. It is issued on Monday.", [(A, "REGISTRY")] * 3),
    "notice by itself": (
        "From the harbour office:\n\nThe mole is closed. Boats lie at the quay.\n\nSPORT\n\nThe match was lost.",
        [(A, "harbour office")] * 3 + [(N, "")],
    ),
    "no body": ("FROM THE OTHER SIDE. The river was high. Nobody crossed it.", [(N, "")] * 3),
    "a way": ("From the council the road goes uphill. It is steep.", [(N, "")] * 2),
    "a newspaper's own": ("FROM OUR CORRESPONDENT. The river was high.", [(N, "")] * 2),
    # ------------------------------------------------ announcements and resolutions
    "informs": (
        "The General Staff informs:\n\nThe pass is open. Two posts were taken.\n\nIt snowed.",
        [(A, "General Staff")] * 3 + [(N, "")],
    ),
    "declares items": (
        "Therefore the Assembly declares:\n\nthat the act is void;\n\nthat no contract holds.\n\nIt rained.",
        [(A, "Assembly")] * 3 + [(N, "")],
    ),
    "declares in a sentence": (
        "Therefore the Assembly declares: that the act is void; that no contract holds.",
        [(A, "Assembly")],
    ),
    "resolution": (
        "The Council of Ostmark,\n\nRecalling its decision of May,\n\nDeeply concerned by the floods,\n\n"
        "1. Decides to close the weir;\n\n2. Requests a report on the mills.\n\nThe vote was close.",
        [(A, "Ostmark")] * 5 + [(N, "")],
    ),
    "an address": ("The Council of Ostmark,\n\n14 Lock Street, third floor.\n\nIt is open on Mondays.", [(N, "")] * 3),
    "a thing announces": ("The smoke announced:\n\nthe kiln was lit.\n\nIt rained.", [(N, "")] * 3),
    # ------------------------------------------------ letters
    "letter": (
        "LETTERS. Sir, your paper was wrong about the weir. It broke twice. Yours faithfully, Ada Fitch. It rained.",
        [(N, ""), (D, "Ada Fitch"), (D, "Ada Fitch"), (D, "Ada Fitch"), (N, "")],
    ),
    "two letters": (
        "Sir, the weir broke. Yours, Ada Fitch. Dear Sir, it did not break. Sincerely, Tom Ray.",
        [(D, "Ada Fitch"), (D, "Ada Fitch"), (D, "Tom Ray"), (D, "Tom Ray")],
    ),
    "readers": ("Dear readers, the paper was set in a cellar. It has four pages.", [(N, "")] * 2),
    "a knight": ("Sir Tom Ray, who built the weir, was buried. It rained.", [(N, "")] * 2),
    # ------------------------------------------------ contributions
    "contribution": (
        "Another of our memories, this time from Tom Ray, cook. I was not there. I had the porridge. It was cold.",
        [(N, ""), (D, "Tom Ray"), (D, "Tom Ray"), (D, "Tom Ray")],
    ),
    "nobody says I": (
        "A chair from Tom Ray, carpenter. It was sold in May. The price was low. It was cold.",
        [(N, "")] * 4,
    ),
    "a place": ("The road from Odde Bridge, a ruin. I walked it in May. I was alone.", [(N, "")] * 3),
}


@pytest.mark.parametrize("name", CASES)
def test_each_sentence_has_its_voice_and_speaker(name):
    text, expected = CASES[name]
    found = _read(text)
    assert [voice for voice, _ in found] == [voice for voice, _ in expected]
    assert all(speaker in named for (_, speaker), (_, named) in zip(expected, found, strict=True))


def test_a_document_in_the_first_person_has_no_contributions():
    text = "I was a cook. \n\nI slept on flour.\n\nI wept.\n\n" + CASES["contribution"][0]
    assert {voice for voice, _ in _read(text)} == {N}


def test_a_greeting_at_the_start_is_the_documents_own():
    text = "Sir, the weir broke. It broke twice."
    parts = outline(text, "d")
    reading = Reading(voices_of(Document("d", "Title", text, "0"), parts, PARTIES))
    assert {sentence_voice(reading, sentence.span).value for sentence in parts.sentences} == {N}
