"""Show that a published report is still what was published."""

import asyncio
from dataclasses import dataclass
from uuid import UUID

from report_worker.domain.forms import Forms
from report_worker.domain.lifecycle import Action, require_allowed
from report_worker.domain.reports import FileFormat, Publication, Report
from report_worker.domain.sealing import hash_of, seal_of
from report_worker.render.files import render_files
from report_worker.store import lifecycle, reports
from shared.db import Begin


@dataclass(frozen=True)
class FileProof:
    """One file's hash as published, as kept today, and as it comes out when rendered today."""

    format: FileFormat
    published: str
    kept: str | None
    rendered: str | None


@dataclass(frozen=True)
class Verification:
    """What was published, held against what is kept and what is rendered today."""

    publication: Publication
    content_hash: str
    files: tuple[FileProof, ...]

    @property
    def is_intact(self) -> bool:
        """Say whether the content and every kept file are those that were published."""
        kept = all(proof.kept == proof.published for proof in self.files)
        return kept and self.content_hash == self.publication.content_hash

    @property
    def renders_same(self) -> bool:
        """Say whether every file, rendered again from the content, has the published bytes."""
        return all(proof.rendered == proof.published for proof in self.files)


async def verify_report(report_id: UUID, *, within: str | None, forms: Forms, begin: Begin) -> Verification:
    """Recompute every hash of a published report.  Raises ReportNotFound, ActionNotAllowed."""
    async with begin() as session:
        report = await reports.get(session, report_id, within=within)
        require_allowed(report, Action.VERIFY)
        sealed = await lifecycle.get_sealed(session, report_id)
        kept = await lifecycle.list_files(session, report_id)
    return await asyncio.to_thread(_verified, report, seal_of(sealed), kept=kept, forms=forms)


def _verified(report: Report, content_hash: str, *, kept: dict[FileFormat, bytes], forms: Forms) -> Verification:
    if report.publication is None or report.content is None:
        raise TypeError(f"report {report.id} has nothing to verify")
    form = forms.get(report.order.form, version=report.order.form_version)
    rendered = render_files(form, report.order, report.content)
    proofs = [
        FileProof(FileFormat(name), published, _hash_in(kept, name), _hash_in(rendered, name))
        for name, published in report.publication.file_hashes.items()
    ]
    return Verification(report.publication, content_hash, tuple(proofs))


def _hash_in(bodies: dict[FileFormat, bytes], name: str) -> str | None:
    body = bodies.get(FileFormat(name))
    return None if body is None else hash_of(body)
