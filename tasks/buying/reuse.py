"""What exists already is taken instead of bought, where a project wants that."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from pymongo.asynchronous.client_session import AsyncClientSession

from documents.jobs.job import Job
from documents.media import library
from documents.media.file_copy import Copy
from documents.media.library_entry import LibraryEntry, LibraryKind
from documents.projects.project import AssetReuse, Project
from documents.tree.asset import Origin, Provenance, StoredFile
from storage.errors import ObjectMissing
from tasks.job_engine.kill_points import KillPoint
from tasks.workshop import Workshop


@dataclass(frozen=True, slots=True)
class Reused:
    """An entry that was made from the same inputs, and the copy of its file that the project got."""

    entry: LibraryEntry
    file: StoredFile
    provenance: Provenance

    async def count(self, shop: Workshop, session: AsyncClientSession) -> None:
        """Count the use, in the transaction that attaches the copy."""
        await library.used(self.entry.id, now=shop.now(), session=session)


async def reused(
    shop: Workshop,
    job: Job,
    project: Project,
    kind: LibraryKind,
    inputs_hash: str,
    *,
    copy: Callable[[StoredFile], Copy],
    without: Collection[str] = (),
) -> Reused | None:
    """The newest entry in reach that was made from exactly these inputs, copied; None where one is bought.

    Args:
        shop: the worker's parts.
        job: on whose behalf.
        project: that gets the copy; says how far it reaches.
        kind: of what is wanted.
        inputs_hash: of what would be asked for.
        copy: says where the copy of a file lies.
        without: SHA-256 of what is there already: who asks again wants something else.
    """
    within = _reach(project)
    if within is None or job.checkpoint.get("purchases"):  # what is being bought is taken when it comes
        return None
    for entry in await library.made_from(inputs_hash, kind, within):
        if entry.file.sha256 in without:
            continue
        wanted = copy(entry.file)
        try:
            for source, target in wanted.pairs:
                await shop.objects.copy(source, target)
        except ObjectMissing:  # it was removed a moment ago
            continue
        shop.kill_points.reach(KillPoint.AFTER_BYTES_STORED)
        return Reused(entry, wanted.copied, _provenance(shop, job, entry))
    return None


def _reach(project: Project) -> dict[str, Any] | None:
    """How far the project reaches; a company's things never leave it, and others come in by hand alone."""
    match project.asset_reuse:
        case AssetReuse.NEVER:
            return None
        case AssetReuse.WITHIN_PROJECT:
            return {"project_id": project.id}
        case AssetReuse.WITHIN_LIBRARY if project.company_id is not None:
            return {"company_id": project.company_id}
        case AssetReuse.WITHIN_LIBRARY:
            return {"owner_id": project.owner_id, "company_id": None}


def _provenance(shop: Workshop, job: Job, entry: LibraryEntry) -> Provenance:
    made = {
        "origin": Origin.REUSED,
        "cost_micros": 0,
        "duration_ms": None,
        "provider_id": None,
        "parent_id": entry.id,
        "parent_kind": LibraryEntry.__name__,
        "created_by": job.owner_id,
        "job_id": job.id,
        "created_at": shop.now(),
    }
    return entry.provenance.model_copy(update=made)
