"""Text from a repository as nothing but text, wherever it is printed.

Whoever prints does not know where that ends: in a terminal, which obeys control characters; before a person, who cannot see a
zero-width space; in the log of a CI job, which obeys lines. So what is no text is taken out of lines for people, and spelt with
escapes where a format has them, which changes no value.

    ::set-output name=verdict::safe        at the beginning of a line      GitHub: actions/runner, ActionCommand.TryParseV2
    orders ##[stop-commands]x              anywhere in a line              the same, TryParse
    orders ##vso[task.setvariable …]       anywhere in a line              Azure Pipelines, "Logging commands"
"""

from __future__ import annotations

import json
import re
from typing import Any, TextIO

# Format characters (Cf) and separators that turn, join, hide or break text, and letters that are drawn as nothing
_HIDDEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3164\ufeff\uffa0"
    "\ufff0-\ufffb\U000e0000-\U000e0fff"
)
_UNFOLDED = 1 << 30  # characters of a line
_JOINERS = "\u200c\u200d"  # which Persian, Hindi and emoji need, between letters of theirs
_UNSEEN = re.compile(f"[\x00-\x1f\x7f-\x9f{_HIDDEN}]")
_JOINED = re.compile(f"(?<=[^\x00-\xad{_HIDDEN}])[{_JOINERS}](?=[^\x00-\xad{_HIDDEN}])")
_COMMAND_INSIDE = re.compile(r"##(?=\[|vso\[)")
_COMMAND_AHEAD = re.compile(r"^(?=\s*::)")
_COMMAND_AHEAD_OF_ANY = re.compile(r"^(\s*):(?=:)", re.MULTILINE)


def without_unseen(text: str) -> str:
    """A space for each letter that is not seen, or turns those around it."""
    if text.isascii() and text.isprintable():
        return text
    kept = {found.start() for found in _JOINED.finditer(text)}
    return _UNSEEN.sub(lambda found: found.group() if found.start() in kept else " ", text)


def without_commands(text: str) -> str:
    """``##[`` with a space in it: inside of a line there is no other way."""
    return _COMMAND_INSIDE.sub("# #", text) if "##" in text else text


def encodable(text: str) -> str:
    """Of file names that are no UTF-8 Python keeps lone surrogates, which nothing can write: as ``outputs/files.py`` does."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")


def begins_like_a_command(row: str) -> bool:
    return _COMMAND_AHEAD.match(row) is not None


def in_json(text: str) -> str:
    """A JSON text with escapes for what is unseen and what a log would obey: the same values."""
    if "##" in text:
        text = _COMMAND_INSIDE.sub(r"\\u0023#", text)
    if text.isascii() and "\x7f" not in text:
        return text
    return _UNSEEN.sub(_json_escape, text)


def _json_escape(found: re.Match[str]) -> str:
    letter = found.group()
    return letter if letter == "\n" else json.dumps(letter)[1:-1] if letter != "\x7f" else "\\u007f"


def write_json(document: Any, out: TextIO) -> None:
    """Indented, in UTF-8, and harmless in a terminal and in a log."""
    out.write(in_json(json.dumps(document, indent=2, ensure_ascii=False)) + "\n")


def write_yaml(document: Any, out: TextIO) -> None:
    """In its own order. Where there is anything odd in it, texts with that are quoted and spelt with escapes: the same values."""
    import yaml

    class Dumper(yaml.SafeDumper):
        pass

    def represent(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"' if _is_odd(text) else None)

    plain: str = yaml.safe_dump(document, sort_keys=False, allow_unicode=True)
    if not _is_odd(plain.replace("\n", " ")):
        out.write(plain)
        return
    Dumper.add_representer(str, represent)
    text: str = yaml.dump(document, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=_UNFOLDED)
    out.write(_UNSEEN.sub(_yaml_escape, _COMMAND_INSIDE.sub(r"\\x23#", text)))


def _is_odd(text: str) -> bool:
    return "::" in text or _UNSEEN.search(text) is not None or _COMMAND_INSIDE.search(text) is not None


def _yaml_escape(found: re.Match[str]) -> str:
    letter = found.group()
    return letter if letter == "\n" else f"\\U{ord(letter):08x}"


def in_xml(text: str) -> str:
    """XML with references for what is unseen and what a log would obey: the same values."""
    text = _COMMAND_AHEAD_OF_ANY.sub(r"\1&#58;", text) if "::" in text else text
    text = _COMMAND_INSIDE.sub("&#35;#", text) if "##" in text else text
    return _UNSEEN.sub(_xml_reference, text)


def _xml_reference(found: re.Match[str]) -> str:
    return found.group() if found.group() == "\n" else f"&#{ord(found.group())};"
