"""Write docs/rules.md, a chapter a rule: python docs/rules.py

All of it is in the rules' own files, but for the counts of public repositories, which `python -m benchmarks.rules` measures.
"""

from __future__ import annotations

import json
from pathlib import Path

from sqllineage_scan.domain.rule import Example, Rule, RuleScope
from sqllineage_scan.linting.load import examples, load_rules
from sqllineage_scan.linting.vocabulary import TESTS, subjects, word

ROOT = Path(__file__).parents[1]
COUNTS = ROOT / "benchmarks" / "rules.json"
_HEAD = (ROOT / "docs" / "rules.head.md").read_text(encoding="utf-8")
_OF_STAGES = """# What the scan itself finds

The same codes, severities and suppressions; a rule may find it less severe than the stage that says it.
"""
_READ = (
    "On public repositories, as they are, without configuration. Every finding that is an error there was read; each is right."
    " Written by `python -m benchmarks.rules REPOSITORY…`.\n"
)
_NEEDS = {RuleScope.STATEMENT: "one statement", RuleScope.GRAPH: "the repository", RuleScope.CHANGE: "a state to compare with"}


def page() -> str:
    rules = load_rules()
    own = [rule for rule in rules if rule.scope is not RuleScope.SCAN]
    stages = [rule for rule in rules if rule.scope is RuleScope.SCAN]
    parts = [
        _HEAD,
        _counts(own),
        "# The rules\n",
        *(_chapter(rule) for rule in sorted(own, key=lambda rule: rule.code)),
        _OF_STAGES,
        *(_chapter(rule) for rule in sorted(stages, key=lambda rule: (rule.code, rule.name))),
        "# The vocabulary\n\n`each:` names one of these, `where:` tests their attributes.\n",
        _tests(),
        *(_word(name) for name in subjects()),
    ]
    return "\n".join(parts).rstrip() + "\n"


def _counts(rules: list[Rule]) -> str:
    """How often each rule fires on public repositories."""
    measured = json.loads(COUNTS.read_text(encoding="utf-8"))
    names = list(measured["repositories"])
    rows = []
    for rule in sorted(rules, key=lambda rule: rule.code):
        found = [measured["repositories"][name]["rules"].get(rule.name, {}) for name in names]
        cells = [" ".join(f"{count} {severity}" for severity, count in each.items()) or "-" for each in found]
        rows.append(f"| [{rule.code}](#{rule.code.lower()}-{rule.name.replace('.', '')}) {rule.name} | {' | '.join(cells)} |")
    heads = " | ".join(names)
    files = " | ".join(f"{measured['repositories'][name]['files']} files" for name in names)
    return "\n".join(
        (
            "# How often they fire\n",
            _READ,
            f"| rule | {heads} |",
            f"|---|{'---|' * len(names)}",
            f"| | {files} |",
            *rows,
            "",
        )
    )


def _chapter(rule: Rule) -> str:
    severity = rule.severity.value if rule.severity else "off"
    needs = f" · needs {_NEEDS[rule.scope]}" if rule.scope in _NEEDS else ""
    lines = [f"## {rule.code} {rule.name}\n", f"**{severity}**{needs}\n", f"{rule.summary} {rule.why}\n"]
    if rule.help:
        lines.append(f"What to do: {_escaped(rule.remedy)}.\n")
    lines += [
        f"`{name}` (default `{json.dumps(option.default)}`): {option.description}\n" for name, option in rule.options.items()
    ]
    lines += [_example(example) for example in examples(rule.name)]
    if rule.similar:
        lines.append(f"Near to it: {'; '.join(rule.similar)}.\n")
    return "\n".join(lines)


def _escaped(text: str) -> str:
    return text.replace("<", "\\<").replace(">", "\\>")


def _example(example: Example) -> str:
    kind = "Bad" if example.flags else "Good"
    lines = [f"{kind}{f', {example.title}' if example.title else ''}:\n"]
    for path, text in example.files.items():
        language = "sql" if path.endswith(".sql") else "yaml" if path.endswith((".yml", ".yaml")) else ""
        lines += [f"```{language}", f"{'--' if language == 'sql' else '#'} {path}", str(text).rstrip(), "```\n"]
    if example.config:
        lines += ["```yaml", "# the configuration", json.dumps(example.config), "```\n"]
    return "\n".join(lines)


def _tests() -> str:
    rows = [f"| `{name}` | {meaning} |" for name, (meaning, _) in TESTS.items()]
    return "\n".join(("| test | holds where the attribute |", "|---|---|", *rows, ""))


def _word(name: str) -> str:
    found = word(name)
    rows = [f"| `{attribute}` | {meaning} |" for attribute, meaning in found.attributes.items()]
    return "\n".join(
        (f"## {name}\n", f"{' '.join(found.meaning.split())}\n", "| attribute | what it is |", "|---|---|", *rows, "")
    )


if __name__ == "__main__":
    (ROOT / "docs" / "rules.md").write_text(page(), encoding="utf-8")
