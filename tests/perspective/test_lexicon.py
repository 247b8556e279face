import time
import tomllib
from importlib.resources import files
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.perspective.loaded.lexicon import loaded_in, loaded_terms
from qa_bot.perspective.loaded.vocabulary import lexicon
from qa_bot.segmentation import outline
from qa_bot.types import Outline, Span, Voice, VoicedSpan

NOWHERE = Outline((), (), (), ())
CATEGORIES = {
    "contentious_label",
    "demonising",
    "glorifying",
    "victory_naming",
    "doubt",
    "legal_status",
    "certainty",
}

LOADED = {
    "The terrorists crossed the river.": [("terrorists", "contentious_label")],
    "The regime sent its henchmen.": [("regime", "contentious_label"), ("henchmen", "contentious_label")],
    "They defended freedom fighters.": [("freedom fighters", "contentious_label")],
    "The aggressor and the occupiers fled.": [("aggressor", "contentious_label"), ("occupiers", "contentious_label")],
    "a puppet of the capital": [("puppet", "contentious_label")],
    "The enemy's barbaric vandalism": [
        ("enemy", "contentious_label"),
        ("barbaric", "demonising"),
        ("vandalism", "demonising"),
    ],
    "another provocation by the fascist army": [("provocation", "demonising"), ("fascist", "demonising")],
    "our heroic soldiers": [("heroic", "glorifying")],
    "No braver men ever sailed; the landing has no equal.": [("braver", "glorifying"), ("no equal", "glorifying")],
    "They violated the truce, and the decree is null.": [("violated", "legal_status"), ("null", "legal_status")],
    "The lease was held without title.": [("without title", "legal_status")],
    "It is rumoured that the footage was staged.": [("rumoured", "doubt"), ("staged", "doubt")],
    "There is little doubt about the armed bands.": [
        ("little doubt", "certainty"),
        ("armed bands", "contentious_label"),
    ],
    "It opened fire without any reason.": [("without any reason", "demonising")],
    "Two martyrs of a fraternal people": [("martyrs", "glorifying"), ("fraternal", "glorifying")],
    "Their sacred duty was a just cause.": [("sacred", "glorifying"), ("just cause", "glorifying")],
    "The town was liberated after the glorious victory.": [
        ("liberated", "victory_naming"),
        ("glorious victory", "victory_naming"),
    ],
    "The Patriotic War ended with their capitulation.": [
        ("Patriotic War", "victory_naming"),
        ("capitulation", "victory_naming"),
    ],
    "The so-called republic spread rumours.": [("so-called", "doubt"), ("rumours", "doubt")],
    "The so called Council admitted that it lost.": [("so called", "doubt"), ("admitted", "doubt")],
    "It was enemy propaganda and fake news.": [
        ("enemy", "contentious_label"),
        ("propaganda", "doubt"),
        ("fake news", "doubt"),
    ],
    "The occupied territories are our lands.": [("occupied", "legal_status")],
    "an illegal visit, a war crime, ethnic cleansing and genocide": [
        ("illegal", "legal_status"),
        ("war crime", "legal_status"),
        ("ethnic cleansing", "legal_status"),
        ("genocide", "legal_status"),
    ],
    "Clearly, it is safe to say that, undoubtedly, they knew.": [
        ("Clearly", "certainty"),
        ("it is safe to say", "certainty"),
        ("undoubtedly", "certainty"),
    ],
    "They neutralized the militants and demonised strikers.": [("neutralized", "victory_naming")],
    "The scabs broke the strike with the help of thugs.": [("scabs", "contentious_label"), ("thugs", "demonising")],
    "The president spoke about the victory.": [("victory", "victory_naming")],
    "The blockade was lifted in June.": [("blockade", "contentious_label")],
    "The treaty is null and void, and the stolen water proves nothing.": [
        ("null and void", "legal_status"),
        ("stolen", "legal_status"),
    ],
    "The true figure is higher; what is certain is the debt.": [("true", "certainty"), ("certain", "certainty")],
    "A callous council and its cronies met the peaceful villagers.": [
        ("callous", "demonising"),
        ("cronies", "contentious_label"),
        ("peaceful", "glorifying"),
    ],
    "They lied, and the story was an invention.": [("lied", "doubt"), ("invention", "doubt")],
    "Their surrender was a drubbing.": [("surrender", "victory_naming"), ("drubbing", "victory_naming")],
    "The raiders robbed the farmers.": [("raiders", "contentious_label"), ("robbed", "legal_status")],
    "atrocities, brutal raids and innocent civilians": [
        ("atrocities", "legal_status"),
        ("brutal", "demonising"),
        ("innocent", "demonising"),
    ],
    "The inflammatory speech was met with blood-curdling threats.": [
        ("inflammatory", "demonising"),
        ("blood-curdling", "demonising"),
    ],
    "A nest of bandits, said the hated governor.": [
        ("nest of bandits", "contentious_label"),
        ("hated", "demonising"),
    ],
    "With superhuman effort the lion-hearted gunners held on.": [
        ("superhuman", "glorifying"),
        ("lion-hearted", "glorifying"),
    ],
    "The village was freed from the invaders.": [("freed from", "victory_naming"), ("invaders", "contentious_label")],
    "They want to rewrite history with threadbare excuses and more lies.": [
        ("rewrite history", "doubt"),
        ("threadbare", "doubt"),
        ("excuses", "doubt"),
        ("lies", "doubt"),
    ],
    "Nobody had the slightest doubt; it was an undeniable fact.": [("undeniable fact", "certainty")],
    "The decree, of no legal force, was ignored.": [("no legal force", "legal_status")],
}

