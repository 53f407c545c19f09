"""The lab command copies the notebooks and never overwrites."""

from __future__ import annotations

import pytest

from backpropviz.cli import main, notebook_folder


def test_notebooks_are_copied_once_and_changes_are_kept(tmp_path, capsys):
    folder = tmp_path / "mine"
    assert main(["lab", "--copy-only", "--folder", str(folder)]) == 0
    names = {path.name for path in folder.iterdir()}
    assert names == {path.name for path in notebook_folder().iterdir() if not path.name.startswith(".")}
    (folder / "01_first_graph.ipynb").write_text("changed")
    assert main(["lab", "--copy-only", "--folder", str(folder)]) == 0
    assert (folder / "01_first_graph.ipynb").read_text() == "changed"
    assert "1 of yours kept" in capsys.readouterr().out


def test_a_folder_that_cannot_be_made_is_named(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert main(["lab", "--copy-only", "--folder", str(tmp_path / "file" / "deeper")]) == 1
    assert "file" in capsys.readouterr().err


def test_help_and_version(capsys):
    for arguments in (["--help"], ["lab", "--help"], ["--version"]):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert ended.value.code == 0
    assert "backpropviz 0" in capsys.readouterr().out
    with pytest.raises(SystemExit) as ended:
        main(["nonsense"])
    assert ended.value.code == 2
