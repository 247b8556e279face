"""The chat page: a conversation on the left, the source with the quoted place on the right."""

from qa_bot.chat.feedback import read_feedback
from qa_bot.chat.library import Intake
from qa_bot.chat.page import mount_chat

__all__ = ["Intake", "mount_chat", "read_feedback"]