NEUTRAL = [
    "The Ministry of Defence said so.",
    "The defence minister visited the air defence system.",
    "The army opened fire and captured the town.",
    "The invasion of Normandy began on 6 June 1944.",
    "The ambush was staged at the ford.",
    "The bands of the army were armed.",
    "He was in the right office.",
    "The court heard an allegation of theft.",
    "The brass bands played, and a play was staged in the barn.",
    "The honourable member rose, and the paymaster sat down.",
    "It is supposed that a lamp was overturned.",
    "The plates were made up of tin, and he was proud of them.",
    "We do not starve, and the walls were whitewashed.",
    "By her own reckoning the gunboat Steadfast was late.",
    "A petty officer was wrongly informed.",
    "They attacked at dawn and lost two tanks.",
    "She was occupied with her work.",
    "The seat was occupied by a family.",
    "Workers occupied the factory for a week.",
    "His occupation was that of a miner.",
    "Her occupation: teacher.",
    "The People's Liberation Army crossed the river.",
    "The National Liberation Front signed the agreement.",
    "Liberation theology spread in the 1970s.",
    "Volgograd is a Hero City.",
    "He was made a Hero of the Soviet Union.",
    "They walked down the Avenue of Martyrs.",
    "The Patriot missile battery was moved.",
    "A Patriot system was delivered.",
    "The ceasefire regime was extended.",
    "The visa regime between the two states changed.",
    "A puppet theatre toured the villages.",
    "The non-aggression pact was signed in August.",
    "A counter-terrorism exercise took place.",
    "The anti-fascist committee met.",
    "Fascist Italy joined the war.",
    "Nazi Germany invaded Poland.",
    "The criminal code was amended.",
    "The criminal court heard the case.",
    "He was admitted to hospital.",
    "Students were admitted in September.",
    "The union claims higher wages.",
    "Territorial claims were made by both states.",
    "The claim was filed in 1990.",
    "This kind of claim that a source is named for is common.",
    "They are supposed to meet on Monday.",
    "The fraternal twins were born in May.",
    "The Holy See offered to mediate.",
    "Sacred music was played.",
    "The golden horde ruled the steppe.",
    "A killer whale was seen.",
    "The slaughter house was closed.",
    "The line is clearly visible on the map.",
    "It could not be seen clearly.",
    "He was almost certainly there.",
    "The annex to the building was burned.",
    "Our town lies on the river.",
    "The kingdom annexed the port in 1870.",
    "The clinic stopped admitting patients.",
    "He claimed his luggage at the counter.",
    "The victory column was restored.",
    "A colony of herons nests in the reeds.",
    "The regime of the river changes in spring.",
    "The bottles lie in racks in the cellar.",
    "The naval base was enlarged.",
    "He was charged with treason.",
    "The shining roofs and the crumbling wall stand for themselves.",
    "He pleaded innocent.",
    "The hero of the novel is a soldier.",
    "The treaty was ratified by the parliament.",
    "Both sides exchanged prisoners.",
    "The militia withdrew from the bridge.",
    "Rebels took the airport.",
    "The insurgents signed a truce.",
    "Police arrested eleven demonstrators.",
    "The strike lasted five weeks.",
    "The offensive began on 3 May.",
    "Peacekeepers were deployed along the border.",
    "The commander surrendered the garrison.",
    "The city changed hands twice.",
    "The government declared martial law.",
    "A ceasefire came into effect at noon.",
    "Casualties were reported on both sides.",
    "They retreated after the defeat.",
    "Territory was returned under the agreement.",
    "The League of the Islamic Resistance Movement met.",
    "The venomous snake lives in the valley.",
    "The monster of the lake is a legend.",
    "The brotherhood of monks elected an abbot.",
    "The circuit boasts a new pit lane.",
    "A steel fabrication plant was built.",
    "The Pap smear was taken.",
    "The Self-Defence Forces were founded in 1954.",
    "The victory of the home team was its third.",
    "It was her second victory in the league.",
    "They refused to surrender the key.",
    "The invention of the steam engine changed the mill.",
    "A certain amount of rain fell.",
    "The true population mean is unknown.",
    "Real estate prices rose.",
    "The study has shown that eels return.",
    "The wolves came down from the hills in winter.",
    "A predatory bird nests on the weir.",
    "An incendiary bomb fell on the barn.",
    "The town lies in the valley between two hills.",
    "The figurehead of the ship is kept in the museum.",
    "A myth of the Greek gods was told.",
    "The hotel is conveniently located.",
    "The void of the cave is deep.",
    "He stole second base.",
    "The bank was robbed at gunpoint.",
    "He conceded a goal in May.",
    "The receptor blockade lasted an hour.",
    "A vulture circled over the ridge.",
    "The hollow tree was cut down.",
    "The wolf is a protected animal.",
    "Our town lies on the river.",
    "The file was corrupt.",
]


