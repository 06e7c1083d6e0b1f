"""``python -m sqllineage_scan`` is ``sqllineage-scan``."""

from sqllineage_scan.cli import main

if __name__ == "__main__":
    main()
