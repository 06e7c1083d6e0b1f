"""Draw the README's picture: python docs/picture.py (after `make demo`)."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).parents[1]
WIDTH = 92
COMMANDS = ("scan examples/shop -o demo/lineage.json", "show staging.stg_web_visits demo/lineage.json")


def said(command: str) -> str:
    """What a command prints, with its colours."""
    environment = {**os.environ, "FORCE_COLOR": "1", "COLUMNS": str(WIDTH), "TERM": "xterm-256color"}
    environment.pop("NO_COLOR", None)
    words = [sys.executable, "-m", "sqllineage_scan", *command.split()]
    return subprocess.run(words, check=True, capture_output=True, text=True, cwd=ROOT, env=environment).stdout


def main() -> None:
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
    for command in COMMANDS:
        console.print(Text(f"$ sqllineage-scan {command}", style="bold"))
        console.print(Text.from_ansi(said(command)))
    drawn = console.export_svg(title="sqllineage-scan", unique_id="shop")
    own = re.sub(r"@font-face \{.*?\}\n", "", drawn, flags=re.DOTALL)  # nothing from a content delivery network
    (ROOT / "docs" / "shop.svg").write_text(own)


if __name__ == "__main__":
    main()