def found(text):
    return [(term.text, term.category) for term in loaded_in(text)]


@pytest.mark.parametrize("text", LOADED)
def test_loaded_words_are_found_with_their_category(text):
    assert found(text) == LOADED[text]


@pytest.mark.parametrize("text", NEUTRAL)
def test_neutral_uses_do_not_fire(text):
    assert found(text) == []


def test_the_lexicon_has_at_least_250_lemmas_each_with_a_category_and_a_reason():
    assert len(lexicon()) >= 250
    assert {lemma.category for lemma in lexicon()} == CATEGORIES
    assert all(len(lemma.reason.split()) >= 5 for lemma in lexicon())


def test_every_guard_and_exception_is_of_a_lemma():
    data = tomllib.loads((files("qa_bot.perspective.loaded") / "loaded.toml").read_text(encoding="utf-8"))
    assert {*data["guard"], *data["irregular"]} <= {lemma.lemma for lemma in lexicon()}


def test_no_form_belongs_to_lemmas_of_two_categories():
    owners = {}
    for lemma in lexicon():
        for form in lemma.forms:
            owners.setdefault(form, set()).add(lemma.category)
    assert [form for form, categories in owners.items() if len(categories) > 1] == []


@pytest.mark.parametrize(
    "lemma", [lemma for lemma in lexicon() if not lemma.guard.near and not lemma.guard.followed_by]
)
def test_every_form_that_needs_no_company_fires_alone(lemma):
    for form in lemma.forms:
        assert [term.text for term in loaded_in(" ".join(form))] == [" ".join(form)]


def test_the_longest_phrase_wins():
    assert found("a violation of international law") == [("violation of international law", "legal_status")]
    assert found("the Great Patriotic War") == [("Great Patriotic War", "victory_naming")]


