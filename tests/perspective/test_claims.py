import json
import shutil
import time
from itertools import accumulate, groupby, pairwise
from operator import itemgetter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.errors import ModelError
from qa_bot.perspective.claims.cues import CONCEIVABLE, KINDS, LIKELY, claim_cues, found_claims, known_claims
from qa_bot.perspective.claims.model import SHIPPED, ClaimModel, Said, claim_model, in_order
from qa_bot.segmentation import outline
from qa_bot.types import Outline, Resolution, Sentence, Source, Span, Voice, VoicedSpan

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
    "They came to rob, not to govern.": "motive",
    "The marines had come to protect the wells.": "motive",
    "The council condemned the attack that the duchy had launched.": "attacked_first",
    "Two visitors were killed by a stray round.": "casualty_figure",
    "Three of those receiving rations were wounded.": "casualty_figure",
    "Honoured guests were wounded when the shell hit the hotel.": "atrocity",
    "The fleet sailed to restore the old frontier.": "motive",
    "The guards were told to hold the bridge so that the crowd could not cross.": "motive",
    "The occupation of the mill by the strikers was unlawful.": "legal_status",
    "It was the first time that a town of this size had fallen in a day.": "superlative",
    "The dead of that night, forty in number, lie in one grave.": "casualty_figure",
    "Eighteen wagons of flour were taken.": "loss_figure",
    "Not a single family in the mill quarter came through the winter without a death.": "casualty_figure",
    "Doctors at the field station amputated forty-one legs in a week.": "casualty_figure",
    "The uprising claimed upwards of six hundred lives.": "casualty_figure",
    "Her two brothers never came back from the salt pans.": "casualty_figure",
    "Scores were trampled in the rush for the boats.": "casualty_figure",
    "A shell splinter blinded the schoolmaster.": "casualty_figure",
    "The death toll has passed four hundred and is expected to climb.": "casualty_figure",
    "The Ministry of Health lists 1,204 civilians as missing.": "casualty_figure",
    "At the crossing of the Ister alone the Third Army left four thousand dead.": "casualty_figure",
    "Casualties among the defenders were light.": "casualty_figure",
    "One policeman lost an eye and seven demonstrators were taken to hospital.": "casualty_figure",
    "The earthquake of fire took my father, my uncle and both cousins.": "casualty_figure",
    "Of the hundred and ten pupils enrolled in May, sixty-eight answered the roll in September.": "casualty_figure",
    "Colonel Pahl and his staff perished when the bridge collapsed.": "casualty_figure",
    "Two fishermen have not been heard of since.": "casualty_figure",
    "Among the dead was the deputy speaker.": "casualty_figure",
    "The exodus emptied the valley of its thirty thousand inhabitants.": "casualty_figure",
    "The ministry has confirmed that three sailors are missing.": "casualty_figure",
    "Two hundred households were driven over the mountains in a single night.": "casualty_figure",
    "By the count of the parish, ninety-three of its men are buried in the pass.": "casualty_figure",
    "The insurgents suffered enormous casualties in the swamp.": "casualty_figure",
    "He put the number of wounded at over a hundred.": "casualty_figure",
    "The raid left the cannery and both piers a heap of ash.": "loss_figure",
    "Our gunners put paid to seventeen of their armoured cars.": "loss_figure",
    "The insurgents helped themselves to sixty crates of ammunition.": "loss_figure",
    "Eight bridges, two power stations and a brewery were knocked out.": "loss_figure",
    "Repairing the harbour will cost upwards of ninety million crowns.": "loss_figure",
    "According to the treasury, the war has devoured a third of the budget.": "loss_figure",
    "Of the town's 480 houses, only 37 have a roof.": "loss_figure",
    "The republic gave up nine of its fourteen counties.": "loss_figure",
    "The convoy lost two of its ships to mines.": "loss_figure",
    "Trade with the mainland has fallen to a tenth of what it was.": "loss_figure",
    "The militia made off with the payroll and two lorries.": "loss_figure",
    "The city spends a million a month on sandbags.": "loss_figure",
    "Our marines sank a cruiser and two tenders.": "loss_figure",
    "They seized forty tonnes of flour.": "loss_figure",
    "Property worth nine million was destroyed.": "loss_figure",
    "The rebels have lost control of eleven settlements.": "loss_figure",
    "Without so much as a warning the garrison turned its mortars on the bazaar.": "attacked_first",
    "We were set upon in our sleep by men who had signed a truce the day before.": "attacked_first",
    "Nobody on our side pulled a trigger until the ninth of May.": "attacked_first",
    "The hostilities were initiated by the Duchy.": "attacked_first",
    "The first to shoot was a sentry of the customs guard.": "attacked_first",
    "Had they not marched on Oster, there would have been no war.": "attacked_first",
    "The aggressor must be named.": "attacked_first",
    "In answer to the shelling of Dobrin our batteries silenced the guns on the far bank.": "attacked_first",
    "Rebel units violated the agreement forty times in the first week.": "attacked_first",
    "They came at night and took the customs house.": "attacked_first",
    "Our boys did nothing but return fire.": "attacked_first",
    "Before a single shot had been fired from our side, three shells hit the school.": "attacked_first",
    "They attacked; we resisted.": "attacked_first",
    "On 3 March Baran's army crossed into the neutral strip.": "attacked_first",
    "Shots rang out from the direction of the mill.": "attacked_first",
    "It was not we who broke the peace.": "attacked_first",
    "They sent three boats against the island and were beaten off.": "attacked_first",
    "The guards charged the pickets with batons.": "attacked_first",
    "The army moved against the rebels only after its convoys had been ambushed.": "attacked_first",
    "Gunmen opened fire from the roof of the bank.": "attacked_first",
    "A mob set upon the election officers.": "attacked_first",
    "The truce was broken within an hour by gunmen on the north bank.": "attacked_first",
    "Our people only defended their homes.": "attacked_first",
    "The plateau is occupied under international law.": "legal_status",
    "The referendum has no standing in law.": "legal_status",
    "The wells are the lawful property of the shepherds' guild.": "legal_status",
    "The province seceded in breach of the constitution.": "legal_status",
    "The settlements are regarded as unlawful by most states.": "legal_status",
    "Detaining the crew without charge breached the maritime convention.": "legal_status",
    "The territory's final status remains unresolved.": "legal_status",
    "The four resolutions of the Security Council demand the withdrawal from the seized provinces.": "legal_status",
    "The self-proclaimed republic was recognised by nobody.": "legal_status",
    "The internment of fishermen has no legal foundation.": "legal_status",
    "Under the armistice of 1951 the zone was to remain free of troops.": "legal_status",
    "It was liberated from thirty years of foreign rule.": "legal_status",
    "This government is the only legitimate representative of the people.": "legal_status",
    "The islands passed to the crown in 1811 and have been a part of it ever since.": "legal_status",
    "Fishing beyond the buoys is a right that our guild has held since 1620.": "legal_status",
    "The vote was conducted in violation of the electoral law.": "legal_status",
    "The accord obliges both parties to leave the dam alone.": "legal_status",
    "The high plateau is an inalienable part of Baran.": "legal_status",
    "The pasture was ours before their grandfathers crossed the sea.": "legal_status",
    "No one has the right to stop our boats.": "legal_status",
    "The grove has been church property for six centuries.": "legal_status",
    "The northern shore rightfully belongs to Sulmar.": "legal_status",
    "The island's status was settled by the peace of 1856.": "legal_status",
    "Prisoners were lined up along the quay and gunned down.": "atrocity",
    "Snipers picked off women as they fetched water.": "atrocity",
    "Aircraft bombed a column of fleeing farmers.": "atrocity",
    "Interrogators pulled out his fingernails.": "atrocity",
    "The inhabitants were herded into the square and told to choose.": "atrocity",
    "The mosque's minaret was brought down with dynamite.": "atrocity",
    "They hanged the mayor from his own balcony.": "atrocity",
    "They fired rockets at a town that sleeps eighty kilometres from the front.": "atrocity",
    "A shell hit the market at noon, when it was full.": "atrocity",
    "The soldiers burned the mill and drove off the cattle.": "atrocity",
    "Food was used as a weapon.": "atrocity",
    "They cut the water to the whole quarter for nine days.": "atrocity",
    "The strikers' wives were pushed down the steps and spat at.": "atrocity",
    "Sappers mined the orchards before they left.": "atrocity",
    "The monastery library, eight centuries old, was thrown on the fire.": "atrocity",
    "In the camp, men were made to stand in the snow until they fell.": "atrocity",
    "The quarter was cleared of its people in two hours.": "atrocity",
    "The column drove over men who had laid down their rifles.": "atrocity",
    "Children were among those shot.": "atrocity",
    "They shelled the town for no military reason.": "atrocity",
    "The garrison shelled a column of refugees.": "atrocity",
    "Peaceful citizens came under fire in their own homes.": "atrocity",
    "The junta needs a foreign quarrel to stay in office.": "motive",
    "The raid served no military end.": "motive",
    "They acted out of wounded pride.": "motive",
    "The march was a provocation designed to draw us into war.": "motive",
    "The schools were closed to stamp out the language.": "motive",
    "The offensive was timed to coincide with the summit.": "motive",
    "Their purpose is to wear us down.": "motive",
    "The army acted to protect the lives of its citizens.": "motive",
    "They came for the silver.": "motive",
    "It is a deliberate attempt to derail the talks.": "motive",
    "They blew up the dam out of sheer malice.": "motive",
    "He had no interest in peace.": "motive",
    "The evacuation was ordered for the safety of the inhabitants.": "motive",
    "The reservoir was emptied in an effort to flood the lower camp.": "motive",
    "The army says that it fired only to disperse the crowd.": "motive",
    "To divert attention from the front, a general was put on trial.": "motive",
    "The attack was an attempt to cut the only road.": "motive",
    "Their goal was the seizure of the strait.": "motive",
    "The ban was imposed to silence the press.": "motive",
    "The museum was looted for money.": "motive",
    "The purge was carried out under the guise of reform.": "motive",
    "It was the largest evacuation since the Great Flood.": "superlative",
    "No army in the hemisphere can match their cavalry.": "superlative",
    "All resistance collapsed within an hour.": "superlative",
    "Their defeat could not have been more complete.": "superlative",
    "The treaty is the most shameful ever signed by a free people.": "superlative",
    "The victory was total.": "superlative",
    "They left behind everything they had.": "superlative",
    "The government has never wavered in its wish for peace.": "superlative",
    "It was the worst night of the siege.": "superlative",
    "They could not hold a single village.": "superlative",
    "It is a matchless example of courage.": "superlative",
    "No general has been so thoroughly outwitted.": "superlative",
    "This is a historic victory.": "superlative",
    "Nobody in the valley supports them.": "superlative",
    "They have never honoured a single treaty.": "superlative",
    "Their army was completely destroyed.": "superlative",
    "There has been no crueller war.": "superlative",
    "No one in the world had expected so quick a success.": "superlative",
    "They destroyed everything in their path.": "superlative",
    "It is commonly held that the admiral knew of the plan.": "agentless",
    "The ambush is widely attributed to deserters.": "agentless",
    "Sources in the capital suggest that a deal is near.": "agentless",
    "Rumour had it that the gates would be opened at dawn.": "agentless",
    "Military observers put the garrison at four thousand.": "agentless",
    "Unverified footage shows tanks in the suburbs.": "agentless",
    "It is no secret that the minister owns the mine.": "agentless",
    "Eyewitnesses reported hearing three explosions.": "agentless",
    "Many believe that the sinking was an accident.": "agentless",
    "It is well known who profits from the trade.": "agentless",
    "The incident was seen abroad as a warning.": "agentless",
    "International observers have noted the moderation of the crews.": "agentless",
    "It is claimed that the ferry carried arms.": "agentless",
    "The blast is thought to have been an accident.": "agentless",
    "The number of deserters is unknown but believed to be high.": "agentless",
    "The world press spoke of a turning point.": "agentless",
    "The loss is estimated at nine million.": "agentless",
    "Observers see in this the hand of the palace.": "agentless",
    "The rebels are said to be short of food.": "agentless",
    "As is known, the treaty was never published.": "agentless",
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
    "The nurses looked after the wounded.",
    "The officer was not authorised to speak to the press.",
    "The court sits on Tuesdays.",
    "The company revoked the pass of a reporter.",
    "He serves on the harbour board.",
    "They had no time for lunch.",
    "Two visitors asked the way to the museum.",
    "The wounded were visited by the bishop.",
    "The exhibition was opened by the mayor.",
    "It is a long road and there are few inns.",
]


