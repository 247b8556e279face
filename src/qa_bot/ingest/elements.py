"""What elements of HTML and XML have in common."""

from typing import Any


def name_of(element: Any) -> str:
    """The element's name in lower case without its namespace; empty for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""
