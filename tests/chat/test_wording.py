import re
from pathlib import Path

import qa_bot.chat
from qa_bot.chat.wording import ENGLISH, say

SOURCES = [
    p for p in Path(qa_bot.chat.__file__).parent.rglob("*") if p.suffix in (".py", ".js") and p.name != "wording.py"
]
CODE = "\n".join(path.read_text() for path in SOURCES)


def test_every_key_in_use_is_in_the_catalogue():
    used = re.findall(r"(?:say|fill)\(\s*[\"']([a-z_.]+)[\"']", CODE)
    assert len(used) > 40
    assert [key for key in used if key not in ENGLISH] == []


def test_every_entry_of_the_catalogue_is_in_use():
    prefixes = [*re.findall(r"say\(f\"([a-z_.]+)\{", CODE), "bar.", "ask.", "feedback.", "pane.copy_"]
    unused = [k for k in ENGLISH if f'"{k}"' not in CODE and f"'{k}'" not in CODE and not k.startswith(tuple(prefixes))]
    assert unused == []


def test_values_are_filled_in():
    assert say("card.paragraph", number=7) == "paragraph 7"
