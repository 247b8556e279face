"""Publish an index, stopping for long in the middle of writing: to be killed there."""

import sys
import time
from pathlib import Path

from qa_bot.engine import folder, search_index
from qa_bot.index import load_index


def dawdle(*_):
    sys.stdout.write("writing\n")
    sys.stdout.flush()
    time.sleep(60)


if __name__ == "__main__":
    place = sys.argv[2]
    if place.startswith("lance"):
        from qa_bot.engine import tables

        tables.BATCH = 5
        tables.LanceIndex._make_searchable = dawdle
    else:
        folder.files_of = dawdle
    search_index(place).publish(load_index(Path(sys.argv[1])))
