"""Invented English prose with the party of each sentence's source, for table-driven tests.

None: the narrator's own sentence, or a source that speaks for no single declared party.
"""

NORLUND, SARVIA, CASTREL, LEAGUE = "Norlund", "Sarvia", "Castrel", "Lake League"
MILLS, WATER = "Ardent Mills", "Brightwater"

Case = tuple[str, list[str | None]]

PARTY_CASES: dict[str, Case] = {
    # ------------------------------------------------ party words at the source
    "adjective and sources": ("Sarvian sources reported that the pass was closed.", [SARVIA]),
    "adjective and expert": ("The Castrelian expert Ivan Dorn believes that the pass is closed.", [CASTREL]),
    "adjective and ministry": ("The Castrelian Foreign Ministry condemned the shelling.", [CASTREL]),
    "adjective, noun and name": (
        'Sarvian prisoner Ivo Lan said that he had been forced to fight. "They gave us no food," he said.',
        [SARVIA, SARVIA],
    ),
    "possessive": ("Castrel's council said that it would not take part.", [CASTREL]),
    "capital": ("Velgrad denied the report.", [SARVIA]),
    "according to a name and an office": (
        "According to Zed Kor, the spokeswoman of the Sarvian Ministry of Health, guards had tried to cross.",
        [SARVIA],
    ),
    "a name and an office at the end": (
        "Guards had tried to cross, according to Zed Kor, a spokesman for the Castrelian customs.",
        [CASTREL],
    ),
    "an office and a name after a date": (
        "In July Velgrad's spokesman, Zed Kor, said that he was concerned.",
        [SARVIA],
    ),
    "no office after a name": ("According to Zed Kor, the spokesman of Sarvia had left.", [None]),
    "capital-based": ("The Velgrad-based analyst Zed Kor said that the army had been beaten.", [SARVIA]),
    "officials, they": (
        "According to Castrelian officials, the pass is closed. They said that it might open in spring.",
        [CASTREL, CASTREL],
    ),
    "envoy named before his office": (
        "Tor Hag, the Lake League's high envoy, said that he was concerned. The envoy called on Sarvia to stop.",
        [LEAGUE, LEAGUE],
    ),
    "people of a place": ("A miller from Castrel said that he had heard shots.", [CASTREL]),
    "report of a body": ("A report by the Castrelian Senate found that the wards were full.", [CASTREL]),
    "company's lawyer": (
        "Ardent's lawyer, Pia Stone, told the court that the leak was small. She blamed Brightwater. "
        "Brightwater's lawyer replied that Ardent had lied.",
        [MILLS, MILLS, WATER],
    ),
    # ------------------------------------------------ roles with places
    "ambassador of, to": (
        "Ana Pol, ambassador of Sarvia to Castrel, said that the talks had failed. She added that nobody would return.",
        [SARVIA, SARVIA],
    ),
    "ambassador in": (
        "Ana Pol, the Sarvian ambassador in Norlund, said that the talks had failed. The ambassador called for calm.",
        [SARVIA, SARVIA],
    ),
    "representative to a body": ("Castrel's envoy to the Lake League said that talks would begin.", [CASTREL]),
    "member of a parliament": (
        "Hugo Lenz, a member of the Castrelian parliament, condemned the shelling. He stressed that it was a crime.",
        [CASTREL, CASTREL],
    ),
    "analyst at an institute": (
        "Zed Kor, an analyst at the Velgrad Institute, said that the army was weak. Kor believes that it will fall.",
        [SARVIA, SARVIA],
    ),
    "apposition after said": (
        '"The war must end," said Aldo Marr, the president of Castrel, after talks with Goran Vuk.',
        [CASTREL],
    ),
    "a body for itself": (
        "The Lake League called on Norlund and Sarvia to stop. The organisation also said that observers would come.",
        [LEAGUE, LEAGUE],
    ),
    # ------------------------------------------------ pronouns, titles
    "he and she": (
        "Ilse Thorn spoke by phone to Goran Vuk. She said that the pass must be opened. He replied that it was open.",
        [None, NORLUND, SARVIA],
    ),
    "the minister, the president": (
        "Ilse Thorn received the Castrelian Foreign Minister Rosa Elm. The minister expressed condolences. "
        "The president thanked her guest and said that Norlund would remember.",
        [None, CASTREL, NORLUND],
    ),
    "family name of a guest": (
        "President Ilse Thorn met the Prime Minister of Castrel, Aldo Marr. Marr said that his country would help.",
        [None, CASTREL],
    ),
    "its ministry": ("On 4 May Sarvia attacked Redfell. Its ministry said that ten men had died.", [None, SARVIA]),
    "his spokeswoman": ("Goran Vuk flew home. His spokeswoman said that the pass had fallen.", [None, SARVIA]),
    "ministry after its country": (
        "Sarvia announced a retreat. The Ministry of Defence said that ten men had died.",
        [SARVIA, SARVIA],
    ),
    "it denied": (
        "The Sarvian Defence Ministry said that ten men had died. It denied any retreat.",
        [SARVIA, SARVIA],
    ),
    "bare office, own side": ("The president said that the war was over.", [NORLUND]),
    "our": ("Our soldiers said that the pass was taken.", [NORLUND]),
    "our enemies": ("Our enemies said that the pass was taken.", [None]),
    "own side's speech": (
        'On 3 May, the president addressed the nation. "Dear people," she said. "The war is over."',
        [None, NORLUND, NORLUND],
    ),
    "the council's own": ("The damage was put at two million crowns by Castrel's own assessor.", [CASTREL]),
    # ------------------------------------------------ where a passage is set
    "country line": (
        "Castrel - Foreign Minister Rosa Elm said that her country supported Norlund. "
        'The minister added that the pass was lost. "We stand with our friends," she said.',
        [CASTREL, CASTREL, CASTREL],
    ),
    "country line, quotation first": (
        'Castrel - "We stand with Norlund", said Rosa Elm. Member of parliament Jan Kolb stressed that war was wrong.',
        [CASTREL, CASTREL],
    ),
    "country line, speaker after a dash": (
        'Castrel - "It was a just war. They took back their own" – the historian Ada Quill.',
        [CASTREL, CASTREL],
    ),
    "country line, foreign guest": ("Castrel - Ilse Thorn said that the war was over.", [NORLUND]),
    "country line ends": (
        "Castrel - The Foreign Ministry condemned the war.\n\nThe surveyor Tom Hale said that the road was open.",
        [CASTREL, None],
    ),
    "country that a paragraph is about": (
        "Castrel supported Norlund from the first day. The Foreign Ministry said that the pass was taken lawfully.",
        [None, CASTREL],
    ),
    "in a country": ("In Castrel, the Foreign Ministry condemned the shelling.", [CASTREL]),
    "interview": (
        "Goran Vuk gave an interview to the Castrelian channel TV2.\n\n"
        "Question: Why did you retreat?\n\nAnswer: We had no choice. The men were tired.",
        [None, None, SARVIA, SARVIA],
    ),
    "over paragraphs": (
        'Commander-in-Chief Ilse Thorn told the nation: "The pass is ours.\n\n"Our soldiers fought like lions."',
        [NORLUND, NORLUND],
    ),
    # ------------------------------------------------ whose office, envoy or letter
    "somebody's deputy": (
        "Goran Vuk left early. Vuk's deputy, Ann Marsh, said that the pass was lost. Marsh added that snow was near.",
        [None, SARVIA, SARVIA],
    ),
    "his office": ("Vuk said that the pass was closed. His office said that it would open soon.", [SARVIA, SARVIA]),
    "head of a body named before": (
        'The boat sank at noon, Sarvia\'s coastguard said. "We heard nothing," said Ilya Benk, head of the coastguard.',
        [SARVIA, SARVIA],
    ),
    "envoy who condemned": (
        "The raid was condemned by the Lake League's human rights envoy, Lena Bohr, who said that it was a crime.",
        [LEAGUE],
    ),
    "its president, in one sentence": (
        "Castrel closed the border, and its president said that all was well.",
        [CASTREL],
    ),
    "name of a place": (
        'Ana Pol of Sarvia said that the raid had failed. "It had to fail," Pol added.',
        [SARVIA, SARVIA],
    ),
    "her in the sentence before": (
        "Ilse Thorn said that the pass was free. Vuk called her a liar. She replied that he had never seen it.",
        [NORLUND, SARVIA, NORLUND],
    ),
    "company after a county": (
        "Sarvian county officials said that Brightwater shut the gates. The company said that it had done nothing.",
        [SARVIA, WATER],
    ),
    "signed": ('"We deserve better than this."\n- Martha Ohl, Velgrad', [SARVIA, None]),
    "Ministry of Defence of one's own": (
        "By evening, as reported by the Ministry of Defence, ten guns had been taken.",
        [NORLUND],
    ),
    "envoy to a body, under its own line": (
        "Lake League - Ruth Adeyi urged both sides to wait. Sarvia's envoy to Castrel, Sven Halck, regretted what he "
        'described as a one-sided appeal. "We have nothing against bread," Halck added.',
        [LEAGUE, SARVIA, SARVIA],
    ),
    "figures of one's own ministry": (
        "According to figures released by the Ministry of Defence, ten men were lost.",
        [NORLUND],
    ),
    # ------------------------------------------------ not theirs
    "a federation's spokeswoman": (
        "Sarvia condemned the vote. A spokeswoman for the hauliers' federation, Britt Sander, said that it was sad.",
        [SARVIA, None],
    ),
    "allies": ("Sarvia's allies said that the raid had failed.", [None]),
    "his brother": ("Vuk left early. His brother, Amos Kele, said that the war was lost.", [None, None]),
    "its manager, the operator's": (
        "Sarvian state radio was silent. The operator will not sail, its manager, Joan Tarrow, said.",
        [None, None],
    ),
    "ministry that an envoy spoke to": (
        "The Sarvian envoy assured the Foreign Ministry that all was well. The Foreign Ministry said that it was not.",
        [SARVIA, None],
    ),
    "staff and a chief of staff": (
        "Sarvia's chief of staff, General Bors, said that he was tired. The General Staff said that the war was won.",
        [SARVIA, None],
    ),
    # ------------------------------------------------ nobody's party
    "media": ("The Castrelian newspaper Dawn reported that forty men had died.", [None]),
    "journalist": ("The Norlundic journalist Jon Berg wrote that forty men had died.", [None]),
    "state media": ("Sarvian state television reported that forty men had died.", [SARVIA]),
    "joint statement": ("Ilse Thorn and Goran Vuk announced in a statement that the truce would hold.", [None]),
    "ministers of several": ("The foreign ministers of Norlund and Castrel called for a ceasefire.", [None]),
    "both sides": ("Both sides said that the truce would hold.", [None]),
    "two speakers in one sentence": (
        "Norlund said that the road was open, while Sarvia claimed that it was mined.",
        [None],
    ),
    "private person": ("A farmer said that he had heard shots.", [None]),
    # ------------------------------------------------ as the press writes
    "consul and name": (
        "The Sarvian consul in Lund, Mr Peter Oakes, visited the crew. He said that all of them were well.",
        [None, SARVIA],
    ),
    "villager with an age": (
        '"The windows shook," said Petra Yonn, 61, a farmer from the Sarvian village of Oskel.',
        [SARVIA],
    ),
    "the minister's ministry": (
        "The defence minister of Castrel, Ada Roe, called for talks. A senior official in the defence ministry said "
        "that a law was ready.",
        [CASTREL, CASTREL],
    ),
    "one called by its noun": (
        "The strike pits the Lake League against Ardent Mills. Ardent said that the rota must change. The league "
        "rejects that argument. The company said that talks were over.",
        [None, MILLS, LEAGUE, MILLS],
    ),
    "official of the account's side": (
        "State Secretary Lena Furst assured the families that the costs would be paid.",
        [NORLUND],
    ),
    "office and name of the account's side": (
        "According to the governor of the islands, Mr Lorenz Abick, stocks of flour will last nine days.",
        [NORLUND],
    ),
    "its secretary": (
        "Brightwater called the pledge worthless. Its general secretary, Bram Tolley, met Thorn in May. He said that "
        "she had refused.",
        [WATER, None, WATER],
    ),
    "the report goes on": (
        "According to Brightwater's report, the leak was small. The report also says that it will be mended. "
        "It says that the year is dry.",
        [WATER, WATER, WATER],
    ),
    "what a body adopted": (
        "Brightwater met in May. It adopted a resolution. The resolution called on both firms to stop.",
        [None, None, WATER],
    ),
    "namesake": ("Jonas Thorn, an analyst, said that it rained. In his view, it would snow.", [None, None]),
    "the same man": (
        'Vuk accused the mayor of haste. "They never asked us," he said. The father of three said that he was tired.',
        [SARVIA, SARVIA, SARVIA],
    ),
    "owner of a share": ("Pell Estates, which owns 9 per cent of Brightwater, said it would accept the offer.", [None]),
    "X, its coordinator": (
        'The firm Brightwater waits at the bridge. "We have the pumps," said Ilse Marche, its coordinator.',
        [None, WATER],
    ),
    "in the capital of": (
        "In the capital of Sarvia, the prime minister, Hollis Bray, promised that supplies would come.",
        [SARVIA],
    ),
    "killed by a side's list": ("Castrel lists 1,904 soldiers killed or missing.", [CASTREL]),
}