HELD_OUT = Path(__file__).parents[2] / "examples" / "development" / "accounts.held-out.jsonl"
LEAST = {"recall": 0.86, "precision": 0.4}  # on HELD_OUT; docs/labels.md says what is measured


def cues(text, voices=()):
    return claim_cues(text, outline(text, "d"), voices)


@pytest.mark.parametrize("kind", KINDS)
def test_of_a_kind_of_claim_nearly_all_wordings_are_found(kind):
    texts = [text for text, claimed in CLAIMS.items() if claimed == kind]
    missed = [text for text in texts if kind not in {cue.kind for cue in cues(text)}]
    assert len(missed) <= 0.15 * len(texts), missed


def test_plain_statements_seldom_have_a_cue():
    cued = [text for text in PLAIN if cues(text)]
    assert len(cued) <= 0.07 * len(PLAIN), cued


def test_every_kind_has_an_example():
    assert set(CLAIMS.values()) == set(KINDS)


def test_a_date_is_no_figure():
    assert cues("The treaty was signed on 4 May 1993.") == ()
    assert cues("The fort was captured in 1993.") == ()


def test_a_figure_and_its_loss_are_one_cue_from_the_first_to_the_last_word():
    (cue,) = [cue for cue in cues("In all, eleven miners were killed there.") if cue.kind == "casualty_figure"]
    assert cue.text == "eleven miners were killed"


