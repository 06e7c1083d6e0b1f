"""The events of one run: START, then COMPLETE, FAIL or ABORT, with the same run id and job."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import attr
from openlineage.client.event_v2 import InputDataset, Job, Run, RunEvent, RunState
from openlineage.client.facet_v2 import (
    RunFacet,
    data_quality_assertions_dataset,
    error_message_run,
    job_type_job,
    parent_run,
    processing_engine_run,
    test_run,
)

from sqllineage_scan.bundled import version
from sqllineage_scan.outputs.openlineage.own_facets import KEY, SCHEMA_URL
from sqllineage_scan.outputs.openlineage.producer import PRODUCER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqllineage_scan.integrations.openlineage.context import RunOf, Trace
    from sqllineage_scan.integrations.openlineage.dbt_results import TestResult
    from sqllineage_scan.integrations.openlineage.run import Outcome


@attr.define
class SqlLineageScanRunFacet(RunFacet):
    """``trace``: ids of W3C Trace Context. ``exitCode``: of the command."""

    trace: dict[str, str] | None = attr.field(default=None)
    exitCode: int | None = attr.field(default=None)  # noqa: N815 -- the spec's spelling

    @staticmethod
    def _get_schema() -> str:
        return f"{SCHEMA_URL}#/$defs/SqlLineageScanRunFacet"


@dataclass(frozen=True, slots=True)
class RunTeller:
    run: RunOf
    program: str
    parent: RunOf | None = None
    root: RunOf | None = None
    trace: Trace | None = None

    def start(self) -> RunEvent:
        return self._event(RunState.START, {})

    def end(self, outcome: Outcome, tests: Sequence[TestResult] = ()) -> RunEvent:
        if outcome.aborted:
            return self._event(RunState.ABORT, {}, outcome)
        facets: dict[str, Any] = {}
        if outcome.code:
            said = f"{self.run.name} ended with exit code {outcome.shell_code}"
            facets["errorMessage"] = error_message_run.ErrorMessageRunFacet(
                message=said, programmingLanguage="shell", stackTrace=outcome.stderr or None, producer=PRODUCER
            )
        if tests:
            facets["test"] = _tests(tests)
        state = RunState.FAIL if outcome.code else RunState.COMPLETE
        return self._event(state, facets, outcome, _tested(tests))

    def _event(
        self,
        state: RunState,
        facets: Mapping[str, Any],
        outcome: Outcome | None = None,
        inputs: Sequence[InputDataset] = (),
    ) -> RunEvent:
        kind = job_type_job.JobTypeJobFacet(processingType="BATCH", integration="COMMAND", jobType="COMMAND", producer=PRODUCER)
        return RunEvent(
            eventTime=datetime.now(UTC).isoformat().replace("+00:00", "Z"),
            producer=PRODUCER,
            eventType=state,
            run=Run(runId=self.run.run_id, facets={**self._facets(outcome), **facets}),
            job=Job(namespace=self.run.namespace, name=self.run.name, facets={"jobType": kind}),
            inputs=list(inputs),
            outputs=[],
        )

    def _facets(self, outcome: Outcome | None) -> dict[str, Any]:
        facets: dict[str, Any] = {
            "processing_engine": processing_engine_run.ProcessingEngineRunFacet(
                version="unknown", name=self.program, openlineageAdapterVersion=version(), producer=PRODUCER
            )
        }
        if self.parent is not None:
            facets["parent"] = parent_run.ParentRunFacet(
                run=parent_run.Run(runId=self.parent.run_id),
                job=parent_run.Job(namespace=self.parent.namespace, name=self.parent.name),
                root=_root(self.root or self.parent),
                producer=PRODUCER,
            )
        trace = self.trace and {"traceId": self.trace.trace_id, "spanId": self.trace.span_id, "traceFlags": self.trace.flags}
        if trace or outcome is not None:
            code = None if outcome is None else outcome.shell_code
            facets[KEY] = SqlLineageScanRunFacet(trace=trace or None, exitCode=code, producer=PRODUCER)
        return facets


def _root(root: RunOf) -> parent_run.Root:
    return parent_run.Root(
        run=parent_run.RootRun(runId=root.run_id), job=parent_run.RootJob(namespace=root.namespace, name=root.name)
    )


def _tests(tests: Sequence[TestResult]) -> test_run.TestRunFacet:
    executions = [
        test_run.TestExecution(
            name=test.unique_id,
            status=test.status,
            severity=test.severity,
            type=test.kind,
            description=test.message or None,
        )
        for test in tests
    ]
    return test_run.TestRunFacet(tests=executions, producer=PRODUCER)


def _tested(tests: Sequence[TestResult]) -> list[InputDataset]:
    """Each dataset that was tested, with what was found. A test that was skipped asserts nothing."""
    by_dataset: dict[tuple[str, str], list[Any]] = {}
    for test in tests:
        if test.dataset is not None and test.status in ("pass", "fail"):
            assertion = data_quality_assertions_dataset.Assertion(
                assertion=test.kind,
                success=test.status == "pass",
                column=test.column or None,
                severity=test.severity,
                name=test.unique_id,
            )
            by_dataset.setdefault((test.dataset.namespace, test.dataset.name), []).append(assertion)
    facet = data_quality_assertions_dataset.DataQualityAssertionsDatasetFacet
    return [
        InputDataset(
            namespace=namespace,
            name=name,
            inputFacets={"dataQualityAssertions": facet(assertions=found, producer=PRODUCER)},
        )
        for (namespace, name), found in sorted(by_dataset.items())
    ]
