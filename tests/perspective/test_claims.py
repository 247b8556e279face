import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.perspective.claims import KINDS, claim_cues
from qa_bot.segmentation import outline
from qa_bot.types import Resolution, Source, Span, Voice, VoicedSpan

CLAIMS = {
    "Eleven miners were killed in the clashes.": "casualty_figure",
    "The army lost 43 soldiers and an officer.": "casualty_figure",
    "They suffered hardly any casualties.": "casualty_figure",
    "Losses were heavy on the northern bank.": "casualty_figure",
    "The true figure is much higher.": "casualty_figure",
    "Hundreds of villagers fell victim to the raids.": "casualty_figure",
    "The garrison admitted to three dead.": "casualty_figure",
    "The rebels destroyed nine tanks.": "loss_figure",
    "Damage to property was slight.": "loss_figure",
    "Equipment worth $2 million was captured.": "loss_figure",
    "At dawn the militia opened fire on a patrol.": "attacked_first",
    "The neighbouring state launched a large-scale offensive.": "attacked_first",
    "The truce was violated on the same evening.": "attacked_first",
    "It was an armed provocation on the border.": "attacked_first",
    "The island is the sovereign territory of the republic.": "legal_status",
    "The province has always been Ruritanian land.": "legal_status",
    "The settlement is illegal under the treaty.": "legal_status",
    "They must leave the occupied districts.": "legal_status",
    "The guards tortured the strikers.": "atrocity",
    "Houses and barns were burned in nine villages.": "atrocity",
    "The shelling of hospitals continued.": "atrocity",
    "It was ethnic cleansing.": "atrocity",
    "The bridge was closed in order to starve the town.": "motive",
    "They tried to provoke a war.": "motive",
    "The visit was a deliberate insult.": "motive",
    "No victory in the history of the valley is like it.": "superlative",
    "It was the greatest triumph of the century.": "superlative",
    "The operation was unprecedented.": "superlative",
    "It is known that arms were shipped upriver.": "agentless",
    "The losses of the enemy are estimated at 400.": "agentless",
    "There were reports of a second convoy.": "agentless",
    "Observers believe that the talks failed.": "agentless",
    "Anna Weil, a teacher from the upper town, was killed on the bridge.": "casualty_figure",
    "The number of families treated for cholera is two hundred.": "casualty_figure",
    "Our dead are counted by the parish.": "casualty_figure",
    "The flood cost the town 400 sheep and forty houses.": "loss_figure",
    "They set fire to six barns.": "loss_figure",
    "The miners threw the first stone.": "attacked_first",
    "The council broke off the talks.": "attacked_first",
    "They acted in retaliation for the raid.": "attacked_first",
    "The deed of 1900 gives the island to the parish.": "legal_status",
    "The closing of the road was a crime.": "legal_status",
    "The town is entitled to the water.": "legal_status",
    "Two guards were shot in their beds.": "atrocity",
    "The fire was set for the insurance.": "motive",
    "The gate was closed because they wanted our water.": "motive",
    "The wall was built with a view to ruining the mill.": "motive",
    "Not one strike has been more peaceful than ours.": "superlative",
    "Nothing like it had been seen in living memory.": "superlative",
    "By all accounts the mayor had left.": "agentless",
    "The damage was put at 900 crowns.": "agentless",
}

PLAIN = [
    "The delegation arrived on 4 October 2020.",
    "The bridge was built in 1811 with stone from both towns.",
    "Talks opened at the abbey on 8 June.",
    "The council appointed a new director.",
    "The road leads from the harbour to the market.",
    "She asked for one gate to be opened at night.",
    "Both mayors signed the accord.",
    "A rally was held in Milan.",
    "The minister met the ambassador in the capital.",
    "The weather was cold and the river was high.",
    "In response to a question she gave the date.",
    "I want to thank the delegates.",
    "The exchange of the prisoners took place on the bridge.",
    "The reconstruction of the destroyed villages goes on.",
    "They called for a cessation of hostilities.",
    "Our fields lie by the river.",
    "The reservoir is known as the Upper Lake.",
    "The clerk denied the beatings.",
]


def cues(text, voices=()):
    return claim_cues(text, outline(text, "d"), voices)


@pytest.mark.parametrize("text", CLAIMS)
def test_the_kind_of_claim_is_found(text):
    assert CLAIMS[text] in {cue.kind for cue in cues(text)}


@pytest.mark.parametrize("text", PLAIN)
def test_plain_statements_have_no_cue(text):
    assert cues(text) == ()


def test_every_kind_has_an_example():
    assert set(CLAIMS.values()) == set(KINDS)


def test_a_date_is_no_figure():
    assert not [cue for cue in cues("Two men left. He died on 4 May.") if "4" in cue.text]
    assert cues("The fort was captured in 1993.") == ()


def test_a_figure_and_its_loss_are_one_cue_from_the_first_to_the_last_word():
    (cue,) = [cue for cue in cues("In all, eleven miners were killed there.") if cue.kind == "casualty_figure"]
    assert cue.text == "eleven miners were killed"


def test_letters_that_grow_in_lower_case_keep_the_offsets():
    (cue,) = [cue for cue in cues("İİİ: in all, ELEVEN miners were killed.") if cue.kind == "casualty_figure"]
    assert cue.text == "ELEVEN miners were killed"


def test_a_heading_makes_no_claim():
    text = "The greatest victory in history\n\nThe town has a bridge and a mill."
    assert cues(text) == ()


def test_a_claim_is_sourced_where_its_words_are_second_hand_and_the_source_is_known():
    text = "Eleven miners were killed."
    for resolution, known in {Resolution.NAMED: True, Resolution.CARRIED: True, Resolution.VAGUE: False}.items():
        voices = (VoicedSpan(Span(0, len(text)), Voice.ATTRIBUTED, "rule", Source(resolution, "Roe")),)
        assert {cue.sourced for cue in cues(text, voices)} == {known}


def test_a_claim_is_sourced_where_its_sentence_names_the_source():
    assert {cue.sourced for cue in cues("According to the hospital, eleven miners were killed.")} == {True}
    assert {cue.sourced for cue in cues("According to some reports, eleven miners were killed.")} == {False}


PIECES = st.sampled_from(
    [
        "killed",
        "three",
        "civilians",
        "lost 4",
        "launched an attack",
        ".",
        "\n\n",
        "“",
        "İ",
        "日本。",
        "it is known that",
        "best",
    ]
)


@given(st.lists(st.one_of(st.text(max_size=5), PIECES)).map(" ".join))
def test_cues_are_ordered_exact_and_disjoint_within_a_kind_on_any_text(text):
    found = cues(text)
    assert all(cue.span.of(text) == cue.text and cue.kind in KINDS for cue in found)
    assert all(one.span <= other.span for one, other in pairwise(found))
    for kind in KINDS:
        same = [cue.span for cue in found if cue.kind == kind]
        assert all(one.end <= other.start for one, other in pairwise(same))


HOSTILE = ["killed 3 ", "launch a b c ", "it is ", "5 ", "the ", "'", "a", "subjected to ", "destroyed the "]


@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_text_takes_linear_time(unit):
    text = unit * (200_000 // len(unit))
    divided = outline(text, "d")
    started = time.process_time()
    claim_cues(text, divided, ())
    assert time.process_time() - started < 20
