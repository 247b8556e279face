"""The labels and the invented corpus: every offset is exact, every value is one the guide knows (docs/labels.md)."""

import json
import re
from collections import Counter
from hashlib import blake2b
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest

from qa_bot.corpus.cards import read_card
from qa_bot.corpus.parties import read_parties
from qa_bot.segmentation import outline
from qa_bot.types import Basis, Voice

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples" / "corpus"
DEVELOPMENT = ROOT / "examples" / "development"
SOURCES = {
    path.stem: path
    for folder in (ROOT / "corpus", EXAMPLES, *sorted(DEVELOPMENT.rglob("corpus")))
    for path in sorted(folder.glob("*.txt"))
}
TEXTS = {doc_id: path.read_text(encoding="utf-8") for doc_id, path in SOURCES.items()}
DEV, TEST = (ROOT / "corpus" / "labels" / f"second-karabakh-war.{split}.jsonl" for split in ("dev", "test"))
INVENTED = ROOT / "examples" / "labels.jsonl"
FIRST_FIVE, LAST_THREE = (DEVELOPMENT / f"labels.{split}.jsonl" for split in ("dev", "held-out"))
ACCOUNTS = [DEVELOPMENT / "accounts" / f"{name}.jsonl" for name in ("labels.dev", "voices.dev", "voices.held-out")]
ORDINARY = sorted(DEVELOPMENT.glob("ordinary*/labels.*.jsonl"))
QUESTIONS = ROOT / "examples" / "questions.jsonl"
KINDS = {
    "casualty_figure",
    "loss_figure",
    "attacked_first",
    "legal_status",
    "atrocity",
    "motive",
    "superlative",
    "agentless",
}
KEYS = ["doc_id", "start", "end", "quote", "section", "split", "voice", "source", "party"]
OPTIONAL = ["loaded", "claims"]  # not labelled in every file


def read_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def is_whole_words(text: str, start: int, end: int) -> bool:
    """Whether neither end cuts a word in two."""
    return not text[start - 1 : start + 1].isalnum() and not text[end - 1 : end + 1].isalnum()


label_files = pytest.mark.parametrize(
    "path",
    [DEV, TEST, INVENTED, FIRST_FIVE, LAST_THREE, *ACCOUNTS, *ORDINARY],
    ids=lambda path: f"{path.parent.name}-{path.stem}",
)
example_documents = pytest.mark.parametrize("doc_id", sorted(path.stem for path in EXAMPLES.glob("*.txt")))


@label_files
def test_every_labelled_quotation_stands_at_its_offsets(path: Path) -> None:
    for label in read_lines(path):
        assert TEXTS[label["doc_id"]][label["start"] : label["end"]] == label["quote"]


@label_files
def test_every_loaded_span_is_whole_words_inside_its_sentence(path: Path) -> None:
    for label in read_lines(path):
        text, end = TEXTS[label["doc_id"]], label["start"]
        for first, last in label.get("loaded", ()):
            assert end <= first < last <= label["end"], label["quote"]
            assert is_whole_words(text, first, last), text[first:last]
            end = last


@label_files
def test_every_label_holds_only_values_of_the_guide(path: Path) -> None:
    for label in read_lines(path):
        assert list(label) == [*KEYS, *(key for key in OPTIONAL if key in label)]
        assert label["voice"] in set(Voice)
        kinds = [claim["kind"] for claim in label.get("claims", ())]
        assert set(kinds) <= KINDS, label["quote"]
        assert len(kinds) == len(set(kinds)), label["quote"]
        assert all(isinstance(claim["sourced"], bool) for claim in label.get("claims", ()))


@label_files
def test_the_narrator_has_no_source_and_every_direct_quotation_has_one(path: Path) -> None:
    for label in read_lines(path):
        if label["voice"] == Voice.NARRATOR:
            assert (label["source"], label["party"]) == (None, None), label["quote"]
        if label["voice"] == Voice.DIRECT_QUOTE:
            assert label["source"], label["quote"]


