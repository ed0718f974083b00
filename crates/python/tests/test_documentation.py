"""The commands and the Python of docs/python.md, run as a newcomer would, in an empty folder."""

import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_the_document_works(program, tmp_path, monkeypatch):
    text = (ROOT / "docs" / "python.md").read_text()
    blocks = re.findall(r"^```(sh|python)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert {language for language, _ in blocks} == {"sh", "python"}
    monkeypatch.chdir(tmp_path)
    folder = Path(os.environ["GLASSMODES_PROGRAM"]).resolve().parent
    environment = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "GLASSMODES_SOURCE": str(ROOT)}
    names = {}
    for language, block in blocks:
        if language == "python":
            exec(compile(block, "docs/python.md", "exec"), names)
        else:
            subprocess.run(["bash", "-eu", "-c", block], check=True, env=environment, capture_output=True)
    assert {path.name for path in tmp_path.glob("*.p*")} == {"mode.png", "softest.png", "figure.pdf"}
    pictures = os.environ.get("GLASSMODES_PICTURES")
    for path in tmp_path.glob("*.p*") if pictures else ():
        (Path(pictures) / path.name).write_bytes(path.read_bytes())
