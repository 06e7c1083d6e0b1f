"""A GitHub Actions runner as far as a composite action notices one: expressions, environment files, steps in a shell.

https://docs.github.com/actions/reference/workflows-and-actions/expressions and …/workflow-commands. The actions that ours
uses are not run: ``setup-python`` gives this Python, ``cache`` is remembered.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ROOT = Path(__file__).parents[2]
LONGEST_SUMMARY = 1024 * 1024
_EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_TOKEN = re.compile(r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<word>[A-Za-z_][\w.-]*)|(?P<sign>==|!=|&&|\|\||[!(),]))")


@dataclass
class Ran:
    """What one step left behind."""

    name: str
    status: int | None  # None: skipped
    stdout: str = ""
    stderr: str = ""
    outputs: dict[str, str] = field(default_factory=dict)
    summary: str = ""


@dataclass
class Runner:
    """``environment`` is what the runner sets for every step (``GITHUB_…``); ``workspace`` the checked-out repository."""

    workspace: Path
    temp: Path
    environment: Mapping[str, str]
    token: str = ""
    event: Mapping[str, Any] = field(default_factory=dict)
    cached: list[Mapping[str, str]] = field(default_factory=list)
    ran: list[Ran] = field(default_factory=list)
    installs: bool = False
    """Whether the step that installs the action is run; else this environment, which has it, stands for it."""

    def use(self, action: Path, given: Mapping[str, str]) -> dict[str, str]:
        """Run a composite action as ``uses:`` would; its outputs. ``failed`` says whether a step failed."""
        definition = yaml.safe_load(action.read_text(encoding="utf-8"))
        assert definition["runs"]["using"] == "composite"
        assert set(given) <= set(definition["inputs"]), "unknown inputs are a warning on GitHub, and a mistake here"
        defaults = {name: self.filled(str(item.get("default", "")), {}) for name, item in definition["inputs"].items()}
        scope: dict[str, Any] = {"inputs": {**defaults, **given}, "steps": {}}
        self.ran = []
        for number, step in enumerate(definition["runs"]["steps"]):
            ran = self._step(step, number, scope, action.parent)
            self.ran.append(ran)
            scope["steps"][step.get("id", f"step{number}")] = {"outputs": ran.outputs}
        return {name: self.filled(item["value"], scope) for name, item in definition["outputs"].items()}

    @property
    def failed(self) -> bool:
        return any(ran.status for ran in self.ran)

    def step(self, name: str) -> Ran:
        return next(ran for ran in self.ran if ran.name == name)

    def _step(self, step: Mapping[str, Any], number: int, scope: Mapping[str, Any], action: Path) -> Ran:
        name = step.get("id", f"step{number}")
        condition = str(step.get("if", "success()"))
        inner = _EXPRESSION.fullmatch(condition.strip())
        condition = inner[1] if inner else condition
        checks_itself = re.search(r"\b(success|failure|cancelled|always)\(\)", condition)
        wanted = self.value(condition, scope)
        if not (wanted and (checks_itself or not self.failed)):
            return Ran(name, None)
        if "uses" in step:
            given = {key: self.filled(str(value), scope) for key, value in step.get("with", {}).items()}
            return self._used(name, step["uses"], given)
        assert step["shell"] == "bash", "a composite action's run needs a shell"
        if "pip install" in step["run"] and not self.installs:
            return Ran(name, 0)
        return self._shell(name, step, scope, action)

    def _used(self, name: str, uses: str, given: Mapping[str, str]) -> Ran:
        known = uses.partition("@")[0]
        if known == "actions/setup-python":
            return Ran(name, 0, outputs={"python-path": sys.executable})
        assert known == "actions/cache", uses
        self.cached.append(given)
        return Ran(name, 0)

    def _shell(self, name: str, step: Mapping[str, Any], scope: Mapping[str, Any], action: Path) -> Ran:
        output, summary = self.temp / f"output-{len(self.ran)}", self.temp / f"summary-{len(self.ran)}"
        event = self.temp / "event.json"
        for path in (output, summary):
            path.write_text("")
        event.write_text(json.dumps(self.event))
        own = {key: self.filled(str(value), scope) for key, value in step.get("env", {}).items()}
        script = self.temp / "step.sh"
        script.write_text(self.filled(step["run"], scope))
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=self.workspace / self.filled(step.get("working-directory", "."), scope),
            env={
                **{key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ},
                **self.environment,
                "CI": "true",
                "GITHUB_ACTIONS": "true",
                "GITHUB_ACTION_PATH": str(action),
                "GITHUB_WORKSPACE": str(self.workspace),
                "GITHUB_EVENT_PATH": str(event),
                "GITHUB_OUTPUT": str(output),
                "GITHUB_STEP_SUMMARY": str(summary),
                "RUNNER_TEMP": str(self.temp),
                "RUNNER_OS": "Linux",
                **own,
            },
            check=False,
            capture_output=True,
            text=True,
            timeout=600,
        )
        text = summary.read_text(encoding="utf-8")
        assert len(text.encode()) <= LONGEST_SUMMARY, "GitHub shows nothing of a longer summary"
        outputs = dict(environment_file(output.read_text(encoding="utf-8")))
        return Ran(name, done.returncode, done.stdout, done.stderr, outputs, text)

    def filled(self, text: str, scope: Mapping[str, Any]) -> str:
        return _EXPRESSION.sub(lambda match: shown(self.value(match[1], scope)), text)

    def value(self, expression: str, scope: Mapping[str, Any]) -> Any:
        tokens: list[tuple[str, str]] = []
        position = 0
        expression = expression.strip()
        while position < len(expression):
            match = _TOKEN.match(expression, position)
            assert match, f"{expression!r} at {position}"
            tokens.append((match.lastgroup or "", match[0].strip()))
            position = match.end()
        reader = _Reader(tokens, self, scope)
        value = reader.either()
        assert not reader.tokens, f"{expression!r}: what is {reader.tokens[0]}?"
        return value

    def context(self, path: str, scope: Mapping[str, Any]) -> Any:
        """What a dotted name means; an empty text where there is no such thing."""
        contexts = {
            **scope,
            "runner": {"temp": str(self.temp), "os": "Linux"},
            "github": {"token": self.token, "event": self.event},
            "true": True,
            "false": False,
        }
        found: Any = contexts
        for part in path.split("."):
            assert found is not contexts or part in contexts, f"there is no context {part}"
            found = found.get(part, "") if isinstance(found, dict) else ""
        return found

    def call(self, name: str, arguments: list[Any]) -> Any:
        if name == "hashFiles":
            files = sorted({file for pattern in arguments for file in self.workspace.glob(pattern) if file.is_file()})
            return (
                hashlib.sha256(b"".join(hashlib.sha256(file.read_bytes()).digest() for file in files)).hexdigest()
                if files
                else ""
            )
        return {"cancelled": False, "always": True, "failure": self.failed, "success": not self.failed}[name]


class _Reader:
    """Expressions by precedence: ``||``, ``&&``, comparison, ``!``."""

    def __init__(self, tokens: list[tuple[str, str]], runner: Runner, scope: Mapping[str, Any]) -> None:
        self.tokens, self.runner, self.scope = tokens, runner, scope

    def either(self) -> Any:
        value = self.both()
        while self._next("||"):
            other = self.both()
            value = value or other
        return value

    def both(self) -> Any:
        value = self.compared()
        while self._next("&&"):
            other = self.compared()
            value = value and other
        return value

    def compared(self) -> Any:
        value = self.single()
        for sign in ("==", "!="):
            if self._next(sign):
                same = str(value).lower() == str(self.single()).lower()  # GitHub compares texts without case
                return same if sign == "==" else not same
        return value

    def single(self) -> Any:
        if self._next("!"):
            return not self.single()
        if self._next("("):
            value = self.either()
            assert self._next(")")
            return value
        kind, text = self.tokens.pop(0)
        if kind == "text":
            return text[1:-1].replace("''", "'")
        assert kind == "word", text
        if not self._next("("):
            return self.runner.context(text, self.scope)
        arguments = []
        while not self._next(")"):
            arguments.append(self.either())
            self._next(",")
        return self.runner.call(text, arguments)

    def _next(self, sign: str) -> bool:
        if self.tokens and self.tokens[0] == ("sign", sign):
            self.tokens.pop(0)
            return True
        return False


def shown(value: Any) -> str:
    return {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def environment_file(text: str) -> Iterable[tuple[str, str]]:
    """``name=value`` and ``name<<delimiter``, as the runner reads GITHUB_OUTPUT."""
    lines = iter(text.splitlines())
    for line in lines:
        name, heredoc, delimiter = line.partition("<<")
        if heredoc and "=" not in name:
            value = []
            for each in lines:
                if each == delimiter:
                    break
                value.append(each)
            else:
                raise AssertionError(f"no end of {name}")
            yield name, "\n".join(value)
        else:
            name, equals, value = line.partition("=")
            assert equals, f"invalid format {line!r}"
            yield name, value
