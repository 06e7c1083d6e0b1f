"""Statements that keep a database in order and move no values: there is nothing to say of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqllineage_scan.dialects import Dialect

# In every dialect; sqlglot keeps these as text.
_HARMLESS = frozenset(
    "attach grant revoke vacuum analyze explain set reset show use begin end start comment lock unlock checkpoint deallocate "
    "discard reindex cluster msck optimize refresh signal go print help flush kill shutdown system".split()
)


LONGEST = 6  # words: create or replace row access policy

# DDL that sqlglot keeps as text and that touches neither columns nor rows.
_NO_VALUES = re.compile(
    r"alter\s+(?!table\b|view\b|materialized\b)\w+"
    r"|alter\s+(table|view|materialized\s+view)\s+.*?\b(owner\s+to|(enable|disable|force|validate|attach|detach|cluster|inherit|replica)\b"
    r"|set\s+(schema|tablespace|logged|unlogged|tblproperties|tags?|options|comment|location|data_retention|masking)"
    r"|(add|drop)\s+(if\s+(not\s+)?exists\s+)?(partition|constraint|primary|foreign|unique|check|index|row|search)"
    r"|recover\s+partitions|alter\s+column|resume|suspend|convert\s+to|auto_increment)"
    r"|create\s+(or\s+replace\s+)?(or\s+alter\s+)?(unique\s+|event\s+|constraint\s+)?"
    r"(sequence|role|user|trigger|policy|index|extension|schema|database|type|domain|rule|server|publication|subscription|warehouse|"
    r"file\s+format|stage|tag|masking|row\s+access|network|resource|integration|storage|notification|api|secret|statistics|login)\b"
    r"|load\s+'?[\w.]+'?\s*$"
    r"|(put|list|ls|rm|remove|get)\s",
    re.IGNORECASE | re.DOTALL,
)


def is_housekeeping(words: Sequence[str], dialect: Dialect) -> bool:
    """Whether the statement begins as one that its dialect lists: ``dbcc checkdb``, ``msck repair table t``."""
    phrases = dialect.housekeeping
    if words[0] == "SELECT" or words[0] == "WITH" or not phrases:  # nearly always
        return False
    return any(" ".join(words[:length]).lower() in phrases for length in range(1, LONGEST + 1))


def moves_nothing(tree: exp.Expr) -> bool:
    """Whether sqlglot kept as text what moves no values; a word alone is a column to it: ``checkpoint``."""
    if isinstance(tree, exp.Column):
        return tree.name.lower() in _HARMLESS
    if not isinstance(tree, exp.Command):
        return False
    word = str(tree.this).split(maxsplit=1)[0].lower()
    return word in _HARMLESS or bool(_NO_VALUES.match(f"{word} {tree.args.get('expression')}"))
