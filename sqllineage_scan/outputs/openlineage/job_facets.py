"""What a job is: its SQL, where that stands, whose it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openlineage.client.facet_v2 import (
    documentation_job,
    job_type_job,
    ownership_job,
    source_code_location_job,
    sql_job,
)

from sqllineage_scan.outputs.openlineage.producer import PRODUCER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqllineage_scan.domain.checkout import Checkout
    from sqllineage_scan.domain.job import Exposure, Job
    from sqllineage_scan.domain.span import Span
    from sqllineage_scan.outputs.surroundings import Surroundings

Facets = dict[str, Any]


def job_facets(job: Job, owners: Iterable[str], around: Surroundings) -> Facets:
    """``owners``: those of the datasets that it writes."""
    integration = "DBT" if job.unique_id else "SQL"
    kind = (job.unique_id or "").partition(".")[0] or job.kind.value
    facets: Facets = {
        "jobType": job_type_job.JobTypeJobFacet(
            processingType="BATCH", integration=integration, jobType=kind.upper(), producer=PRODUCER
        )
    }
    text = around.text(job.span)
    if text:
        facets["sql"] = sql_job.SQLJobFacet(query=text, dialect=job.dialect or None, producer=PRODUCER)
    facets.update(place_facets(job.span, around.checkout))
    facets.update(owner_facets(owners))
    return facets


def exposure_facets(exposure: Exposure, around: Surroundings) -> Facets:
    facets: Facets = {
        "jobType": job_type_job.JobTypeJobFacet(
            processingType="BATCH", integration="DBT", jobType=exposure.kind.upper() or "EXPOSURE", producer=PRODUCER
        )
    }
    if exposure.description:
        facets["documentation"] = documentation_job.DocumentationJobFacet(
            description=exposure.description, contentType="text/markdown", producer=PRODUCER
        )
    facets.update(place_facets(exposure.span, around.checkout))
    facets.update(owner_facets([exposure.owner] if exposure.owner else []))
    return facets


def owner_facets(owners: Iterable[str]) -> Facets:
    named = [ownership_job.Owner(name=name, type="OWNER") for name in sorted(set(owners))]
    return {"ownership": ownership_job.OwnershipJobFacet(owners=named, producer=PRODUCER)} if named else {}


def place_facets(span: Span, checkout: Checkout | None) -> Facets:
    """Only where the host is known: the facet wants a whole address."""
    if checkout is None or checkout.file_url is None:
        return {}
    from urllib.parse import quote

    url = checkout.file_url.replace("{path}", quote(span.path)).replace("{line}", str(span.line))
    return {
        "sourceCodeLocation": source_code_location_job.SourceCodeLocationJobFacet(
            type="git",
            url=url,
            repoUrl=checkout.repository or None,
            path=span.path,
            version=checkout.revision,
            branch=checkout.branch or None,
            tag=checkout.tag or None,
            producer=PRODUCER,
        )
    }
