"""`qa-bot index --watch`: every change is indexed, once, or as often as it takes."""

from types import SimpleNamespace

import pytest

from qa_bot.cli import indexing
from qa_bot.errors import CorpusError, FolderBusyError, IndexBusyError, QaBotError


class Idle(BaseException):
    """There is nothing left to do but wait for a change."""


@pytest.mark.parametrize(
    ("fault", "tries"),
    [
        (IndexBusyError("index"), 3),
        (FolderBusyError("corpus", "another process has been changing it"), 3),
        (CorpusError("weir.txt", "is empty"), 1),
    ],
)
def test_a_change_that_met_somebody_at_work_is_tried_again_and_a_wrong_file_waits_to_be_changed(
    tmp_path, monkeypatch, capsys, fault: QaBotError, tries
):
    (tmp_path / "weir.txt").write_text("The weir leaks.")
    tried = []

    def update(*_, **__):
        tried.append(fault)
        if len(tried) < 3:
            raise fault

    def idle(_):
        raise Idle

    monkeypatch.setattr(indexing, "update", update)
    monkeypatch.setattr(indexing, "time", SimpleNamespace(sleep=idle))
    with pytest.raises(Idle):
        indexing.follow(tmp_path, tmp_path / "index", encoder=None)
    assert len(tried) == tries
    assert capsys.readouterr().err.count(str(fault)) == min(tries, 2)
