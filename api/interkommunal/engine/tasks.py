"""What is to be evaluated for a request that the guard has let pass; the same for every tier that has a store."""

from __future__ import annotations

from interkommunal.engine.evaluation import Task
from interkommunal.sparql.guard import Verdict
from interkommunal.sparql.query import Limits, QueryRequest


def make_task(
    request: QueryRequest, verdict: Verdict, limits: Limits, base_iri: str | None = None, text: str | None = None
) -> Task:
    """The task for ``request``.

    Args:
        request: the format and the dataset of the protocol.
        verdict: what the guard says of its query.
        limits: the limits in force, which may be lower than those asked for.
        base_iri: what relative IRIs are resolved against.
        text: the query to run if it is not the one that was judged.
    """
    # The dataset of the protocol replaces that of the query as a whole: what is not named in it is empty.
    has_dataset = bool(request.default_graphs or request.named_graphs)
    inspection = verdict.inspection
    return Task(
        query=verdict.text if text is None else text,
        media_type=request.media_type,
        default_graphs=(request.default_graphs or ()) if has_dataset else None,
        named_graphs=(request.named_graphs or ()) if has_dataset else None,
        rows=limits.rows,
        body_bytes=limits.body_bytes,
        partial=limits.partial,
        base_iri=base_iri,
        prefixes=inspection.prefixes if inspection.form.yields_graph else (),
    )