def test_letters_that_grow_in_lower_case_keep_the_offsets():
    (cue,) = [cue for cue in cues("İİİ: in all, ELEVEN miners were killed.") if cue.kind == "casualty_figure"]
    assert cue.text == "ELEVEN miners were killed"


def test_on_accounts_that_no_rule_has_met_most_claims_are_found_and_two_in_five_of_what_is_found_are_claims():
    rows = [json.loads(line) for line in HELD_OUT.read_text(encoding="utf-8").splitlines()]
    labelled = [set(row["claims"]) for row in rows]
    told = [kinds for _, account in groupby(rows, key=itemgetter("account")) for kinds in _kinds_in(account)]
    both = sum(len(a & b) for a, b in zip(labelled, told, strict=True))
    assert both / sum(map(len, labelled)) > LEAST["recall"]
    assert both / sum(map(len, told)) > LEAST["precision"]


def _kinds_in(account):
    """The kinds of claim found in each sentence of an account, divided as it was labelled."""
    sentences = [row["text"] for row in account]
    ends = list(accumulate(len(sentence) + 1 for sentence in sentences))
    spans = [Span(end - len(sentence) - 1, end - 1) for sentence, end in zip(sentences, ends, strict=True)]
    parts = Outline((), (), tuple(Sentence(span, 0, 0) for span in spans), ())
    found = claim_cues(" ".join(sentences), parts, ())
    return [{cue.kind for cue in found if span.start <= cue.span.start < span.end} for span in spans]