@label_files
def test_an_agentless_claim_is_never_sourced(path: Path) -> None:
    claims = [claim for label in read_lines(path) for claim in label.get("claims", ())]
    assert not any(claim["sourced"] for claim in claims if claim["kind"] == "agentless")


@label_files
def test_every_labelled_party_is_declared(path: Path) -> None:
    declared = {party.name for party in read_parties(parties_of(path)).parties}
    assert {label["party"] for label in read_lines(path)} - {None} <= declared


def test_labels_cover_every_sentence_and_stand_on_sentence_boundaries() -> None:
    labelled: dict[str, set[tuple[int, int]]] = {}
    for label in [*read_lines(DEV), *read_lines(TEST), *read_lines(INVENTED)]:
        labelled.setdefault(label["doc_id"], set()).add((label["start"], label["end"]))
    for doc_id, spans in labelled.items():
        sentences = outline(TEXTS[doc_id], doc_id).sentences
        assert spans == {(s.span.start, s.span.end) for s in sentences if not s.heading}


def test_there_are_enough_labels_of_every_voice() -> None:
    for path, least in ((DEV, 150), (TEST, 150), (INVENTED, 60)):
        labels = read_lines(path)
        assert len(labels) >= least
        assert min(Counter(label["voice"] for label in labels)[voice] for voice in Voice) >= 30


def test_the_development_texts_are_split_by_document_and_every_kind_of_claim_stands_in_both_halves() -> None:
    dev, held_out = read_lines(FIRST_FIVE), read_lines(LAST_THREE)
    assert not {label["doc_id"] for label in dev} & {label["doc_id"] for label in held_out}
    for labels, split in ((dev, "dev"), (held_out, "held-out")):
        assert {label["split"] for label in labels} == {split}
        assert {claim["kind"] for label in labels for claim in label["claims"]} == KINDS


def test_dev_and_test_share_no_section() -> None:
    dev, test = ({label["section"] for label in read_lines(path)} for path in (DEV, TEST))
    assert not dev & test
    assert {label["split"] for label in read_lines(DEV)} == {"dev"}
    assert {label["split"] for label in read_lines(TEST)} == {"test"}


def test_of_the_invented_corpus_the_chronicle_alone_is_development_data() -> None:
    splits = {(label["doc_id"], label["split"]) for label in read_lines(INVENTED)}
    assert {doc_id for doc_id, split in splits if split == "dev"} == {"maravel-courier-chronicle"}
    assert {doc_id for doc_id, split in splits if split == "test"} == {"orsel-weir-narrative", "union-observer-report"}


@example_documents
def test_every_example_has_a_card_that_names_its_holder(doc_id: str) -> None:
    parties = read_parties(EXAMPLES / "parties.toml")
    card = read_card(EXAMPLES / f"{doc_id}.toml", TEXTS[doc_id], parties)
    assert card.value("perspective.holder")
    assert card.stance.keys() == {"Orsel", "Maravel"}


@example_documents
def test_card_evidence_is_whole_words_of_the_text(doc_id: str) -> None:
    text = TEXTS[doc_id]
    card = read_card(EXAMPLES / f"{doc_id}.toml", text)
    stated = [field for field in card.fields.values() if field.basis is Basis.STATED]
    assert stated
    for field in stated:
        assert field.evidence
        assert all(span.of(text).strip() == span.of(text) for span in field.evidence)
        assert all(is_whole_words(text, span.start, span.end) for span in field.evidence)


@example_documents
def test_every_name_on_a_card_stands_in_the_text(doc_id: str) -> None:
    card = read_card(EXAMPLES / f"{doc_id}.toml", TEXTS[doc_id])
    assert card.naming
    assert all(pair.here.lower() in TEXTS[doc_id].lower() for pair in card.naming)


