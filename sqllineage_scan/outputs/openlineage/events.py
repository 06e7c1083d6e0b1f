"""The events of a graph: one a dataset, one a job, one an exposure, one a dbt test. All static: nothing has run."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from openlineage.client.event_v2 import DatasetEvent, InputDataset, JobEvent, OutputDataset, StaticDataset
from openlineage.client.event_v2 import Job as EventJob
from openlineage.client.facet_v2 import job_type_job, lifecycle_state_change_dataset

from sqllineage_scan.domain.job import Job, JobKind
from sqllineage_scan.graph import encode
from sqllineage_scan.outputs.naming import Names
from sqllineage_scan.outputs.openlineage.dataset_facets import dataset_facets
from sqllineage_scan.outputs.openlineage.job_facets import exposure_facets, job_facets, place_facets
from sqllineage_scan.outputs.openlineage.lineage_facets import Into, column_lineage, explicit_lineage
from sqllineage_scan.outputs.openlineage.own_facets import KEY, SqlLineageScanDatasetFacet, SqlLineageScanJobFacet
from sqllineage_scan.outputs.openlineage.producer import PRODUCER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqllineage_scan.domain.dataset import Dataset
    from sqllineage_scan.domain.dbt import Node
    from sqllineage_scan.domain.job import Exposure
    from sqllineage_scan.domain.names import DatasetId, JobId
    from sqllineage_scan.graph.content import Content
    from sqllineage_scan.outputs.surroundings import Surroundings

Event = DatasetEvent | JobEvent


def events(content: Content, around: Surroundings) -> Iterator[Event]:
    teller = _Teller(content, around)
    yield from map(teller.dataset, content.datasets)
    yield from map(teller.job, content.jobs)
    yield from teller.jobs_of_nobody()
    yield from map(teller.exposure, content.exposures)
    yield from (teller.test(node) for node in content.nodes if node.resource_type == "test" and node.enabled)


class _Teller:
    def __init__(self, content: Content, around: Surroundings) -> None:
        self._content = content
        self._around = around
        self._names = Names(content, around.naming)
        self._datasets = {dataset.id: dataset for dataset in content.datasets}
        self._by_unique_id = {dataset.unique_id: dataset.id for dataset in content.datasets if dataset.unique_id}
        self._by_unique_id |= {node.unique_id: node.dataset for node in content.nodes if node.dataset is not None}
        self._into = _by_job(content)
        self._project = {"name": content.name, "revision": content.revision, "dialects": dict(content.dialects)}

    def dataset(self, dataset: Dataset) -> DatasetEvent:
        name = self._names.dataset(dataset.id)
        facets = dataset_facets(dataset, self._names)
        facets[KEY] = SqlLineageScanDatasetFacet(dataset=encode.of_dataset(dataset), producer=PRODUCER)
        return DatasetEvent(
            eventTime=self._around.event_time,
            producer=PRODUCER,
            dataset=StaticDataset(namespace=name.namespace, name=name.name, facets=facets),
        )

    def job(self, job: Job) -> JobEvent:
        owners = [owner for target in job.writes if (owner := self._datasets[target].owner) is not None]
        facets = job_facets(job, owners, self._around)
        facets[KEY] = SqlLineageScanJobFacet(project=self._project, job=encode.of_job(job), producer=PRODUCER)
        into = {target: self._into[job.id].get(target, Into()) for target in job.writes} | self._into[job.id]
        if into:
            facets["lineage"] = explicit_lineage(into, self._names)
        name = self._names.job(job)
        return JobEvent(
            eventTime=self._around.event_time,
            producer=PRODUCER,
            job=EventJob(namespace=name.namespace, name=name.name, facets=facets),
            inputs=[self._input(dataset) for dataset in job.reads],
            outputs=[self._output(dataset, each, job) for dataset, each in into.items()],
        )

    def jobs_of_nobody(self) -> Iterator[JobEvent]:
        """Edges name a job that the graph has no entry of, in documents of somebody else's."""
        from sqllineage_scan.domain.span import whole_file

        known = {job.id for job in self._content.jobs}
        for job in sorted(self._into.keys() - known):
            yield self.job(Job(job, JobKind.QUERY, "", whole_file(job.name)))

    def exposure(self, exposure: Exposure) -> JobEvent:
        name = self._names.of_path(exposure.span.path, exposure.unique_id or f"exposure.{exposure.name}")
        facets = exposure_facets(exposure, self._around)
        facets[KEY] = SqlLineageScanJobFacet(project=self._project, exposure=encode.of_exposure(exposure), producer=PRODUCER)
        return JobEvent(
            eventTime=self._around.event_time,
            producer=PRODUCER,
            job=EventJob(namespace=name.namespace, name=name.name, facets=facets),
            inputs=[self._input(dataset) for dataset in exposure.depends_on],
            outputs=[],
        )

    def test(self, node: Node) -> JobEvent:
        """A dbt test that nobody has run: the spec's assertions say how one went, which is told by ``emit --run``."""
        from sqllineage_scan.domain.span import whole_file

        name = self._names.of_path(node.path, node.unique_id)
        tested = dict.fromkeys(self._by_unique_id[parent] for parent in node.depends_on if parent in self._by_unique_id)
        facets: dict[str, Any] = {
            "jobType": job_type_job.JobTypeJobFacet(processingType="BATCH", integration="DBT", jobType="TEST", producer=PRODUCER),
            KEY: SqlLineageScanJobFacet(project=self._project, test=encode.of_node(node), producer=PRODUCER),
            **place_facets(whole_file(node.path), self._around.checkout),
        }
        return JobEvent(
            eventTime=self._around.event_time,
            producer=PRODUCER,
            job=EventJob(namespace=name.namespace, name=name.name, facets=facets),
            inputs=[self._input(dataset) for dataset in tested if dataset in self._datasets],
            outputs=[],
        )

    def _input(self, dataset: DatasetId) -> InputDataset:
        name = self._names.dataset(dataset)
        return InputDataset(namespace=name.namespace, name=name.name)

    def _output(self, dataset: DatasetId, into: Into, job: Job) -> OutputDataset:
        name = self._names.dataset(dataset)
        facets: dict[str, Any] = {
            KEY: SqlLineageScanDatasetFacet(
                edges={
                    "column_edges": [encode.of_column_edge(edge) for edge in into.columns],
                    "row_edges": [encode.of_row_edge(edge) for edge in into.rows],
                    "dataset_edges": [encode.of_dataset_edge(edge) for edge in into.datasets],
                },
                producer=PRODUCER,
            )
        }
        if into.columns or into.rows:
            facets["columnLineage"] = column_lineage(into, self._names)
        if job.kind is JobKind.RENAME and len(job.reads) == 1:
            facets["lifecycleStateChange"] = self._renamed(job.reads[0])
        return OutputDataset(namespace=name.namespace, name=name.name, facets=facets)

    def _renamed(self, before: DatasetId) -> Any:
        name = self._names.dataset(before)
        return lifecycle_state_change_dataset.LifecycleStateChangeDatasetFacet(
            lifecycleStateChange=lifecycle_state_change_dataset.LifecycleStateChange.RENAME,
            previousIdentifier=lifecycle_state_change_dataset.PreviousIdentifier(name=name.name, namespace=name.namespace),
            producer=PRODUCER,
        )


def _by_job(content: Content) -> defaultdict[JobId, dict[DatasetId, Into]]:
    grouped: defaultdict[JobId, defaultdict[DatasetId, tuple[list[Any], list[Any], list[Any]]]]
    grouped = defaultdict(lambda: defaultdict(lambda: ([], [], [])))
    for edge in content.column_edges:
        grouped[edge.job][edge.target.dataset][0].append(edge)
    for row_edge in content.row_edges:
        grouped[row_edge.job][row_edge.target][1].append(row_edge)
    for link in content.dataset_edges:
        grouped[link.job][link.target][2].append(link)
    found: Mapping[JobId, dict[DatasetId, Into]] = {
        job: {target: Into(*map(tuple, each)) for target, each in sorted(targets.items())} for job, targets in grouped.items()
    }
    return defaultdict(dict, found)
