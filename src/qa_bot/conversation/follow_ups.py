"""What a follow-up leaves out, taken from the questions before it.

Three things are told apart: a fragment that puts something in the place of something ("and Greece?"), a question that
refers back ("what did he want?") or leaves out ("why?"), and a question that stands alone, to which nothing is added.
"""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from qa_bot.conversation.days import dates_of
from qa_bot.conversation.mentions import Mention, mentions_of
from qa_bot.conversation.references import AUXILIARY, SENTENCE, Back, references
from qa_bot.conversation.substitution import LEAD, fragment_of, substituted, swapped
from qa_bot.conversation.vocabulary import Kind, Vocabulary
from qa_bot.conversation.words import TOKEN, bare, content_of, says_nothing, words_of

MAX_CARRIED = 12  # words that are taken over from earlier questions
ENOUGH = 2  # words of its own by which a question is searched for without the ones before
MAX_VERBLESS = 3  # words of its own up to which "regional differences" is a part of a question

_NEW_TOPIC = re.compile(
    r"\b(?:something else|(?:an?other|different|new|next) (?:topic|question|subject)|by the way|btw|moving on|"
    r"chang(?:e|ing) (?:of |the )?(?:topic|subject)|unrelated)\b",
    re.IGNORECASE,
)
_OPENING = re.compile(LEAD, re.IGNORECASE)
_HERE = r"\b(?!\s+(?!that\b|this\b|then\b)\w)"  # "after the war ended" names its own beginning
_RELATIVE = re.compile(
    r"\b(?:(?P<same>(?:the|that) same day|that day)"
    rf"|(?P<next>(?:the )?(?:next|following) day|the day after{_HERE}|a day later)"
    rf"|(?P<before>the (?:previous day|day before{_HERE})|a day earlier)"
    r"|(?P<count>\d{1,3}|two|three|four|five|six|seven|eight|nine|ten) (?P<unit>days?|weeks?)"
    rf" (?P<way>later|earlier|(?:after|before){_HERE})"
    rf"|(?P<week>a week (?:later|after{_HERE})))\b",
    re.IGNORECASE,
)
_WHO_IS = re.compile(r"(?:who|what)(?:['’]s|\s+(?:is|was|are|were))\s+(?:the\s+)?", re.IGNORECASE)
_COUNTS = {word: i for i, word in enumerate("two three four five six seven eight nine ten".split(), 2)}

_LEAP_YEAR = 2020  # dates here have no year; any leap year has 29 February
_INNER = frozenset("a an of in on at by from to for the and with".split())  # stay between words that are carried


def completed(question: str, earlier: Sequence[str], vocabulary: Vocabulary) -> str:
    """A question with what it leaves out; `earlier` are the completed questions before it, oldest first."""
    if not earlier or _NEW_TOPIC.search(question):
        return question
    named = mentions_of(question, vocabulary)
    fragment = fragment_of(question, named)
    if fragment and (put := substituted(fragment, earlier[-1], vocabulary)):
        return put
    lacks = fragment is not None and fragment.lacks
    added = _carried(question, named, earlier, vocabulary, lacks=lacks)
    if day := _relative_day(question, earlier, vocabulary):
        added = [day, *(phrase for phrase in added if phrase.lower() != day.lower())]
    return _with(question, added)


def _with(question: str, phrases: Sequence[str]) -> str:
    return f"{question} ({', '.join(phrases)})" if phrases else question


# ---------------------------------------------------------------- what is referred to or left out


def _carried(
    question: str, named: Sequence[Mention], earlier: Sequence[str], vocabulary: Vocabulary, *, lacks: bool
) -> list[str]:
    """Phrases of earlier questions, without words that this one has; `lacks` says that it has no topic of its own."""
    back = references(question, named)
    own = content_of(question)
    opened = bool(re.match(r"\s*(?:and|but|also|or)\b", question, re.IGNORECASE))
    if opened and _asks_who(question, named):
        return []
    verbless = not set(words_of(question)) & SENTENCE
    itself = named or vocabulary.unheard_names(question)  # who names Brazil has changed the subject, known or not
    lacking = (len(own) < ENOUGH or (verbless and len(own) <= MAX_VERBLESS)) and not itself
    if not (back.at_all or lacks or lacking or (opened and len(own) <= ENOUGH)):
        return []
    meant = _antecedents(back, named, earlier, vocabulary)
    alone = back.person and not back.group and _antecedents(Back(person=True), named, earlier, vocabulary)
    enough = 1 if alone else ENOUGH  # whoever "he" is has left the subject before
    if meant and len(own) >= enough and not (back.thing or back.loose):
        return _without(meant, question)
    previous = earlier[-1]
    for name in mentions_of(previous, vocabulary):
        rival = opened and not back.at_all and any(name.competes_with(n) for n in named)
        if rival or (name.kind is Kind.DATE and _RELATIVE.search(question)):
            previous = swapped(previous, name.text, "/")
    phrases = _phrases(previous, question, vocabulary)
    return [*_without([m for m in meant if m.lower() not in previous.lower()], question), *phrases]


