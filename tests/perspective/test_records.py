"""Whose words stand in a parliament's record, a whole interview and a title with a colon; on invented prose."""

from qa_bot.perspective import perspective_of
from qa_bot.perspective.reading import Reading
from qa_bot.perspective.speech.voices import voices_of
from qa_bot.segmentation import outline
from qa_bot.types import Actor, ActorKind, CardField, Document, Parties, Party, Perspective, PerspectiveCard, Voice

PARTIES = Parties(
    parties=(Party("Corvia", ("Corvian",)), Party("Arda", ("Ardan",))),
    actors=(Actor("Ada Finn", ActorKind.PERSON, ("Finn", "Mrs Ada Finn"), "minister of defence of Corvia", "Corvia"),),
)
CARD = PerspectiveCard("x", "en", {"perspective.party": CardField("Corvia")})
RECORD = """Chamber of Deputies of Corvia

Sitting of 4 May: question on the mines

Mr Pell (North Quays): I ask the minister for the figure. The Ardan envoy told me that it is higher.

The Minister of Defence (Mrs Ada Finn): It is nineteen.

(Interruption.)

A deputy: Shame!

Mr Pell: That is no answer.

The motion was carried."""
INTERVIEW = """The lamp room: a conversation with Ada Finn

Question: How did it begin?

Answer: With the lamps.

A constable, Peter Lusk, was struck by a bolt. The report of the council tells it otherwise.

Question: Who began it?

Answer: They did."""


def _told(text: str) -> dict[str, Perspective]:
    document, parts = Document("d", "x", text, "0", CARD), outline(text, "d")
    reading = Reading(voices_of(document, parts, PARTIES))
    return {s.span.of(text): perspective_of(document, reading, s.span) for s in parts.sentences if not s.heading}


def test_a_title_with_a_colon_is_a_heading_and_a_turn_is_none():
    assert [s.heading for s in outline(INTERVIEW, "d").sections] == ["The lamp room: a conversation with Ada Finn"]
    assert [s.heading for s in outline("Question: Who?\n\nAnswer: I.\n\nShe left.", "d").sections] == [None]


def test_speeches_of_a_record_are_their_speakers_whatever_they_quote():
    told = _told(RECORD)
    spoken = {text: view.speaker for text, view in told.items() if view.voice is Voice.DIRECT_QUOTE}
    assert spoken["The Ardan envoy told me that it is higher."].startswith("Mr Pell")
    assert spoken["The Minister of Defence (Mrs Ada Finn): It is nineteen."] == "Ada Finn"
    assert "A deputy: Shame!" in spoken
    assert {view.speaker_party for text, view in told.items() if text in spoken} == {"Corvia"}


def test_procedure_between_speeches_is_the_records_own():
    told = _told(RECORD)
    assert {told[text].voice for text in ("(Interruption.)", "The motion was carried.")} == {Voice.NARRATOR}


def test_an_interview_keeps_its_guest_over_what_is_told_between():
    told = _told(INTERVIEW)
    assert {told[text].speaker for text in ("Answer: With the lamps.", "Answer: They did.")} == {"Ada Finn"}


ANSWERED = """Question: Who began it?

Answer: They did. The answer was heard in every house. "I wept," said Ada Finn, "and we were not alone."
"""


def test_what_is_told_of_an_answer_is_the_narrators_though_others_say_i_behind_it():
    assert _told(ANSWERED)["The answer was heard in every house."].voice is Voice.NARRATOR
    assert _told(ANSWERED)["Answer: They did."].voice is Voice.DIRECT_QUOTE


def test_a_letter_speaks_for_whoever_has_just_been_heard():
    told = _told("Arda's ministry denied the raid. The letter states that nobody crossed the line.")
    assert {view.speaker_party for view in told.values()} == {"Arda"}


def test_a_bare_office_of_a_one_sided_account_is_its_own_sides():
    (view,) = _told("The General Staff reported that the pass was closed.").values()
    assert (view.voice, view.speaker_party) == (Voice.ATTRIBUTED, "Corvia")


def test_nobody_is_heard_where_nothing_could_be_confirmed():
    told = _told("The agency could not confirm the location. No conductor asks for fares.")
    assert {view.voice for view in told.values()} == {Voice.NARRATOR}
