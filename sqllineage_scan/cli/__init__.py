"""The command line. Each module in this folder is a command of its name; ``shell/`` is what they share."""

from __future__ import annotations

import sys


def main() -> None:
    """The entry point ``sqllineage-scan``."""
    if sys.argv[1:] == ["--version"]:  # scripts ask for it: no need to load anything
        from sqllineage_scan import __version__

        sys.stdout.write(f"sqllineage-scan {__version__}\n")
        return
    try:
        from sqllineage_scan.cli.shell.application import run
        from sqllineage_scan.cli.shell.commands import Leaving

        leaving = Leaving()
        leaving.listen()
        sys.exit(leaving.code(run(sys.argv[1:])))
    except KeyboardInterrupt:  # while we are still being loaded
        sys.exit(130)
