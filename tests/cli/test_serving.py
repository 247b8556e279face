import pytest

from qa_bot.cli.serving import _serve_by


@pytest.mark.parametrize("name", ["qa_bot", "click", "json"])
def test_a_module_in_the_working_directory_takes_nobodys_place_where_workers_are_served(
    tmp_path, monkeypatch, capfd, name
):
    (tmp_path / f"{name}.py").write_text("raise SystemExit('taken in')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    with pytest.raises(SystemExit):
        _serve_by(2, "127.0.0.1", 0, tmp_path / "nowhere", "")
    told = capfd.readouterr().err
    assert "nowhere: is not a folder" in told
    assert "taken in" not in told
