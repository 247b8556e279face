"""Processes that run a module of this package, whatever lies in the working directory."""

import os
import sys
from pathlib import Path


def command_of(module: str, *arguments: str) -> list[str]:
    """The command that runs a module; -P: no file beside the documents, as html.py, is taken for a library."""
    return [sys.executable, "-P", "-m", module, *arguments]


def environment() -> dict[str, str]:
    """The variables of this process, and where it has the package from."""
    paths = [str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