def _asks_who(question: str, named: Sequence[Mention]) -> bool:
    """Whether a question asks for nothing but who somebody is: "and who's Pashinyan?"."""
    opening = _OPENING.match(question)
    asked = _WHO_IS.match(question, opening.end() if opening else 0)
    if asked is None:
        return False
    whole = (m for m in named if m.start == asked.end() and not question[m.end :].strip(" ?!."))
    return any(mention.kind is not Kind.DATE for mention in whole)


def _antecedents(back: Back, named: Sequence[Mention], earlier: Sequence[str], vocabulary: Vocabulary) -> list[str]:
    """The last names that fit what the question refers to, but for people whom it names itself."""
    wanted: list[tuple[Kind, ...]] = []
    if back.person:
        wanted.append((Kind.PERSON, Kind.UNKNOWN))
    if back.group:
        wanted.append((Kind.ORGANISATION, Kind.PARTY))
    if back.place:
        wanted.append((Kind.PLACE, Kind.PARTY))
    if back.time:
        wanted.append((Kind.DATE,))
    present = {bare(word) for m in named if m.kind in (Kind.PERSON, Kind.UNKNOWN) for word in words_of(m.text)}
    turns = [mentions_of(question, vocabulary) for question in reversed(earlier)]
    found: list[str] = []
    for kinds in wanted:
        fitting = (
            [m.text for m in reversed(turn) if m.kind is kind and not present & set(words_of(m.text))]
            for kind in kinds
            for turn in turns
        )
        found += next((texts[:1] for texts in fitting if texts), [])
    return list(dict.fromkeys(" ".join(map(vocabulary.as_written, text.split())) for text in found))


def _without(phrases: Sequence[str], question: str) -> list[str]:
    return [phrase for phrase in phrases if phrase.lower() not in question.lower()]


def _phrases(previous: str, question: str, vocabulary: Vocabulary) -> list[str]:
    """The stretches of a question by which something can be found, without words that another one has."""
    has = {bare(word) for word in words_of(question)}
    phrases: list[str] = []
    run: list[str] = []
    count, end = 0, 0
    for token in TOKEN.finditer(previous):
        word = token.group()
        gap = previous[end : token.start()]
        end = token.end()
        if run and gap.strip(" "):
            _close(run, phrases)
        if not says_nothing(word) and bare(word) not in has and count < MAX_CARRIED:
            run.append(vocabulary.as_written(word))
            has.add(bare(word))
            count += 1
        elif run and word.lower() in _INNER:
            run.append(word)
        elif not (run and word.lower() in AUXILIARY):
            _close(run, phrases)
    _close(run, phrases)
    return phrases


def _close(run: list[str], phrases: list[str]) -> None:
    while run and says_nothing(run[-1]):
        run.pop()
    if run:
        phrases.append(" ".join(run))
    run.clear()


# ---------------------------------------------------------------- days told from other days


def _relative_day(question: str, earlier: Sequence[str], vocabulary: Vocabulary) -> str | None:
    """The day that "three days later" means, counted from the last day named before."""
    match = _RELATIVE.search(question)
    known = next((days[-1][2] for text in reversed(earlier) if (days := dates_of(text))), None)
    if match is None or known is None or dates_of(question):
        return None
    day = date(_LEAP_YEAR, *known) + timedelta(days=_days(match))
    return vocabulary.forms.day(day.month, day.day)


def _days(match: re.Match[str]) -> int:
    if match["count"]:
        count = _COUNTS.get(match["count"].lower()) or int(match["count"])
        days = count * (7 if match["unit"].lower().startswith("week") else 1)
        return days if match["way"].lower() in ("later", "after") else -days
    return 1 if match["next"] else -1 if match["before"] else 7 if match["week"] else 0