def test_a_phrase_does_not_reach_across_a_paragraph():
    assert found("of\n\ncourse") == []
    assert found("of\ncourse") == [("of\ncourse", "certainty")]


def test_american_and_british_spellings_are_one_lemma():
    assert [
        loaded_in(text)[0].lemma for text in ("rumours", "rumors", "neutralised the rebels", "neutralized the rebels")
    ] == [
        "rumour",
        "rumour",
        "neutralise",
        "neutralise",
    ]


def test_the_owner_is_the_voice_of_the_stretch():
    text = 'The enemy fled. "The enemy fled," said Roe.'
    voices = (
        VoicedSpan(Span(0, 15), Voice.NARRATOR, "rule"),
        VoicedSpan(Span(16, 33), Voice.DIRECT_QUOTE, "rule"),
        VoicedSpan(Span(33, 43), Voice.NARRATOR, "rule"),
    )
    owners = [term.owner for term in loaded_terms(text, outline(text, "d"), voices)]
    assert owners == [Voice.NARRATOR, Voice.DIRECT_QUOTE]


def test_some_words_count_in_the_narrators_voice_only():
    text = "They fled, as always."
    quoted = (VoicedSpan(Span(0, len(text)), Voice.DIRECT_QUOTE, "rule"),)
    assert [term.text for term in loaded_terms(text, outline(text, "d"), ())] == ["as always"]
    assert loaded_terms(text, outline(text, "d"), quoted) == ()


SCARE = {
    "The “government” of the island met.": ["government"],
    "A statement by the ‘Free Republic’ was read.": ["Free Republic"],
    'They voted in a "referendum" in May.': ["referendum"],
    "The operation was called “iron rain”.": [],
    'A tactic known as "scorched earth" was used. Then "scorched earth" was banned.': [],
    "The newspaper “Government Gazette” wrote.": [],
    "It was “Operation Sunrise”.": [],
    'He said "no".': [],
    'The slogan "we are strong" was seen.': [],
    "The soldiers' and workers' council met.": [],
    'The woods were lit "to hurry them along", he said.': [],
    'In the column "silence" only the mill is entered.': [],
    'Peace between "brothers" was declared.': ["brothers"],
    'The town was put under "protection" in May.': ["protection"],
    'The weeks of the "truce" brought thirty dead.': ["truce"],
    'A quotation of "many more words than anybody needs" is no scare quote.': [],
}


@pytest.mark.parametrize("text", SCARE)
def test_scare_quotes_are_short_disputed_words_and_not_names_titles_or_speech(text):
    doubted = [term.text for term in loaded_terms(text, NOWHERE, ()) if term.lemma == "scare quotes"]
    assert doubted == SCARE[text]


def test_scare_quotes_belong_to_the_narrator():
    text = 'The "referendum" was held.'
    quoted = (VoicedSpan(Span(0, len(text)), Voice.ATTRIBUTED, "rule"),)
    assert loaded_terms(text, NOWHERE, quoted) == ()


PIECES = st.sampled_from(
    [
        "enemy",
        "Our",
        "so-called",
        "liberated",
        "of course",
        "İstanbul",
        "ﬁ",
        "שלום",
        "日本",
        "e\u0301",
        "\u202e",
        "🕊",
        "“",
        "”",
    ]
)


@given(st.lists(st.one_of(st.text(max_size=5), PIECES)).map(" ".join))
def test_terms_are_ordered_disjoint_and_exact_on_any_text(text):
    terms = loaded_terms(text, NOWHERE, ())
    assert all(term.span.of(text) == term.text for term in terms)
    assert all(one.span.end <= other.span.start for one, other in pairwise(terms))
    assert all(term.category in CATEGORIES for term in terms)


HOSTILE = ['"', "“", "a", "our ", "the war of ", "it is safe to ", "called ", "“a” ", "שלום ", "‘’"]


@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_text_takes_linear_time(unit):
    text = unit * (300_000 // len(unit))
    started = time.process_time()
    loaded_terms(text, NOWHERE, ())
    assert time.process_time() - started < 50
