"""Notes: short whatever comes together, both layers named, and in no words that take a side."""

import re
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.perspective import attribution_line, by_party, loaded_in, perspective_note
from qa_bot.perspective.loaded.vocabulary import lexicon
from qa_bot.perspective.notes import UNDECLARED, account_of, note_of, note_of_several
from qa_bot.types import ClaimCue, Excerpt, Perspective, Resolution, Source, Span, Voice, VoicedSpan

HOLDER = "an account written from Ostmark's official point of view"
PLACE, HERE, NEXT = Span(0, 40), Span(30, 40), Span(60, 70)
CLAIM = ClaimCue(Span(0, 4), "lost", "loss_figure", sourced=False)
SECOND_HAND = (Voice.DIRECT_QUOTE, Voice.ATTRIBUTED)


def _view(voice: Voice, holder: str = HOLDER, party: str | None = "Ostmark", **fields) -> Perspective:
    return Perspective(holder=holder, party=party, voice=voice, note="", **fields)


def _sentences(note: str) -> int:
    assert note.endswith(".")
    return len(re.findall(r"[.!?](?=\s|$)", note))


@pytest.mark.parametrize("voice", Voice)
@pytest.mark.parametrize("holder", [HOLDER, "the agency Northwire", UNDECLARED])
@pytest.mark.parametrize("party", [None, "Ostmark"])
def test_whatever_comes_together_a_note_is_two_sentences_and_leaves_nothing_out(voice, holder, party):
    conditions = product(
        (None, "Anna Loring", "its envoy"),
        (None, "mayor of Ostburg"),
        (Resolution.NAMED, Resolution.PRONOUN, Resolution.VAGUE, Resolution.UNRESOLVED),
        (None, "She"),
        (None, HERE, NEXT),
        (None, "nested report", "quotation inside"),
        ((), (replace(CLAIM, sourced=True),), (CLAIM, replace(CLAIM, kind="atrocity"))),
        (None, Source(Resolution.NAMED, "Ada Quill", role="mayor"), Source(Resolution.VAGUE, "sources")),
        (False, True),
    )
    for speaker, role, resolution, named, rebuttal, inside, claims, another, alone in conditions:
        second_hand = voice in SECOND_HAND
        view = _view(
            voice,
            holder,
            party,
            speaker=speaker if second_hand else None,
            speaker_role=role,
            speaker_party="Westland",
            resolution=resolution,
            rebuttal=Excerpt(rebuttal, "in reality") if rebuttal and second_hand else None,
            claims=claims,
        )
        source = Source(resolution, named) if named else None
        deciding = VoicedSpan(
            PLACE, voice, inside or "that", source, nested=inside is not None, rebuttal=view.rebuttal and rebuttal
        )
        others = [VoicedSpan(PLACE, Voice.ATTRIBUTED, "that", another)] if another else []
        note = note_of(view, deciding, others=others, alone=alone)
        said = note.lower()
        assert _sentences(note) <= 2, note
        assert _sentences(note_of_several(view)) == 1
        if second_hand:
            assert account_of(view) in note
            if speaker:
                assert speaker.lower() in said
            else:
                assert "not resolved" in note or "does not name" in note
        else:
            assert note.startswith("Narrator's own words")
            assert "no source is given" in note
            assert ("Perspective not declared" if holder == UNDECLARED else account_of(view)) in note
        claimed = not second_hand and CLAIM in claims
        assert ("one side's claim (loss figure, " in said) == (claimed and party is not None)
        assert ("a kind of claim that needs a source (loss figure, " in said) == (claimed and party is None)
        disputed = view.rebuttal is not None
        assert ("the narrator disputes it in the same sentence" in said) == (disputed and rebuttal == HERE)
        assert ("the narrator disputes it in the next sentence" in said) == (disputed and rebuttal == NEXT)
        quoted_inside = inside is not None and not disputed and not claimed
        assert (re.search("it is (?:quoted inside|a quotation inside)", said) is not None) == quoted_inside
        other = another is not None and not (disputed or claimed or quoted_inside)
        known = another is not None and another.resolution is Resolution.NAMED
        assert ("part of this passage is in another voice" in said) == (other and not known)
        assert ("part of this passage is reported from ada quill, mayor" in said) == (other and known)


def test_a_claim_in_a_document_without_a_card_is_told_in_two_sentences():
    note = note_of(_view(Voice.NARRATOR, UNDECLARED, None, claims=(CLAIM,)), None)
    assert note == (
        "Narrator's own words; no source is given. "
        "Perspective not declared; a kind of claim that needs a source (loss figure): no source given here."
    )


# ---------------------------------------------------------------- wording

