"""Sentence-transformers models of a few hundred random weights, made on the spot."""

from pathlib import Path

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Dense, Normalize, Pooling, Transformer
from transformers import (
    BertConfig,
    BertForMaskedLM,
    BertForQuestionAnswering,
    BertForSequenceClassification,
    BertModel,
    BertPreTrainedModel,
    BertTokenizerFast,
    LongformerConfig,
    LongformerModel,
    MPNetConfig,
    MPNetModel,
)

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"abcdefghijklmnopqrstuvwxyz.?", "weir", "river"]
SIZES = {"vocab_size": len(WORDS), "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2}
SIZES |= {"intermediate_size": 32, "max_position_embeddings": 66}


def mean_pooled(folder: Path) -> Path:
    """BERT, mean pooling, no normalisation."""
    return _saved(folder, _bert(folder), Pooling(16))


def projected(folder: Path) -> Path:
    """BERT, the vector of the first token, a dense layer to eight dimensions, normalised."""
    return _saved(folder, _bert(folder), Pooling(16, pooling_mode="cls"), Dense(16, 8), Normalize())


def relative(folder: Path) -> Path:
    """MPNet, whose positions are counted from the padding on, largest values pooled."""
    torch.manual_seed(2)
    model = MPNetModel(MPNetConfig(**SIZES, pad_token_id=0))
    return _saved(folder, _transformer(folder, model), Pooling(16, pooling_mode="max"))


def unexportable(folder: Path) -> Path:
    """Longformer, which decides by the numbers of the attention mask what it computes."""
    torch.manual_seed(3)
    model = LongformerModel(LongformerConfig(**SIZES, attention_window=4, pad_token_id=0))
    return _saved(folder, _transformer(folder, model), Pooling(16))


def _bert(folder: Path) -> Transformer:
    torch.manual_seed(1)
    return _transformer(folder, BertModel(BertConfig(**SIZES)))


def _transformer(folder: Path, model: torch.nn.Module) -> Transformer:
    folder.mkdir(parents=True)
    (folder / "vocab.txt").write_text("\n".join(WORDS))
    BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder / "plain")
    model.save_pretrained(folder / "plain")
    return Transformer(str(folder / "plain"))


def _saved(folder: Path, *modules: torch.nn.Module) -> Path:
    SentenceTransformer(modules=list(modules), device="cpu").save(str(folder / "model"))
    return folder / "model"


def cross_encoder(folder: Path) -> Path:
    """BERT that judges a pair of texts."""
    return _for_pairs(folder, BertForSequenceClassification, num_labels=1)


def question_answering(folder: Path) -> Path:
    """BERT that marks the start and the end of an answer."""
    return _for_pairs(folder, BertForQuestionAnswering)


def masked(folder: Path) -> Path:
    """BERT that guesses words: no reader."""
    return _for_pairs(folder, BertForMaskedLM)


def _for_pairs(folder: Path, kind: type[BertPreTrainedModel], **options: int) -> Path:
    torch.manual_seed(3)
    folder.mkdir(parents=True)
    (folder / "vocab.txt").write_text("\n".join(WORDS))
    BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)
    kind(BertConfig(**SIZES, **options)).save_pretrained(folder)
    return folder