def test_what_was_found_in_a_sentence_does_not_depend_on_the_others():
    rows = list(in_order([*CLAIMS, *PLAIN][::10]))
    together = claim_model().read(rows, CONCEIVABLE)
    assert together == [claim_model().read([row], CONCEIVABLE)[0] for row in rows]


@pytest.mark.parametrize("text", [*CLAIMS][::7])
def test_a_claim_is_marked_without_white_space_around_it(text):
    assert all(cue.text == cue.text.strip() != "" for cue in cues(text))


def test_a_very_long_sentence_is_read_in_parts():
    text = "The road goes on and on, " * 60 + "and at the end of it eleven miners were killed."
    assert "casualty_figure" in {each.claim.kind for each in claim_model().read([Said(text)], LIKELY)[0]}


def test_claims_of_sentences_that_are_known_are_taken_over():
    texts = ["Eleven miners were killed. The bridge has three arches.", "Winter came early. Eleven miners were killed."]
    first, second = (outline(text, "d") for text in texts)
    known = known_claims(texts[0], first, claim_cues(texts[0], first, ()))
    assert known == found_claims(texts[0], first)
    assert claim_cues(texts[1], second, (), found_claims(texts[1], second, known)) == claim_cues(texts[1], second, ())
    nothing_new = dict.fromkeys(in_order(s.span.of(texts[1]) for s in second.sentences), ())
    assert found_claims(texts[1], second, nothing_new) == nothing_new


def test_a_model_that_is_not_whole_is_named(tmp_path):
    folder = tmp_path / "claims"
    with pytest.raises(ModelError, match=r"claims\.json"):
        ClaimModel(folder)
    shutil.copytree(SHIPPED, folder)
    (folder / "claims.onnx.data").write_bytes(b"other")
    with pytest.raises(ModelError, match=r"claims\.onnx\.data"):
        ClaimModel(folder)


@pytest.mark.parametrize(
    ("sentence", "kind", "before", "otherwise"),
    [
        (
            "The same happened in Orlu.",
            "atrocity",
            "In Kesh the soldiers burned forty houses.",
            "In Kesh a school opened.",
        ),
        (
            "Three did not come back.",
            "casualty_figure",
            "The patrol went out with nine men.",
            "The birds left in October.",
        ),
    ],
)
def test_a_claim_is_likelier_behind_a_sentence_that_makes_it_one(sentence, kind, before, otherwise):
    told = [
        {each.claim.kind: each.probability for each in claim_model().read([Said(sentence, context)], 0.0)[0]}
        for context in (before, otherwise)
    ]
    assert told[0][kind] > told[1][kind] + 0.1


def test_the_model_tells_the_kinds_that_there_are():
    assert claim_model().kinds == KINDS


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
    assert {cue.sourced for cue in cues("According to the terms of the truce, eleven miners were killed.")} == {False}
    assert {cue.sourced for cue in cues("According to the ministry of law, eleven miners were killed.")} == {True}


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