WORDS = [
    *sorted({" ".join(form) for lemma in lexicon() for form in lemma.forms}),
    *"the an its account report by of leader bridge Ostmark President Ministry and “ ” ' \" \n".split(" "),
]
said = st.one_of(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join),
    st.sampled_from(
        ["the heroic liberators fighting terrorist occupiers", "National Hero of Ostmark", "The barbaric occupiers"]
    ),
    st.sampled_from(['The "heroic" report', 'a 5" gun', "Wise", "its glorious envoy", "Ministry of the Glorious Dead"]),
    st.sampled_from(["Anna Loring", "mayor of Ostburg", HOLDER, "Ostmark"]),
).filter(str.strip)
views = st.builds(
    _view,
    st.sampled_from(Voice),
    said,
    st.none() | said,
    speaker=st.none() | said,
    speaker_role=st.none() | said,
    speaker_party=st.none() | said,
    resolution=st.sampled_from(Resolution),
)


def _outside_marks(text: str) -> str:
    return re.sub(r'"[^"\n]*"|“[^”\n]*”', "", text)


@given(st.lists(st.tuples(views, said), min_size=1, max_size=3), said, st.booleans())
def test_no_word_that_takes_a_side_stands_outside_quotation_marks(cited, named, quoted):
    made = [perspective_note([view for view, _ in cited], [title for _, title in cited])]
    for view, title in cited:
        deciding = VoicedSpan(PLACE, view.voice, "that", Source(Resolution.NAMED, named))
        another = VoicedSpan(PLACE, Voice.DIRECT_QUOTE if quoted else Voice.ATTRIBUTED, "that", deciding.source)
        made += [note_of(view, deciding, others=[another]), note_of_several(view), attribution_line(view, title)]
        made += [column.note for column in by_party([], [view.party or "Ostmark"])]
    for text in made:
        assert loaded_in(_outside_marks(text)) == (), text


@pytest.mark.parametrize(
    ("holder", "speaker", "role", "note"),
    [
        (
            "the heroic liberators",
            "Anna Loring",
            "mayor",
            'Anna Loring, mayor, as reported in an account written from the point of view of "the heroic liberators".',
        ),
        (HOLDER, "Civilised", None, f'"Civilised", as reported in {HOLDER}.'),
        (HOLDER, "Anna Loring", "National Hero", f'Anna Loring, "National Hero", as reported in {HOLDER}.'),
        (HOLDER, 'the heroic "Brigade"', None, f"\"the heroic 'Brigade'\", as reported in {HOLDER}."),
        (HOLDER, "the “Heroes” of old", None, f"The “Heroes” of old, as reported in {HOLDER}."),
    ],
)
def test_only_what_takes_a_side_is_set_in_quotation_marks(holder, speaker, role, note):
    view = _view(Voice.ATTRIBUTED, holder, speaker=speaker, speaker_role=role, resolution=Resolution.NAMED)
    assert note_of(view, None) == note


def test_accounts_of_one_title_are_told_apart_by_their_holders():
    ours, theirs = (_view(Voice.NARRATOR, f"an account of {town}") for town in ("Ostburg", "Westburg"))
    assert perspective_note([ours, theirs, ours], ["War", "War", "War"]) == (
        'From 2 accounts: "War", an account of Ostburg (2 in its narrator\'s own words); '
        '"War", an account of Westburg (1 in its narrator\'s own words).'
    )


@pytest.mark.parametrize(
    ("speaker", "told"),
    [
        ("Ministry of Trade", "The Ministry of Trade"),
        ("Electronic Security Service", "The Electronic Security Service"),
        ("Senate of the Republic", "The Senate of the Republic"),
        ("Law and Order Party", "The Law and Order Party"),
        ("UN", "The UN"),
        ("the Mill Foundation", "The Mill Foundation"),
        ("its forces", "Its forces (of Westland)"),
        ("Anna Loring", "Anna Loring"),
        ("Northwire", "Northwire"),
        ("Channel One", "Channel One"),
        ("harbour officials", "Harbour officials"),
        ("Many countries and the United Nations", "Many countries and the United Nations"),
        ("Ada Quill, member of the Presidency", "Ada Quill, member of the Presidency"),
    ],
)
def test_bodies_are_named_with_their_article_and_others_without(speaker, told):
    view = _view(Voice.DIRECT_QUOTE, speaker=speaker, speaker_party="Westland", resolution=Resolution.NAMED)
    assert attribution_line(view, "A report").startswith(f"{told}, quoted directly in ")


def test_an_article_at_the_beginning_of_a_sentence_is_small_inside_another():
    view = _view(Voice.ATTRIBUTED, speaker="The Senate", resolution=Resolution.NAMED)
    assert perspective_note([view], ["A report"]).endswith("1 as reported from the Senate.")
