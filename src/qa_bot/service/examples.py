"""Examples shown in the API reference."""

from typing import Any

PERSPECTIVE: dict[str, Any] = {
    "holder": "author not named",
    "party": "Azerbaijan",
    "voice": "narrator",
    "speaker": None,
    "speaker_party": None,
    "cue": None,
    "attribution": [],
    "loaded": [],
    "note": "Narrator's own words, in an account written from Azerbaijan's official point of view; no source is given.",
    "speaker_role": None,
    "resolution": None,
    "rebuttal": None,
    "claims": [],
    "rule": "narrator",
}

ANSWER_EVENTS = 'event: retrieved\ndata: {"results": [...]}\n\nevent: answer\ndata: {"question": "...", ...}\n\n'
