"""One key for the spellings that a name has when it comes from another alphabet.

"Karabakh", "Karabagh", "Qarabağ" and "Garabag" share a key, as do "Hajiyev", "Haciyev" and "Gadzhiev". The key folds
what romanisations of Azerbaijani, Armenian, Russian, Turkish, Arabic and Persian write in several ways: gutturals
(kh, x, h, gh, g, q, k), affricates (j, dzh, zh, c, ç, ch, ts), hisses (s, sh, ş), y beside i, a beside e, o beside u,
double letters, apostrophes and diacritics. It is coarse: it is for words that no list of words holds.
"""

import re
import unicodedata

_LETTERS = str.maketrans({"ə": "a", "ı": "i", "ş": "sh", "ç": "ch", "ğ": "gh", "ñ": "n", "ø": "o", "ł": "l", "ß": "ss"})
_RULES = [
    (re.compile(pattern), put)
    for pattern, put in (
        (r"[^a-z]", ""),
        (r"^ye", "e"),  # Yerevan, Erevan
        (r"dzh|tsch|tch|dj|zh|ch|ts|tz|[jc]", "j"),
        (r"sh", "s"),
        (r"ph", "f"),
        (r"kh|gh|[hxgqk]", "k"),
        (r"w", "v"),
        (r"ou|oo|[ou]", "u"),
        (r"ee|[yi]", "i"),
        (r"[ae]", "a"),
        (r"(.)\1+", r"\1"),
    )
]


def folded(word: str) -> str:
    """A word in lower case, its letters without their diacritics."""
    if word.isascii():
        return word.lower()
    text = unicodedata.normalize("NFKD", word.lower().replace("i̇", "i").translate(_LETTERS))
    return "".join(c for c in text if not unicodedata.combining(c))


def sound(word: str) -> str:
    """The key of a word; words that are spellings of one name have the same."""
    key = folded(word)
    for pattern, put in _RULES:
        key = pattern.sub(put, key)
    return key
