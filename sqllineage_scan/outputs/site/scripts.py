"""The scripts of the site: written in many files for people, served in few for browsers.

No minifier: whole-line comments, indentation and the comments behind a statement are left out, every name stays.
"""

from __future__ import annotations

import re

BUNDLES = {
    "graph.js": ("dom", "store", "route", "camera", "words", "filters", "app"),  # what every view needs
    # one of these two with it, for the first view
    "overview.js": ("map",),
    "focused.js": ("layout", "trace", "focus", "cards", "canvas"),
    "later.js": ("minimap", "panel", "code", "keys", "sqltext", "search", "export", "list", "legend"),  # once that is painted
}
"""Which files make which script, in the order in which they need each other."""

PARTS = frozenset(f"{part}.js" for parts in BUNDLES.values() for part in parts)
_HEAD = "// The files below templates/site/assets of sqllineage-scan, joined and without their comments.\n"
# behind a statement's end only, and without quotes: then it is in no string
_TRAILING = re.compile(r"""(?<=[;{},(\[]) +// [^"'`]*$""")


def joined(sources: list[str]) -> str:
    """Scripts as one. A line break inside a template literal is not allowed in them; tests/site checks that."""
    lines = (line.strip() for source in sources for line in source.splitlines())
    return _HEAD + "".join(f"{_TRAILING.sub('', line)}\n" for line in lines if line and not line.startswith("//"))
