"""One file in several folders: versions of an index share what they have in common."""

import os
import shutil
from pathlib import Path


def linked(source: Path, folder: Path) -> Path:
    """Put a file into a folder, too: linked where the file system can, else copied."""
    target = folder / source.name
    try:
        os.link(source, target)
    except FileExistsError:
        pass
    except OSError:  # another file system, or one without links
        shutil.copyfile(source, target)
    return target
