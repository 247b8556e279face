"""What elements of HTML and XML have in common."""

from typing import Any


def name_of(element: Any) -> str:
    """The element's name in lower case without its namespace; empty for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def value_of(element: Any, name: str) -> str | None:
    """The value of an attribute, whatever its namespace."""
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), None)