def test_every_gold_quotation_and_short_answer_stands_in_its_document() -> None:
    for question in read_lines(QUESTIONS):
        assert question["answerable"] == bool(question["gold"]), question["id"]
        for gold in question["gold"]:
            assert TEXTS[gold["doc_id"]][gold["start"] : gold["end"]] == gold["quote"]
            assert gold.get("short", "") in gold["quote"]


def test_questions_are_enough_and_many_are_answered_by_both_sides() -> None:
    questions = read_lines(QUESTIONS)
    assert len({question["id"] for question in questions}) == len(questions) >= 30
    assert sum(not question["answerable"] for question in questions) >= 10
    several = [q for q in questions if len({gold["doc_id"] for gold in q["gold"]}) > 1]
    assert len(several) >= 15


def parties_of(path: Path) -> Path:
    if DEVELOPMENT in path.parents:
        return path.parent / "corpus" / "parties.toml"
    return EXAMPLES / "parties.toml" if path == INVENTED else ROOT / "corpus" / "parties.toml"


@pytest.mark.parametrize("split", ["dev", "held-out"])
def test_accounts_labelled_with_claims_name_kinds_that_the_guide_knows(split):
    rows = read_lines(DEVELOPMENT / f"claims.{split}.jsonl")
    assert len(rows) > 200
    assert all(set(row) == {"account", "paragraph", "text", "claims"} for row in rows)
    assert all(set(row["claims"]) <= KINDS and len(set(row["claims"])) == len(row["claims"]) for row in rows)
    assert {row["account"] for row in rows} == ({1, 2, 3, 4} if split == "dev" else {5, 6})


@pytest.mark.parametrize("path", [DEVELOPMENT / "accounts.held-out.jsonl", ROOT / "training" / "accounts.jsonl"])
def test_accounts_name_the_words_that_carry_each_claim(path):
    rows = read_lines(path)
    readings = [(row["text"], claims) for row in rows for claims in (row["claims"], row.get("second", {}))]
    assert all(set(claims) <= KINDS for _, claims in readings)
    assert all(cue and cue in text for text, claims in readings for cue in claims.values())
    assert any("second" in row for row in rows) == (path.parent == DEVELOPMENT)


def test_no_sentence_of_an_account_that_measures_is_trained_on():
    trained = {row["text"] for row in read_lines(ROOT / "training" / "accounts.jsonl")}
    for name in ("accounts.held-out.jsonl", "claims.held-out.jsonl"):
        shared = {row["text"] for row in read_lines(DEVELOPMENT / name)} & trained
        assert not shared, shared


def test_typed_questions_are_answered_by_their_paragraph_or_by_a_sentence_that_is_put_in():
    paragraphs = {
        blake2b(text.encode(), digest_size=8).hexdigest(): text
        for path in (DEVELOPMENT / "corpus").glob("*.txt")
        for text in map(str.strip, re.split(r"\n\s*\n", path.read_text(encoding="utf-8")))
    }
    accounts = groupby(read_lines(ROOT / "training" / "accounts.jsonl"), key=itemgetter("account", "paragraph"))
    for text in (" ".join(row["text"] for row in sentences) for _, sentences in accounts):
        paragraphs[blake2b(text.encode(), digest_size=8).hexdigest()] = text
    rows = read_lines(ROOT / "training" / "chat.jsonl")
    invented = [row for row in rows if row["paragraph"] in paragraphs]
    assert len(invented) > 9_000  # the others' paragraphs stand in public sets
    for row in rows:
        assert row["question"].strip()
        if row["answer"] is None:
            assert row["inserted"]["text"].count(row["inserted"]["answer"]) == 1
    for row in invented:
        if answer := row["answer"]:
            assert paragraphs[row["paragraph"]].startswith(answer["text"], answer["answer_start"])


def test_no_typed_question_is_about_the_first_corpus():
    text = (ROOT / "training" / "chat.jsonl").read_text(encoding="utf-8").casefold()
    assert not [name for name in ("karabakh", "azerbaijan", "shusha", "aliyev", "pashinyan") if name in text]
