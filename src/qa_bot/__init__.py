"""Answers questions about documents by quoting them."""

__version__ = "0.1.0"
__all__ = ["Answer", "Citation", "QaBot", "__version__"]
