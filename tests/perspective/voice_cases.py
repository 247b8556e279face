"""Invented English prose with the voice of each sentence and who speaks, for table-driven tests.

N narrator, D direct quotation, A attributed; the second field is a part of the speaker's name, "" for none or any.
"""

N, D, A = "narrator", "direct_quote", "attributed"

Case = tuple[str, list[tuple[str, str]]]

CASES: dict[str, Case] = {
    # ------------------------------------------------ plain reports
    "that clause": ("The mayor said that the bridge would reopen in June.", [(A, "mayor")]),
    "bare clause": ("Ruth Ferris said she had never seen the letter.", [(A, "Ruth Ferris")]),
    "that clause after circumstance": (
        "Ruth Ferris said in a letter of 8 May that the pumps had failed.",
        [(A, "Ruth Ferris")],
    ),
    "date before": ("On 14 May the clerk announced that the ferry would not run.", [(A, "clerk")]),
    "afterthought": ("The bridge will reopen in June, the mayor said.", [(A, "mayor")]),
    "afterthought with time": ("The plant would close by March, the company said on Monday.", [(A, "company")]),
    "inserted": ("The merger, she argued, had never been about money.", [(A, "she")]),
    "inserted goes on": ("The keepers, he went on, had moved their nets the evening before.", [(A, "he")]),
    "inverted": ("The harvest had failed twice, wrote Anna Loring in her diary.", [(A, "Anna Loring")]),
    "told somebody": ("Captain Reyes told reporters that the ship was safe.", [(A, "Reyes")]),
    "told somebody bare": ("Captain Reyes told reporters the ship was safe.", [(A, "Reyes")]),
    "pointed out": ("Critics pointed out that the survey had ignored renters.", [(A, "Critics")]),
    "made clear": ("The union made clear that it would not sign.", [(A, "union")]),
    "according to first": ("According to the harbour master, forty boats were lost.", [(A, "harbour master")]),
    "according to last": ("Forty boats were lost, according to the harbour master.", [(A, "harbour master")]),
    "in the words of": ("In the words of its founder, the club was a home for strays.", [(A, "founder")]),
    "in somebody's view": ("In Larkin's view, the treaty had been dead for years.", [(A, "Larkin")]),
    "as somebody said": ("As the coach put it, the team had simply stopped running.", [(A, "coach")]),
    "denied": ("The company denied that it had known of the leak.", [(A, "company")]),
    "denied a thing": ("The minister denied the allegations.", [(A, "minister")]),
    "accused": ("The strikers accused the owners of hiding the accounts.", [(A, "strikers")]),
    "blamed": ("The report blamed the operator for the derailment.", [(A, "report")]),
    "warned of": ("Engineers warned of further landslides.", [(A, "Engineers")]),
    "warned that": ("Engineers warned that further landslides were likely.", [(A, "Engineers")]),
    "called for": ("The bishop called for a day of mourning.", [(A, "bishop")]),
    "called on": ("The bishop called on both families to end the feud.", [(A, "bishop")]),
    "urged": ("The governor urged residents to boil their water.", [(A, "governor")]),
    "demanded": ("The crew demanded the dismissal of the captain.", [(A, "crew")]),
    "promised to": ("The new owner promised to keep every job.", [(A, "owner")]),
    "threatened to": ("The league threatened to expel the club.", [(A, "league")]),
    "expressed": ("The ambassador expressed regret over the incident.", [(A, "ambassador")]),
    "described as": ("Witnesses described the driver as calm.", [(A, "Witnesses")]),
    "explained why": ("She explained why the vote had been delayed.", [(A, "She")]),
    "asked whether": ("A juror asked whether the knife had been tested.", [(A, "juror")]),
    "court ruled": ("The court ruled that the dismissal was unlawful.", [(A, "court")]),
    "experts believe": ("Historians believe that the fort was abandoned in 1410.", [(A, "Historians")]),
    "report shows": ("The survey found that one in five had moved.", [(A, "survey")]),
    "estimated at": ("The insurer put the loss at four million crowns.", [(A, "insurer")]),
    "with apposition": (
        "Maria Olsen, head of the fishery board, said that the quota would stand.",
        [(A, "Maria Olsen")],
    ),
    "with office first": ("The city's surveyor, Tom Hale, confirmed that the wall had moved.", [(A, "Tom Hale")]),
    "participle": ("The club sacked its coach, saying that he had lost the players.", [(A, "club")]),
    "participle first": (
        "Claiming that the ball had crossed the line, Rovers appealed against the result.",
        [(A, "Rovers")],
    ),
    "statement that": ("The bank issued a statement that no accounts had been lost.", [(A, "bank")]),
    "claim that": ("His claim that the road was safe did not survive the winter.", [(A, "")]),
    "text that says": ("The council published a letter condemning the sale of the park.", [(A, "council")]),
    # ------------------------------------------------ vague sources
    "it is said": ("It is said that the bell rings by itself.", [(A, "")]),
    "it was widely reported": ("It was widely reported that the king had fled.", [(A, "")]),
    "is said to": ("The tower is said to have been built in one night.", [(A, "")]),
    "were reported to": ("The rebels were reported to be retreating.", [(A, "")]),
    "allegedly": ("The treasurer allegedly burned the books.", [(A, "")]),
    "reports of": ("There were reports of shooting near the station.", [(A, "")]),
    "by agent": ("The verdict was condemned by the bar association.", [(A, "bar association")]),
    "quoted as saying": ("The pilot was quoted as saying that both engines had failed.", [(A, "pilot")]),
    # ------------------------------------------------ quotations in one sentence
    "quote after comma": ('The mayor said, "We will rebuild every house."', [(D, "mayor")]),
    "quote after colon": ("The mayor said: “We will rebuild every house.”", [(D, "mayor")]),
    "quote before": ("“We will rebuild every house,” the mayor said.", [(D, "mayor")]),
    "quote before inverted": ("'We will rebuild every house,' said the mayor.", [(D, "mayor")]),
    "quote split": ('"We will rebuild," the mayor said, "every single house."', [(D, "mayor")]),
    "quote to hearers": ('"I heard glass break," the abbess told the observers.', [(D, "abbess")]),
    "guillemets": ("«We will rebuild every house», said the mayor.", [(D, "mayor")]),
    "low marks": ("The mayor said: „We will rebuild every house.“", [(D, "mayor")]),
    "mixed marks": ('The mayor said: "We will rebuild every house.”', [(D, "mayor")]),
    "mixed marks reversed": ('The mayor said: “We will rebuild every house."', [(D, "mayor")]),
    "one word after a cue": ('Asked if he would resign, the minister said: "No."', [(D, "minister")]),
    "country line": ('Norway - "We regret the decision of the court", said Prime Minister Berg.', [(D, "Berg")]),
    "bare colon": ('Norwegian Foreign Ministry: "The talks must go on without conditions."', [(D, "Ministry")]),
    "said in an address": (
        'The mayor said in an address to the town: "We have signed. It hurts."',
        [(D, "mayor"), (D, "mayor")],
    ),
    "partial quote": ('The mayor called the plan "a slow disaster".', [(A, "mayor")]),
    "partial quote inside": ('The mayor said the plan was "half a promise" and would be stopped.', [(A, "mayor")]),
    "apostrophes": ("The officers' wives said they hadn't seen the boys' coats.", [(A, "wives")]),
    # ------------------------------------------------ quotations over sentences
    "runs on": (
        'The mayor said: "We lost the mill. We lost the dam. We did not lose each other."',
        [(D, "mayor"), (D, "mayor"), (D, "mayor")],
    ),
    "tail at the end": (
        '"We lost the mill. We lost the dam. We did not lose each other," the mayor said.',
        [(D, "mayor"), (D, "mayor"), (D, "mayor")],
    ),
    "tail in the middle": (
        '"We lost the mill," the mayor said. "We did not lose each other."',
        [(D, "mayor"), (D, "mayor")],
    ),
    "over paragraphs": (
        "The mayor said: “We lost the mill that night.\n\n“We did not lose each other.”\n\nThe bells rang.",
        [(D, "mayor"), (D, "mayor"), (N, "")],
    ),
    "named in the sentence before": (
        'Rosa Lind spoke at the grave of her brother. "He was the best of us. He never asked for anything."',
        [(N, ""), (D, "Rosa Lind"), (D, "Rosa Lind")],
    ),
    "named in the sentence after": (
        '"You will see the sea again, boys. I promise you that." These words of Captain Reyes were never forgotten.',
        [(D, "Reyes"), (D, "Reyes"), (N, "")],
    ),
    "interview": (
        "The paper printed an interview with Olga Brandt.\n\n"
        "Question: Why did you stay? Did nobody warn you?\n\nAnswer: Where should I go? This is my house.",
        [(N, ""), (D, ""), (D, ""), (D, "Olga Brandt"), (D, "Olga Brandt")],
    ),
    "letters": (
        "Q: Did you see the car?\nA: I did.\nQ: Who was driving?\nA: I could not tell.",
        [(D, ""), (D, ""), (D, ""), (D, "")],
    ),
    "names in turns": (
        "COUNSEL: Where were you on the night of the third?\n\nMRS HALE: I was at home.\n\nCOUNSEL: Alone?\n\n"
        "MRS HALE: With my sister.",
        [(D, "COUNSEL"), (D, "MRS HALE"), (D, "COUNSEL"), (D, "MRS HALE")],
    ),
    "as follows": (
        "A stoker described the night as follows: the lamps went out one by one. Nobody screamed. The water was warm.",
        [(A, "stoker"), (A, "stoker"), (A, "stoker")],
    ),
    # ------------------------------------------------ pronouns and descriptions
    "he also": (
        "President Andres Vega said that the border was closed. He also expressed concern about the harvest.",
        [(A, "Andres Vega"), (A, "Andres Vega")],
    ),
    "the president": (
        "President Andres Vega arrived on Monday. The president said the border was closed.",
        [(N, ""), (A, "Andres Vega")],
    ),
    "family name": (
        "Andres Vega arrived on Monday. Vega said the border was closed.",
        [(N, ""), (A, "Vega")],
    ),
    "the ministry": (
        "The Ministry of Fisheries closed two ports. The ministry said that stocks had fallen.",
        [(N, ""), (A, "Ministry of Fisheries")],
    ),
    "they": (
        "Swedish officials reported that the ice had melted. They added that no ship was in danger.",
        [(A, "Swedish officials"), (A, "Swedish officials")],
    ),
    "free indirect": (
        "The chairman told the shareholders that the yard was sound. The sceptics should look at the order book.",
        [(A, "chairman"), (A, "chairman")],
    ),
    # ------------------------------------------------ the narrator's own
    "plain narrative": ("The troops crossed the river at dawn and took the mill.", [(N, "")]),
    "scare quotes": ("The so-called “people's court” sat for two days.", [(N, "")]),
    "known as": ('The retreating army used a tactic known as "scorched earth".', [(N, "")]),
    "title": ("He watched the film “A Winter in the North Country” twice.", [(N, "")]),
    "campaign": ('The ministry organised a campaign, "Together we are strong".', [(N, "")]),
    "newspaper": ("She worked for ‘The Morning Post’ until 1931.", [(N, "")]),
    "issued an order": ("The general issued an order and appointed a new commander.", [(N, "")]),
    "signed": ("Both sides signed the agreement in Geneva.", [(N, "")]),
    "declared war": ("In August the empire declared war on its neighbour.", [(N, "")]),
    "state was declared": ("A state of emergency was declared in three provinces.", [(N, "")]),
    "own saying": ("It is safe to say that nobody slept that night.", [(N, "")]),
    "order said to be": ("Needless to say, the train was late.", [(N, "")]),
    "terms": ("According to the terms of the treaty, the port was handed over in May.", [(N, "")]),
    "plan": ("The square was rebuilt according to a plan of 1905.", [(N, "")]),
    "reduced participle": ("Two officials accused of fraud were released.", [(N, "")]),
    "attributive": ("The announced closure of the school did not happen.", [(N, "")]),
    "report as a noun": ("The report was published in April.", [(N, "")]),
    "claims as a noun": ("Insurance claims rose by a third.", [(N, "")]),
    "states": ("The United States and Canada share a long border.", [(N, "")]),
    "claimed lives": ("The flood claimed forty lives.", [(N, "")]),
    "denied entry": ("The guards denied him entry.", [(N, "")]),
    "relative that": ("The committee discussed a report that had been published in May.", [(N, "")]),
    "spoke about": ("The mayor spoke about the history of the bridge.", [(N, "")]),
    "held": ("The rally was held in front of the city hall.", [(N, "")]),
    "asked question as noun": ("The question remains open.", [(N, "")]),
    "resolutions": ("They ignored resolutions that demanded an immediate withdrawal.", [(N, "")]),
    "colon without speech": ("Three cities fell that week: Alba, Corin and Mare.", [(N, "")]),
    "first person narrator": ("We arrived in the evening and I said that we should rest.", [(N, "")]),
}
