"""Verbs that report, in their complements, and what only looks like a report, in invented prose."""

import pytest

from qa_bot.types import Voice

from .decided import assert_attributed, decided

TOLD = {
    # ------------------------------------------------ verbs and what follows them
    "The steward conjectured that the cellar had flooded.": "The steward",
    "The boatmen grumbled that nobody had paid them.": "The boatmen",
    "The abbot reasserted that the field was church land.": "The abbot",
    "The envoy hinted at a second offer.": "The envoy",
    "The driver admitted to two earlier accidents.": "The driver",
    "The curate confessed to having read the letter.": "The curate",
    "The guild objected to the new toll.": "The guild",
    "The heirs protested against the sale of the mill.": "The heirs",
    "The bishop railed against the theatre.": "The bishop",
    "The clerk made out that the ledger was lost.": "The clerk",
    "The owner let it be known that the yard would close.": "The owner",
    "A juror wanted to know whether the knife was clean.": "A juror",
    "The coroner proposed to hear the driver first.": "The coroner",
    "The pilot asked to be heard.": "The pilot",
    "The company promised a new bridge.": "The company",
    "The newspapers wrote of looting in the lower town.": "The newspapers",
    "The critics reproached the director with cowardice.": "The critics",
    "The court held the will to be void.": "The court",
    "The widow believed to the end.\n\nDoctor Hale considered the patient to be sane.": "Doctor Hale",
    "The inspector held the ferryman responsible for the deaths.": "The inspector",
    "The delegates found otherwise.\n\nThe tribunal found otherwise.": "The tribunal",
    "The mayor says the same of the church tower.": "The mayor",
    "The baker said so, too.\n\nThe baker says so.": "The baker",
    "The old maps show the well as a chapel.": "The old maps",
    "The registry office registered 212 births.": "The registry office",
    "The agent put the dead at a hundred and forty.": "The agent",
    "The neighbours called it the worst winter of the century.": "The neighbours",
    "Pilgrims with long memories call the new road a disgrace.": "Pilgrims with long memories",
    "The inquiry found the order unlawful.": "The inquiry",
    "The experts traced the failure to a valve.": "The experts",
    "The Union dates the outbreak to 9 May.": "The Union",
    "The report puts the blame on the driver.": "The report",
    "The report leaves no doubt that the valve was open.": "The report",
    "The mayor justified the closure with the weather.": "The mayor",
    "The mayor gave the weather as the reason.": "The mayor",
    "The defence points out that nobody was seen.": "The defence",
    "Counsel put it to the witness that the dam was hollow.": "Counsel",
    # ------------------------------------------------ questions
    "The nurse asked me where the boy had slept.": "The nurse",
    "The nurse told us who had opened the gate.": "The nurse",
    "The chaplain asked her what the captain had promised.": "The chaplain",
    # ------------------------------------------------ one in four, the first
    "Three in ten reported that the well was dry.": "Three in ten",
    "The second argued that the dam had been sound.": "The second",
    # ------------------------------------------------ set within the sentence, or after it
    "The orchard, the evening paper explained, had never been watered.": "the evening paper",
    "They had hoped, it supposed, to keep the mill.": "it",
    "Nine boats, said the radio.": "the radio",
    "Whoever was first would pay, the ferryman reminded both families.": "the ferryman",
    "Of the forty keepers, I was told, only two came back.": None,
    "The cellar had never been locked, she was told.": None,
    "Mines, he replied.": "he",
    "Mines, according to the colonel.": "the colonel",
    "The fires were accidents, insists the commander of the guard.": "the commander of the guard",
    "The money, the driver told the court in a whisper, was gone.": "the driver",
    "A boy of ten told the monitors that he had hidden in the oven.": "A boy of ten",
    "No one, the monitors were assured, had been harmed.": None,
    "The mission documented 40 cases of arson.": "The mission",
    # ------------------------------------------------ the passive
    "They had been told to expect a short winter.": None,
    "The men were told where the bread was kept.": None,
    "The surgeon has been reproached with writing too much.": None,
    "It will be objected that the wall was old.": None,
    "The flood has been called the worst in living memory.": None,
    "The siege is regarded as a model in several handbooks.": "several handbooks",
    "In the note the toll was called a breach of the accord.": "the note",
}

OWN = {
    "did not say": "The clerk did not say why the office was shut.",
    "never mentioned": "The chronicle does not mention the bridge.",
    "without saying": "She left the room without saying where she was going.",
    "couldn't tell": "The men couldn't tell whether the road was mined.",
    "terms": "The treaty promised them a harbour of their own.",
    "to somebody": "The letter was said to her mother in the kitchen.",
    "promised to a person": "It was the horse that the miller had promised to the abbot.",
    "concessive": "The dam was never sound, whatever the owner told the council.",
    "relative": "The key is in the desk, which the abbot holds and which I never saw.",
    "as one expects": "The friends of the mayor saw it otherwise, as one would expect.",
    "a thing suggests": "The height of the window suggests that the room was a chapel.",
    "voice": "The boy, with his face and voice disguised, left by the gate.",
    "ordered": "The men had been told to bring their own spades.",
    "generally acknowledged": "It is generally acknowledged that the bridge was badly built.",
    "widely held": "It is commonly accepted that the fever came by sea.",
    "act of declaring": "The parliament declared the harbour to be a free port.",
    "the longest in the history": "It is regarded as the longest in the history of the county.",
    "neither": "There are two chronicles, and neither cites the other.",
    "can no longer say so": "I write it down because the abbot can no longer say so.",
    "does not argue otherwise": "The road is public, and the owner does not argue otherwise.",
    "wrote of it": "Others have written of it.",
    "put down names": "Six members had put down their names to speak.",
    "called it a day": "At nine the masons called it a day.",
    "what they found": "What the men found was that the cellar was dry.",
    "census counted": "In the census of 1920 it counted 400 souls.",
    "held the rope": "The boy held the rope to the wall.",
    "grants": "The council grants were paid in May.",
    "echo": "The echo came back from the cliff.",
    "guess": "The guess was wrong.",
    "end and means": "The end justified the means with ease.",
    "dated a letter": "He dated the letter from Marl.",
    "traced a path": "They traced the path to the river.",
    "excused himself": "He excused himself as soon as he could.",
    "tracks": "The tracks leave no doubt that a cart passed here.",
    "open graves": "The men left open graves along the road.",
    "smoke": "The smoke announced the fire.",
    "silence": "The silence suggested that they had gone.",
    "a plan": "The plan called for two brigades.",
    "this chapter": "This chapter argues that the ford was the key.",
    "noted earlier": "It was noted earlier that the ford was deep.",
    "after a date": "In May, he replied.",
    "three accused": "Three accused men were freed.",
    "gift": "The boats were presented as a gift to the town.",
    "gate of the south": "The town has been called the gate of the south.",
    "bargain": "They agreed with the miller on a price.",
    "colours agree": "The colours agree with the old flag.",
    "asked the way": "He asked the way to the mill.",
    "liable": "The law holds the owner liable for the damage.",
    "believed dead": "She believed him to be dead.",
    "nothing else": "He wrote of nothing else.",
    "lights indicated": "The lights indicated that the bridge was open.",
    "so they did": "They said nothing and did so for years.",
}


@pytest.mark.parametrize(("text", "named"), TOLD.items())
def test_what_somebody_reports_is_attributed_to_him(text, named):
    assert_attributed(text, named)


@pytest.mark.parametrize("text", OWN.values(), ids=OWN)
def test_what_only_looks_like_a_report_is_the_narrators(text):
    assert decided(text)[0] is Voice.NARRATOR
