"""``/release/{name}/doc/…``: what a release said of a thing.

The change table holds every version of every thing, so this works also when the release itself is no longer kept. An
answer is a memento of the thing (RFC 7089, section 2.2): it never changes and says when it was published.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pyoxigraph import RdfFormat, Triple, parse
from starlette.requests import Request
from starlette.responses import Response

from interkommunal.dates import moment_in_words
from interkommunal.harvest.documents import publications
from interkommunal.harvest.feed.context import RDF, HistoryContext, PathPart, ReleaseName, chosen_form
from interkommunal.harvest.feed.reading import name, said
from interkommunal.release import formats
from interkommunal.release.history import GRAPH, Entry, History, Kind, Publication
from interkommunal.release.quads import in_reading_order, reading_key
from interkommunal.site.errors import Missing
from interkommunal.site.site import DATA, iri_of, split_suffix
from interkommunal.sparql.query import CSV, JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, TRIG, TURTLE
from interkommunal.texts import Text
from interkommunal.web.formats import HTML, Format, rather_triples
from interkommunal.web.problems import Problem, RequestProblem
from interkommunal.web.publication import ReleaseFiles
from interkommunal.web.representation import Representation, data_headers, http_time
from interkommunal.web.responder import FOREVER

FORMATS: Final = (HTML, *(form for form in DATA if form.media_type != CSV), *rather_triples([RDF[N_QUADS]]))
# As short as the start of a hash may be that names a release.
_SHORTEST: Final = 4


class OldVersion(HistoryContext):
    """The handlers of a thing as a release described it; they answer GET and HEAD."""

    async def thing(self, request: Request, name: ReleaseName, type: PathPart, thing: PathPart) -> Response:
        """As :meth:`answer_for`; tells the parameters of the address."""
        return await self.answer_for(request)

    async def answer_for(self, request: Request) -> Response:
        """What lies at the address of a request.

        Raises:
            Missing: there was no such thing. RequestProblem: 404 for a release that was never published, 406, 410 for
                a thing that was deleted by then.
        """
        context, page_request = self.site_context, self.site_context.page_request(request)
        given = str(request.path_params["name"])
        path, suffix = split_suffix(request.scope["path"].removeprefix(f"/release/{given}"), ("nq",))
        files, history = self.history()
        publication = _publication(files, given)
        iri = iri_of(path)
        entry = None if iri is None else history.at(GRAPH, iri, publication)
        if entry is None:
            raise Missing(page_request.path)
        if entry.kind is Kind.DELETE:
            raise RequestProblem(_deleted(entry))
        form = chosen_form(page_request, suffix, FORMATS)
        lasting = FOREVER if given == publication.release else context.cache_control
        lexicon = await self.lexicon(form)

        def make() -> Representation:
            before, after = _neighbours(history, entry)
            own, since = f"/release/{publication.release}{path}", entry.publication
            if form is not HTML:
                links = [(path, "original latest-version"), (f"/release/{publication.release}", "collection")]
                links += [(f"/release/{before.release}{path}", "predecessor-version")] if before else []
                links += [(f"/release/{after.release}{path}", "successor-version")] if after else []
                link = ", ".join(f'<{context.site.url}{target}>; rel="{relation}"' for target, relation in links)
                fields = data_headers(
                    form.content_type,
                    lasting,
                    (b"link", link.encode("ascii", "backslashreplace")),
                    (b"memento-datetime", http_time(since.moment)),
                )
                return Representation(_write(entry, form), fields, modified=since.moment)
            language = page_request.language
            deletion = history.deletion(GRAPH, entry.entity)
            end = deletion.publication if deletion and deletion.since == since else after
            ways = [
                (words.in_(language), context.address(f"/release/{item.release}{path}"), relation)
                for words, item, relation in (
                    (Text("earlier version"), before, "prev"),
                    (Text("later version"), after, "next"),
                )
                if item
            ]
            lines = sorted(entry.statements.splitlines(keepends=True))
            return context.page(
                "version.html",
                context.framed(language, files.release, own, page_request.parameters),
                name=name(entry.entity, entry.statements, language),
                iri=entry.entity,
                said=list(said(lines, context.site, language, lexicon)),
                release=publication.release,
                since=moment_in_words(since.time, language),
                until=moment_in_words(end.time, language) if end else "",
                ways=ways,
                now="" if deletion else context.address(path),
                formats=[(form, context.address(f"{own}.{form.suffix}")) for form in FORMATS if form is not HTML],
                member=context.address(f"/feed/{history.stream}/members/{entry.sequence}"),
            )

        key = ("version", entry.sequence, publication.number, lasting)
        return await self.answer(page_request, files, key, form, make)


def _publication(files: ReleaseFiles, given: str) -> Publication:
    """With which publication the release that is called ``given`` came into force last."""
    wanted = files.release.identifier if given == "current" else given
    for item in reversed(publications(files)):
        version, _, start = item.release.rpartition("-")
        if wanted in (item.release, version) or (len(wanted) >= _SHORTEST and start.startswith(wanted.lower())):
            return item
    known = list(dict.fromkeys(item.release for item in publications(files)))
    text = Text(
        "There has been no release {given} here. There were: {known}.", given=given[:100], known=", ".join(known[-10:])
    )
    raise RequestProblem(Problem("not-found", text, {"published": known}))


def _neighbours(history: History, entry: Entry) -> tuple[Publication | None, Publication | None]:
    """With which publications the versions before and after this one came; a deletion is no version."""
    versions = history.changes(GRAPH, entry.entity)
    at = next(index for index, item in enumerate(versions) if item.sequence == entry.sequence)
    before, after = (
        next((item.publication for item in versions[place:][:1] if item.kind is not Kind.DELETE), None)
        for place in (at - 1 if at else len(versions), at + 1)
    )
    return before, after


def _deleted(entry: Entry) -> Problem:
    text = Text(
        "{entity} was no longer there in this release; it was deleted with {release}.",
        entity=entry.entity,
        release=entry.publication.release,
    )
    return Problem("gone", text, {"deleted": entry.publication.time})


_WRITERS: Final[dict[str, Callable[[list[Triple]], bytes]]] = {
    TURTLE: formats.turtle,
    N_TRIPLES: formats.ntriples,
    RDF_XML: formats.rdf_xml,
    JSON_LD: formats.json_ld_nodes,
}


def _write(entry: Entry, form: Format) -> bytes:
    if form.media_type == N_QUADS:
        return entry.statements
    quads = sorted(parse(entry.statements, format=RdfFormat.N_QUADS), key=reading_key)
    if form.media_type == TRIG:
        return formats.trig(quads)
    return _WRITERS[form.media_type](in_reading_order({quad.triple for quad in quads}))
