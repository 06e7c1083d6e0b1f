"""What ``emit`` does: lineage sent, and the runs of commands told."""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sqllineage_scan.cli.shell.repository import graph_of
from sqllineage_scan.cli.shell.selection import selected
from sqllineage_scan.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqllineage_scan.cli.shell.terminal import Terminal
    from sqllineage_scan.integrations.openlineage.run_events import RunTeller
    from sqllineage_scan.integrations.openlineage.sender import Sender
    from sqllineage_scan.integrations.openlineage.spool import Spool
    from sqllineage_scan.outputs.naming import Name

_OURSELVES = "sqllineage-scan"


@dataclass(frozen=True, kw_only=True)
class Telling:
    terminal: Terminal
    path: Path
    spool: Spool
    patience: float  # seconds
    target: str | None
    job_name: str | None
    select: tuple[str, ...]
    exclude: tuple[str, ...]

    def send(self, *, graph: bool, as_run: bool) -> tuple[int, bool]:
        """The lineage of PATH, if ``graph``; ``as_run``: between the START and the end of a run. Whether all was sent."""
        sender = self._sender()
        try:
            if as_run:
                self._scan_as_run(sender)
            elif graph:
                self._send_graph(sender)
        finally:
            complete = self._close(sender)
        return 0, complete

    def run_command(self, words: Sequence[str]) -> tuple[int, bool]:
        """The exit code of the command, whatever happens to the events, and whether those were sent."""
        from sqllineage_scan.integrations.openlineage.dbt_results import target_folder, test_results
        from sqllineage_scan.integrations.openlineage.run import child_environment, execute, job_name_of

        if shutil.which(words[0]) is None:
            raise UsageError(f"there is no program {words[0]!r} to run")
        environment = dict(os.environ)  # as it is, before the client adds words of its own
        sender = self._sender()
        teller = self._teller(self.job_name or job_name_of(words), Path(words[0]).name)
        sender.send([teller.start()])
        since = time.time()
        outcome = execute(words, child_environment(environment, teller.run))
        tests = test_results(target_folder(words, environment), since, self._name_of_node)
        sender.send([teller.end(outcome, tests)])
        return outcome.shell_code, self._close(sender)

    def _sender(self) -> Sender:
        from sqllineage_scan.integrations.openlineage.sender import Sender

        return Sender(self.spool, patience=self.patience)

    def _send_graph(self, sender: Sender) -> None:
        """The static events, of now: a backend orders by time, and this is when it is told."""
        from sqllineage_scan.cli.shell.surroundings import surroundings_of
        from sqllineage_scan.outputs.formats import remarks
        from sqllineage_scan.outputs.openlineage.events import events

        graph = selected(graph_of(self.path, self.terminal), self.select, self.exclude, self.terminal)
        around = surroundings_of(self.path, target=self.target, event_time=datetime.now(UTC).isoformat())
        for remark in remarks("lineage", "openlineage", graph, around=around):
            self.terminal.talk(remark)
        sender.send(events(graph, around))

    def _scan_as_run(self, sender: Sender) -> None:
        from sqllineage_scan.integrations.openlineage.run import Outcome

        teller = self._teller(self.job_name or f"{_OURSELVES}.scan", _OURSELVES)
        sender.send([teller.start()])
        try:
            self._send_graph(sender)
        except BaseException as error:
            code = 130 if isinstance(error, KeyboardInterrupt) else 2 if isinstance(error, UsageError) else 3
            sender.send([teller.end(Outcome(code, f"{type(error).__name__}: {error}"))])
            raise
        sender.send([teller.end(Outcome(0))])

    def _teller(self, job_name: str, program: str) -> RunTeller:
        from openlineage.client.uuid import generate_new_uuid

        from sqllineage_scan.cli.shell.surroundings import job_namespace
        from sqllineage_scan.integrations.openlineage.context import ROOT_PARENT, RunOf, parent_of, trace_of
        from sqllineage_scan.integrations.openlineage.run_events import RunTeller

        folder = self.path if self.path.is_dir() else Path()
        namespace = os.environ.get("OPENLINEAGE_NAMESPACE") or job_namespace(folder, self.target)
        return RunTeller(
            run=RunOf(namespace, job_name, str(generate_new_uuid())),
            program=program,
            parent=parent_of(os.environ),
            root=parent_of(os.environ, ROOT_PARENT),
            trace=trace_of(os.environ),
        )

    def _name_of_node(self, unique_id: str) -> Name | None:
        return self._names_of_nodes.get(unique_id)

    @cached_property
    def _names_of_nodes(self) -> Mapping[str, Name]:
        """What the static events call the dataset of a dbt node; the repository is scanned for it, when first asked."""
        from sqllineage_scan import api
        from sqllineage_scan.cli.shell.surroundings import surroundings_of
        from sqllineage_scan.outputs.naming import Names

        try:
            graph = api.scan(self.path)
            known = Names(graph, surroundings_of(self.path, target=self.target).naming)
        except UsageError:
            return {}
        named = {dataset.unique_id: known.dataset(dataset.id) for dataset in graph.datasets if dataset.unique_id}
        return named | {node.unique_id: known.dataset(node.dataset) for node in graph.nodes if node.dataset is not None}

    def _close(self, sender: Sender) -> bool:
        from sqllineage_scan.outputs.lines import counted

        sent = sender.close()
        if sent.spooled:
            waiting = counted(sent.spooled, "event")
            self.terminal.talk(
                f"{waiting} could not be sent ({sent.reason}); kept in {self.spool.path}, sent first the next time"
            )
        elif sent.sent:
            self.terminal.talk(f"{counted(sent.sent, 'event')} sent ({sent.transport})")
        return not sent.spooled
