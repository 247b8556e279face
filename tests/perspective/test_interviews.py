"""Interviews in the forms in which they are printed: who asks, who answers, and for which side."""

from dataclasses import replace

import pytest

from qa_bot.perspective.reading import Reading, deciding_stretch, sentence_voice
from qa_bot.perspective.speech.voices import voices_of
from qa_bot.segmentation import outline
from qa_bot.types import Basis, CardField, Document, Parties, Party, PerspectiveCard, Voice

PARTIES = Parties(
    parties=(Party("Bulmar", ("Bulmarian", "Bulmarians")), Party("Tessia", ("Tessian", "Tessians"))),
)
BULMAR = PerspectiveCard("Title", "en", {"perspective.party": CardField("Bulmar", Basis.STATED)})
QUESTION, ANSWER = "When did you reach the ford?", "At dawn. We had no boats."
ASKED, REPLY = "Who fired first?", "They did. I heard it."


def _dialogue(asker: str, speaker: str) -> str:
    return f"{asker}{QUESTION}\n\n{speaker}{ANSWER}\n\n{asker}{ASKED}\n\n{speaker}{REPLY}\n"


QA = _dialogue("Question: ", "Answer: ")
VISK = ("Petar Visk", None)
# a form: the text, who asks (None where nobody is named), who answers, and for which side
FORMS = {
    "a newspaper spoke with": (
        "At the ford\n\nRadio Bulmar spoke with Colonel Petar Visk, who led the boats. It was at his home.\n\n" + QA,
        "Radio Bulmar", "Petar Visk", "Bulmar",
    ),
    "she spoke to": ("At the ford\n\nPetar Visk spoke to Radio Bulmar about the ford.\n\n" + QA, "Radio Bulmar", *VISK),
    "a title": ("Interview with Petar Visk, farmer\n\n" + QA, "Question", *VISK),
    "a title with a colon": (
        'Petar Visk: "We had no boats"\n\nThe farmer of the ford at Sarn answers our questions.\n\n' + QA,
        "Question", *VISK,
    ),
    "testimony": (
        "Testimony of Petar Visk, farmer of Sarn in Bulmar\n\nRecorded in Sarn on 4 May 2003.\n\n" + QA,
        "Question", "Petar Visk", "Bulmar",
    ),
    "a list": (
        "Archive, tape 14\n\nInterviewee: Petar Visk, born 1961 in Sarn, Bulmar\nInterviewer: Lena Oss\n"
        "Date: 4 May 2003\n\n" + QA,
        "Lena Oss", "Petar Visk", "Bulmar",
    ),
    "our reporter": (
        "Ten years after\n\nTen years after the war our reporter Lena Oss sat down with Petar Visk, who led the "
        "Bulmarian boatmen. He poured tea.\n\n" + QA,
        "our reporter Lena Oss", "Petar Visk", "Bulmar",
    ),
    "nobody named": (
        "A voice from the ford\n\nHe was nineteen then. We met a former soldier of the Bulmarian army.\n\n" + QA,
        "Question", "former soldier of the Bulmarian army", "Bulmar",
    ),
    "the other side": (
        "A prisoner speaks\n\nWe spoke with Lieutenant Marek Dol of the Tessian army, taken at the ford.\n\n" + QA,
        "Question", "Marek Dol", "Tessia",
    ),
    "initials": (
        "Interview with Petar Visk\n\nLena Oss talked to the Bulmarian colonel Petar Visk for this newspaper.\n\n"
        + _dialogue("L.O.: ", "P.V.: "),
        "Lena Oss", "Petar Visk", "Bulmar",
    ),
    "a family name": (
        "Interview with Petar Visk, farmer\n\n" + _dialogue("Sarn Courier: ", "Visk: "), "Sarn Courier", *VISK,
    ),
    "letters of a record": (
        "Hearing of 4 May 2003\n\nThe witness Petar Visk, a farmer, took the oath. He was examined by Mr Oss.\n\n"
        + _dialogue("Q. ", "A. "),
        "Mr Oss", *VISK,
    ),
    "dashes": ("Interview with Petar Visk, farmer\n\n" + _dialogue("– ", "– "), None, *VISK),
    "no mark at all": ("Interview with Petar Visk, farmer\n\n" + _dialogue("", ""), None, *VISK),
    "numbers": (
        "A conversation with the Tessian minister Ana Kol\n\n"
        f"1. {QUESTION}\n\n{ANSWER}\n\n2. {ASKED}\n\n{REPLY}\n",
        None, "Ana Kol", "Tessia",
    ),
    "only questions marked": (
        "At the ford\n\nRadio Bulmar spoke with Colonel Petar Visk.\n\n" + _dialogue("Q: ", ""),
        "Radio Bulmar", "Petar Visk", "Bulmar",
    ),
    "question and answer in a paragraph": (
        f"At the ford\n\nRadio Bulmar spoke with Colonel Petar Visk.\n\nQ: {QUESTION} {ANSWER}\n\nQ: {ASKED} {REPLY}\n",
        "Radio Bulmar", "Petar Visk", "Bulmar",
    ),
    "a press conference": (
        "Press conference of President Ilia Bran of Bulmar\n\n" + _dialogue("Reporter: ", "President Bran: "),
        "Reporter", "Ilia Bran", "Bulmar",
    ),
    "he gave an interview": (
        "At the ford\n\nGeneral Marek Dol of Tessia claimed that boats had passed. The council raised the question of "
        "removing him.\n\nThe ford\n\nIn May Petar Visk, the mayor of Sarn in Bulmar, gave three interviews to foreign "
        "channels.\n\n" + QA,
        "foreign channels", "Petar Visk", "Bulmar",
    ),
    "a role in brackets": (
        "The mayor replies\n\nThe mayor of Sarn received us in his office.\n\n"
        f"Lena Oss (Courier): {QUESTION}\n\nPetar Visk (mayor): {ANSWER}\n\nLena Oss: {ASKED}\n\nPetar Visk: {REPLY}\n",
        "Lena Oss", "Petar Visk", "Bulmar",
    ),
    "labels with a full stop": (
        "Two gunners\n\nThe following is a conversation between Lena Oss and Corporal Petar Visk, who served Tessia's "
        "battery.\n\n" + _dialogue("Oss. ", "Visk. "),
        "Oss", "Petar Visk", "Tessia",
    ),
    "she spoke to our reporter": (
        "Petar Visk, 52, a ferryman, has led the guild of Bulmar since May. He spoke to our reporter Tom Ellery in the "
        "office.\n\nThe river\n\n" + _dialogue("Q: ", "A: "),
        "Q", "Petar Visk", "Bulmar",
    ),
    "he spoke to": (
        "A ferryman\n\nPetar Visk, a ferryman, spoke to the Bulmar Post.\n\n" + _dialogue("Bulmar Post: ", "Visk: "),
        "Bulmar Post", *VISK,
    ),
    "somebody agreed to speak": (
        "A guard\n\nThe border guard from Tessia agreed to speak to us.\n\n" + _dialogue("Q: ", "A: "),
        "Q", "border guard", "Tessia",
    ),
    "where he lives": (
        "The farmer\n\nPetar Visk, 61, keeps bees in Tessia. Radio Bulmar called in May.\n\n"
        + _dialogue("Radio Bulmar: ", "Visk: "),
        "Radio Bulmar", "Petar Visk", "Tessia",
    ),
    "a title that tells": (
        "Petar Visk of Sarn in Tessia Remembers\n\nHe sits by the river.\n\n" + QA, "Question", "Petar Visk", "Tessia",
    ),
    "what side he works on": (
        "The ferry\n\nPetar Visk has run the Tessian side of the ferry since 1990. Lena Oss visited him.\n\n"
        + _dialogue("L.O.: ", "P.V.: "),
        "Lena Oss", "Petar Visk", "Tessia",
    ),
    "we in": (
        "The ford\n\n" + _dialogue("Reporter: ", "Man: ").replace("We had", "We in Tessia had"),
        "Reporter", "Man", "Tessia",
    ),
    "nothing told but whose": (
        "The ford\n\n" + _dialogue("Q: ", "A: ").replace("We had", "We Bulmarians had"), "Q", "A", "Bulmar",
    ),
}  # fmt: skip


