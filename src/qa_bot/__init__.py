"""Answers questions about documents by quoting them: exact spans, speakers and standpoints.

>>> from qa_bot import QaBot
>>> bot = QaBot.build("corpus", "index")
>>> answer = bot.ask("When was Shusha taken?")
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa_bot.bot import QaBot
    from qa_bot.types import Answer, Citation

__version__ = "0.1.0"
__all__ = ["Answer", "Citation", "QaBot", "__version__"]


def __getattr__(name: str) -> object:
    """Import a name when it is first used: `import qa_bot` alone loads no model library."""
    if name == "QaBot":
        from qa_bot.bot import QaBot

        return QaBot
    if name in ("Answer", "Citation"):
        from qa_bot import types

        return getattr(types, name)
    raise AttributeError(f"module 'qa_bot' has no attribute '{name}'")
