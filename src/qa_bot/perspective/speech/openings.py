"""How the words of others open within a document: notices, resolutions, letters to the editor, contributions.

Each test takes the clause of a sentence and says where it names whose words follow. None holds of a sentence in which
somebody acts: what opens such a passage is a line by itself.
"""

from qa_bot.perspective.reporting.clause import Clause, Range

LINE = 14  # items of a line that only says from whom a notice comes, or which body resolves
LONGEST = 30  # items of a line that introduces who contributes
_OFFICES = frozenset("office headquarters staff registry commissariat secretariat command chancery".split())
_BODIES = ("institutions", "bodies", "registrars")
_NO_BODIES = frozenset("side town village country camp home family sources other our my own".split())
_INFORMING = frozenset(
    "inform announce declare decide decree resolve proclaim communicate order rule notify state report reply answer "
    "demand request determine".split()
)
_RESOLVING = frozenset(
    "acknowledging affirming appreciating bearing believing calling concerned condemning confirming considering "
    "convinced deploring determined emphasizing emphasising expressing guided having mindful noting observing "
    "reaffirming recalling recognizing recognising regretting reiterating stressing taking underlining welcoming "
    "whereas desiring conscious alarmed".split()
)
_OPERATIVE = frozenset(
    "acknowledges affirms appeals approves authorizes authorises calls condemns confirms considers decides declares "
    "demands deplores designates emphasizes emphasises encourages endorses expresses instructs invites notes "
    "proclaims reaffirms recalls recognizes recognises recommends regrets reiterates rejects renews requests resolves "
    "strongly stresses supports takes underlines underscores urges warns welcomes".split()
)
_GREETED = frozenset("sir sirs madam editor".split())
_GREETING = frozenset("dear to the mr mrs madam esteemed".split())
_CLOSING = frozenset("yours sincerely respectfully faithfully".split())
_CONTRIBUTED = frozenset(
    "contribution contributions memory memories recollection recollections reminiscences piece column page pages now "
    "today here another again".split()
)
_FORMAL = frozenset("yours faithfully sincerely truly respectfully etc very ever and".split())


def notice(clause: Clause) -> Range | None:
    """The X of "FROM THE MAYOR'S OFFICE." and "From the Staff:", a line that only says whose notice follows."""
    last = clause.last_word()
    if clause.word(0) != "from" or not 1 < last <= LINE or clause.is_statement(0, last) or clause.quotes:
        return None
    capitals = all(clause.items[i].text.isupper() for i in range(last) if clause.items[i].text[:1].isalpha())
    head = (1, last)
    body = any(clause.any_is(*head, name) for name in ("institutions", "bodies")) or clause.any_word(*head, _OFFICES)
    strange = clause.any_word(*head, _NO_BODIES) or clause.any_is(*head, "media")
    return head if (capitals or clause.word(clause.size - 1) == ":") and body and not strange else None


def announcement(clause: Clause) -> Range | None:
    """The X of "The General Staff informs:" and "Therefore the Assembly declares:", at the end of a sentence."""
    verb = clause.size - 2
    form = clause.inventory.verbs.get(clause.word(verb))
    known = form is not None and form.lemma in _INFORMING
    if clause.word(clause.size - 1) != ":" or not (known or clause.word(verb) in _OPERATIVE) or clause.quotes:
        return None
    if form is not None and not form.form & {"s", "past"}:
        return None
    first = next((i for i in range(min(4, verb)) if clause.is_a(i, "determiners") or (clause.capitalised(i) and i)), 0)
    last = next((i for i in range(first + 1, verb) if clause.word(i) == ","), verb)
    return (first, last) if _is_body(clause, (first, last)) else None


def resolving_body(clause: Clause) -> Range | None:
    """The X of "The General Assembly," as a paragraph by itself, before "Recalling ..." and "1. Decides ..."."""
    last = clause.last_word()
    alone = clause.word(clause.size - 1) in {",", ":"} and last == clause.size - 1 and 1 < last <= LINE
    named = alone and clause.is_a(0, "determiners") and clause.capitalised(1) and not clause.is_statement(0, last)
    return (0, last) if named and _is_body(clause, (0, last)) else None


def resolves(clause: Clause) -> bool:
    """Whether a paragraph is a clause of a resolution: "Recalling its decision ...", "(2) Calls upon ..."."""
    first = next((i for i in range(min(clause.size, 5)) if clause.word(i)[:1].isalpha() and len(clause.word(i)) > 1), 0)
    first += clause.is_a(first, "adverbs") or clause.word(first) in {"also", "further", "deeply", "gravely"}
    return clause.word(first) in _RESOLVING or clause.word(first) in _OPERATIVE


def item(clause: Clause) -> bool:
    """Whether a paragraph is an item of a list: "that ...", "(a) ...", "2. ...", "- ..."."""
    word = clause.word(0)
    numbered = word[:1].isdigit() and clause.word(1) in {".", ")"}
    return (
        word in {"that", "to", "(", "-", "–", "—", "•", "*"} or numbered or (len(word) == 1 and clause.word(1) == ")")
    )


def salutation(clause: Clause) -> bool:
    """Whether a sentence begins as a letter to an editor does: "Sir, ...", "Dear Editor, ..."."""
    last = 0
    while last < 4 and clause.word(last) in _GREETING and clause.word(last) not in _GREETED:
        last += 1
    return clause.word(last) in _GREETED and clause.word(last + 1) in {",", ":", "–", "—"} and clause.capitalised(0)


def signature(clause: Clause) -> Range | None:
    """The X of "Yours faithfully, X."; an empty range where the name stands in the next line."""
    if clause.word(0) not in _CLOSING or clause.size > LINE:
        return None
    first = 0
    while clause.word(first) in _FORMAL:
        first += 1
    if clause.word(first) not in {",", ""}:
        return None
    last = next((i for i in range(first + 1, clause.size) if clause.word(i) in {",", "."}), clause.size)
    return (first + 1, last) if first + 1 < last else (clause.size, clause.size)


def contributor(clause: Clause) -> Range | None:
    """The X of "Continuing our series, this time from X, cook at the Lock.": no sentence, and nobody's act."""
    last = clause.last_word()
    if clause.size > LONGEST or clause.word(clause.size - 1) not in {".", ":"}:
        return None
    first = next((i for i in range(last - 1, 0, -1) if clause.word(i) == "from" and clause.capitalised(i + 1)), None)
    known = ("speech", "documents", "accounts", "times")
    told = first is not None and (
        clause.word(first - 1) in _CONTRIBUTED | {",", ":"} or any(clause.is_a(first - 1, name) for name in known)
    )
    if first is None or not told or clause.is_statement(0, last):
        return None
    end = next((i for i in range(first + 1, last) if clause.word(i) == "," or clause.items[i].quotation >= 0), last)
    short = 1 < end - first - 1 < 6 and all(clause.capitalised(i) for i in range(first + 1, end))
    return (first + 1, end) if short else None


def _is_body(clause: Clause, span: Range) -> bool:
    body = any(clause.any_is(*span, name) for name in _BODIES) or clause.any_word(*span, _OFFICES)
    return body and not clause.any_is(*span, "own_persons") and not clause.any_word(*span, _NO_BODIES)