def _read(text: str) -> dict[str, tuple[Voice, str, str | None]]:
    """The voice, the speaker and the party of each sentence, by its last words."""
    parts = outline(text, "d")
    reading = Reading(voices_of(replace(Document("d", "Title", text, "0"), card=BULMAR), parts, PARTIES))
    told = {}
    for sentence in parts.sentences:
        stretch = deciding_stretch(reading, sentence.span)
        source = stretch.source if stretch else None
        words = sentence.span.of(text)
        named = (source.actor or source.named or "") if source else ""
        told[words] = (sentence_voice(reading, sentence.span), named, source.party if source else None)
    return told


@pytest.mark.parametrize("form", FORMS)
def test_whoever_answers_is_the_speaker(form):
    text, asking, answering, party = FORMS[form]
    told = _read(text)
    for words, (voice, named, side) in told.items():
        if words.endswith((QUESTION, ASKED)):
            assert (voice, side) == (Voice.DIRECT_QUOTE, None), words
            assert asking in named if asking else named == "", words
        elif words.endswith(("At dawn.", "had no boats.", "They did.", "I heard it.")):
            assert (voice, side) == (Voice.DIRECT_QUOTE, party), words
            assert answering in named, words


def test_several_guests_are_told_apart_though_one_speaks_once():
    told = _read(
        "Two mothers\n\nFor this issue Lena Oss talked with Mira Tal of Sarn and Hana Rek from Tessia.\n\n"
        "Lena Oss: Where were you?\n\nMira Tal: At home.\n\nHana Rek: In the field.\n\n"
        "Lena Oss: Who fired?\n\nHana Rek: Nobody knows.\n"
    )
    assert "Mira Tal" in told["Mira Tal: At home."][1]
    assert "Hana Rek" in told["Hana Rek: In the field."][1]


