"""A panel costs what the documentation says: its walk is done in a copy of the front end."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest
from documents import ROOT

WEB = ROOT / "web"
PAGE = (ROOT / "docs" / "adding_a_view_or_notebook.md").read_text(encoding="utf-8")
PANEL, LINE = re.findall(r"```typescript\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.skipif(not (WEB / "node_modules").exists(), reason="the front end's tools are not installed: npm ci")
def test_a_panel_is_one_file_and_one_line(tmp_path):
    shutil.copytree(WEB / "src", tmp_path / "src")
    shutil.copy(WEB / "tsconfig.json", tmp_path)
    (tmp_path / "node_modules").symlink_to(WEB / "node_modules")
    (tmp_path / "src" / "panels" / "step_panel.ts").write_text(PANEL, encoding="utf-8")
    aids = tmp_path / "src" / "panels" / "study_aids.ts"
    before = aids.read_text(encoding="utf-8")
    opening = next(line for line in before.splitlines(keepends=True) if line.startswith("export const PANELS"))
    imported = 'import { StepPanel } from "./step_panel.js";\n'
    after = imported + before.replace(opening, opening + LINE)
    assert len(after.splitlines()) == len(before.splitlines()) + 2
    aids.write_text(after, encoding="utf-8")
    tools = tmp_path / "node_modules" / ".bin"
    checked = subprocess.run([tools / "tsc", "--noEmit"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout
    bundle = [tools / "esbuild", "src/panels/study_aids.ts", "--bundle", "--format=esm", "--outfile=aids.js"]
    subprocess.run(bundle, cwd=tmp_path, capture_output=True, check=True)
    built = (tmp_path / "aids.js").read_text(encoding="utf-8")
    assert '["Large step", StepPanel]' in built
    assert "Step in large type" in built
