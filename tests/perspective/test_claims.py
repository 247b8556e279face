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
    "It is not disputed that the guns were ours.": "agentless",
    "The village is said to be empty.": "agentless",
    "The operation is widely considered a failure.": "agentless",
    "It was reported on Tuesday that the pass had fallen.": "agentless",
    "The commander is alleged to have ordered the shelling.": "agentless",
    "It has been estimated that 40,000 people left.": "agentless",
    "Well-informed circles expect a change of government.": "agentless",
    "There have been persistent rumours of a second camp.": "agentless",
    "They cut the ears off the dead.": "atrocity",
    "At least four women told us that they had been raped.": "atrocity",
    "The camp guards used electric shocks.": "atrocity",
    "Soldiers fired on people who were fetching water.": "atrocity",
    "Anti-personnel mines were scattered along the paths to the pastures.": "atrocity",
    "The troops burned every house on the ridge.": "atrocity",
    "They put the whole street against the wall.": "atrocity",
    "Shells were fired at the refugee column.": "atrocity",
    "The opposition says that our soldiers provoked the clash.": "attacked_first",
    "The Arrundi navy rammed one of our trawlers.": "attacked_first",
    "Government troops advanced on the upper valley in February.": "attacked_first",
    "Front fighters had shelled the garrison on the previous evening.": "attacked_first",
    "We did not invade anybody.": "attacked_first",
    "The police baton-charged a column of women.": "attacked_first",
    "Who broke the truce?": "attacked_first",
    "They have violated our airspace nine times since May.": "attacked_first",
    "The last winter of the war took one child in five.": "casualty_figure",
    "In all, 312 detainees passed through the camp and 27 of them died there.": "casualty_figure",
    "Nobody knows how many thousands drowned in the crossing.": "casualty_figure",
    "Sergeant Piet Voss was shot dead at his post.": "casualty_figure",
    "The bodies of nine farmers were found in a drainage ditch.": "casualty_figure",
    "Fifty-three per cent of those interviewed had lost a close relative.": "casualty_figure",
    "Sixteen thousand people now live outside the country.": "casualty_figure",
    "Our losses were light.": "casualty_figure",
    "These are our waters under the award of 1902.": "legal_status",
    "The expulsion of a whole community is a crime under any law.": "legal_status",
    "The Front is recognised by nobody.": "legal_status",
    "The protocol obliges both sides to keep heavy guns away.": "legal_status",
    "A people has the right to choose its flag.": "legal_status",
    "The transfer of detainees breached the fourth convention.": "legal_status",
    "Corvane holds the islands by conquest, not by title.": "legal_status",
    "The government acted within the law.": "legal_status",
    "Two hundred and forty dwellings were burned.": "loss_figure",
    "Damage to the pipeline has been put at 9 million.": "loss_figure",
    "The navy sank four patrol boats.": "loss_figure",
    "The ministry has spent 400 million on this war.": "loss_figure",
    "One in three orchards was destroyed.": "loss_figure",
    "Fourteen schools have been damaged by shellfire.": "loss_figure",
    "Seven vessels were impounded.": "loss_figure",
    "A quarter of the vines were grubbed up.": "loss_figure",
    "They went to war to save a government.": "motive",
    "The minister wishes to bury the report.": "motive",
    "The purpose of the camp was to break the prisoners.": "motive",
    "Commanders told us that they had wanted to protect the bridge.": "motive",
    "The road was mined in order that nobody should return.": "motive",
    "Their aim is plain.": "motive",
    "The army claims it was acting to protect civilians.": "motive",
    "We fight for our children's land.": "motive",
    "The greatest crime ever committed on this coast.": "superlative",
    "No minister has ever been so badly informed.": "superlative",
    "The bravest of the brave held the ridge.": "superlative",
    "It is the deadliest month since the fighting began.": "superlative",
    "The evacuation was the largest ever undertaken by the fleet.": "superlative",
    "Never were so many lies told in so few words.": "superlative",
    "Everything was lost.": "superlative",
    "It was the most successful operation of the campaign.": "superlative",
    "The enemy's dead outnumbered ours four to one.": "casualty_figure",
    "The mountain took the lives of ninety deserters.": "casualty_figure",
    "A family of seven was buried under the ruins.": "casualty_figure",
    "Of the forty men who set out, six never came back.": "casualty_figure",
    "Barely two hundred of its twelve hundred men were fit to march.": "casualty_figure",
    "Lieutenant Orm Havel gave his life at the ford.": "casualty_figure",
    "The hill was paid for with the blood of sixty recruits.": "casualty_figure",
    "The toll is probably twice as high.": "casualty_figure",
    "The column abandoned some seventy guns in the mud.": "loss_figure",
    "Anti-aircraft crews accounted for fourteen drones.": "loss_figure",
    "The retreat cost the corps almost all its heavy guns.": "loss_figure",
    "The rebels made off with two hundred rifles.": "loss_figure",
    "Ninety per cent of the old quarter no longer exists.": "loss_figure",
    "The trophies included six radar stations.": "loss_figure",
    "The army lost 241 tanks, 50 infantry vehicles and a bridge.": "loss_figure",
    "Our gunners merely replied.": "attacked_first",
    "The war was imposed on us.": "attacked_first",
    "The artillery subjected Arn, Upper Arn and the mill to heavy shelling.": "attacked_first",
    "They were the ones who struck the match.": "attacked_first",
    "The shelling came in response to sniper fire.": "attacked_first",
    "Government troops came under attack from the hills.": "attacked_first",
    "A sabotage group tried to penetrate our lines.": "attacked_first",
    "Marines landed on the headland at dawn.": "attacked_first",
    "The peninsula was torn from us by an unjust treaty.": "legal_status",
    "The land was never theirs to sell.": "legal_status",
    "The islands were ceded in exchange for a port.": "legal_status",
    "Both states rest their claim on the same charter.": "legal_status",
    "The district was incorporated as a ninth county.": "legal_status",
    "It is our town and was our town before there was a federation.": "legal_status",
    "Six villages were freed from the invaders.": "legal_status",
    "The council acted beyond its powers.": "legal_status",
    "The wounded were finished off where they lay.": "atrocity",
    "They shot at people queuing for water.": "atrocity",
    "The guards drove the women into the church and barred the doors.": "atrocity",
    "The monastery was turned into a stable.": "atrocity",
    "The fleet took its revenge on the sleeping town.": "atrocity",
    "They shot men who had put up their hands.": "atrocity",
    "The garrison withheld food from the sick.": "atrocity",
    "The town's cemetery was ploughed over.": "atrocity",
    "The ferry was mined to discredit the navy.": "motive",
    "It was greed, not honour, that sent them over the pass.": "motive",
    "The premier wanted the port, that is why he marched.": "motive",
    "The pact had but one object.": "motive",
    "He had the statue removed for no other reason than spite.": "motive",
    "The recruits had been promised land.": "motive",
    "They burned the fields so that nothing should grow.": "motive",
    "The regime kills because it cannot win.": "motive",
    "Every truce that it ever signed was broken.": "superlative",
    "No other town on the river has suffered so.": "superlative",
    "The army has never fired on a village.": "superlative",
    "Nowhere on the front did they advance.": "superlative",
    "The navy ceased to exist.": "superlative",
    "Not one of the promises was kept.": "superlative",
    "It was the crime of the century.": "superlative",
    "The defenders held out to the last cartridge.": "superlative",
    "The damage was valued by foreign specialists.": "agentless",
    "Modern scholarship regards the raid as a feint.": "agentless",
    "There is a widespread belief that the vote was bought.": "agentless",
    "The general, we are assured, acted alone.": "agentless",
    "He is remembered in the valley as a saint.": "agentless",
    "Most historians consider the pact a mistake.": "agentless",
    "Information has been received about a second column.": "agentless",
    "It has been suggested that the mine was ours.": "agentless",
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
    "The committee met on Tuesday in the town hall.",
    "She was born in the upper valley and went to school in the capital.",
    "The report is based on 84 interviews.",
    "Mr Speaker, I thank the minister for her answer.",
    "Order, order.",
    "The house divided at ten o'clock.",
    "The bridge has three arches.",
    "I have lived on the island for forty years.",
    "Winter came early and the pass was closed.",
    "The delegation travelled by train.",
    "Researchers visited the valley twice, in May and in September.",
    "The names of the witnesses have been changed.",
    "The ferry leaves at six.",
    "The honourable member will resume his seat.",
    "It rained all week.",
    "My grandmother kept bees.",
    "The motion was carried by 41 votes to 38.",
    "The ministry did not reply to our letters.",
    "The talks resume on Monday.",
    "He spoke for half an hour and drank two glasses of water.",
    "I shall answer the question.",
    "A copy of this report was sent to both governments.",
    "The valley is 60 kilometres long.",
    "The harbour freezes in January.",
    "The security council met behind closed doors.",
    "Three battalions took part in the manoeuvres.",
    "The treaty has twelve articles and two annexes.",
    "The minister visited wounded soldiers in the military hospital.",
    "A minute's silence was observed at noon.",
    "The two armies exchanged the bodies of the fallen.",
    "The bill was read a second time.",
    "About 4,000 people attended the concert in the square.",
    "The troops received warm clothing and new boots.",
    "An attack of influenza kept him in bed for a week.",
    "He served as ambassador for a quarter of a century.",
    "The law faculty moved into the former barracks.",
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


HOSTILE = [
    "killed 3 ",
    "two of the ",
    "subjected to, ",
    "a-",
    "two ",
    "launch a b c ",
    "it is ",
    "5 ",
    "the ",
    "'",
    "a",
    "subjected to ",
    "destroyed the ",
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_text_takes_linear_time(unit):
    text = unit * (200_000 // len(unit))
    divided = outline(text, "d")
    started = time.process_time()
    claim_cues(text, divided, ())
    assert time.process_time() - started < 20