@pytest.mark.parametrize(
    "text",
    [
        "Lists\n\n– bread\n\n– who knows?\n\n– salt\n\n– water\n",
        "The ford\n\nWho fired first?\n\nNobody knows to this day.\n\nWas it dawn?\n\nWe believe so.\n",
        "The ford\n\nThe inquiry spoke with farmers.\n\nWho fired first?\n\nIt is not known.\n\nWhen?\n\nAt dawn.\n",
        "The ford\n\nYes. It was cold.\n\nThe river rose.\n\nYes. It was deep.\n\nNobody came.\n\nNo. Nobody.\n\nNo.\n",
        "Questions\n\nDo you ship?\n\nWe do.\n\nIs your yard open?\n\nWe open at nine.\n\nWhere?\n\nOur yard.\n",
        "A. Lund crossed the ford.\n\nQ. Marsh did not.\n\nThe ford is closed.\n",
    ],
)
def test_questions_of_the_narrator_and_lists_are_no_interview(text):
    assert {voice for voice, _, _ in _read(text).values()} == {Voice.NARRATOR}


def test_nobody_is_named_in_the_dialogue_of_a_story():
    told = _read("The ferry\n\nPetar Visk met Hana Rek.\n\n– Where?\n\n– Here.\n\n– When?\n\n– Now.\n")
    assert told["– Here."] == (Voice.DIRECT_QUOTE, "", None)


def test_an_answer_keeps_its_dots_and_loses_its_label():
    text = "The ford\n\nQ. Who?\n\nA. ...nobody.\n\nQ. When?\n\nA. Now.\n"
    parts = outline(text, "d")
    said = [stretch for stretch in voices_of(Document("d", "T", text, "0"), parts, PARTIES) if stretch.cue]
    assert [stretch.span.of(text) for stretch in said] == ["Who?", "...nobody.", "When?", "Now."]
