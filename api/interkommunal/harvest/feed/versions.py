"""``/release/{name}/doc/…``: what a release said of a thing.

The change table holds every version of every thing, so this works also when the release itself is no longer kept. An
answer is a memento of the thing (RFC 7089, section 2.2): it never changes and says when it was published.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pyoxigraph import Quad, RdfFormat, parse
from starlette.requests import Request
from starlette.responses import Response

from interkommunal.dates import moment_in_words
from interkommunal.harvest.feed.context import N_QUADS_FORMAT, FeedContext, PathPart, ReleaseName, chosen_form
from interkommunal.harvest.feed.reading import name, said
from interkommunal.release import formats
from interkommunal.release.history import GRAPH, Entry, Kind, Publication
from interkommunal.release.quads import in_reading_order, reading_key
from interkommunal.site.context import PageRequest
from interkommunal.site.description.lexicon import Lexicon
from interkommunal.site.errors import Missing
from interkommunal.site.site import DATA, iri_of, split_suffix
from interkommunal.sparql.query import CSV, JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, TRIG, TURTLE
from interkommunal.texts import Text
from interkommunal.web.formats import HTML, Format, rather_triples
from interkommunal.web.problems import Problem, RequestProblem
from interkommunal.web.publication import ReleaseFiles
from interkommunal.web.representation import Representation, data_headers, http_time
from interkommunal.web.responder import FOREVER

FORMATS: Final[tuple[Format, ...]] = (
    HTML,
    *rather_triples([*(form for form in DATA if form.media_type != CSV), N_QUADS_FORMAT]),
)


class OldVersion:
    """A thing as a release described it.

    Args:
        feed_context: what these handlers share.
    """

    def __init__(self, feed_context: FeedContext) -> None:
        self._feed_context = feed_context

    async def thing(self, request: Request, name: ReleaseName, type: PathPart, thing: PathPart) -> Response:
        """As :meth:`__call__`; tells the parameters of the address."""
        return await self(request)

    async def __call__(self, request: Request) -> Response:
        """GET or HEAD.

        Raises:
            Missing: there was no such thing. RequestProblem: 404 for a release that was never published, 406, 410 for
                a thing that was deleted by then.
        """
        feed_context = self._feed_context
        page_request = feed_context.site_context.page_request(request)
        given = str(request.path_params["name"])
        below = request.scope["path"].removeprefix(f"/release/{given}")
        path, suffix = split_suffix(below, ("nq",))
        files, stream = feed_context.stream()
        publication = _publication(files, given)
        iri = iri_of(path)
        entry = None if iri is None else stream.history.at(GRAPH, iri, publication)
        if entry is None:
            raise Missing(page_request.path)
        if entry.kind is Kind.DELETE:
            raise RequestProblem(_deleted(entry))
        form = chosen_form(page_request, suffix, FORMATS)
        lasting = FOREVER if given == publication.release else feed_context.site_context.cache_control
        lexicon = (await feed_context.site_context.editions.current()).lexicon if form is HTML else None

        def make() -> Representation:
            fields = self._fields(files, entry, publication, path)
            if form is HTML:
                return self._page(files, page_request, entry, publication, path, lexicon)
            return Representation(
                _write(entry, form),
                data_headers(form.content_type, lasting, *fields),
                modified=entry.publication.moment,
            )

        language = page_request.language if form is HTML else ""
        key = ("version", entry.sequence, publication.number, form.suffix, language, lasting)
        return await feed_context.answer(page_request, files, key, make)

    def _fields(
        self, files: ReleaseFiles, entry: Entry, publication: Publication, path: str
    ) -> tuple[tuple[bytes, bytes], ...]:
        address = self._feed_context.site_context.site.url
        before, after = _neighbours(files, entry)
        links = [
            f'<{address}{path}>; rel="original latest-version"',
            f'<{address}/release/{publication.release}>; rel="collection"',
        ]
        if before:
            links.append(f'<{address}/release/{before.release}{path}>; rel="predecessor-version"')
        if after:
            links.append(f'<{address}/release/{after.release}{path}>; rel="successor-version"')
        time = http_time(entry.publication.moment)
        return (b"link", ", ".join(links).encode("ascii", "backslashreplace")), (b"memento-datetime", time)

    def _page(
        self,
        files: ReleaseFiles,
        page_request: PageRequest,
        entry: Entry,
        publication: Publication,
        path: str,
        lexicon: Lexicon | None,
    ) -> Representation:
        site_context, language = self._feed_context.site_context, page_request.language
        before, after = _neighbours(files, entry)
        assert files.history is not None
        deletion = files.history.deletion(GRAPH, entry.entity)
        was_last = deletion is not None and deletion.since == entry.publication
        end = deletion.publication if deletion and was_last else after
        own = f"/release/{publication.release}{path}"
        ways = [
            (Text("earlier version").in_(language), before, "prev"),
            (Text("later version").in_(language), after, "next"),
        ]
        return site_context.page(
            "version.html",
            site_context.framed(language, files.release, own, page_request.parameters),
            name=name(entry.entity, entry.statements, language),
            iri=entry.entity,
            said=list(said(sorted(entry.statements.splitlines(keepends=True)), site_context.site, language, lexicon)),
            release=publication.release,
            since=moment_in_words(entry.publication.time, language),
            until=moment_in_words(end.time, language) if end else "",
            ways=[
                (words, site_context.address(f"/release/{item.release}{path}"), relation)
                for words, item, relation in ways
                if item
            ],
            now="" if deletion else site_context.address(path),
            formats=[(form, site_context.address(f"{own}.{form.suffix}")) for form in FORMATS if form is not HTML],
            member=site_context.address(f"/feed/{files.history.stream}/members/{entry.sequence}"),
        )


def _publication(files: ReleaseFiles, given: str) -> Publication:
    """With which publication the release that is called ``given`` came into force last."""
    publications = files.history.publications if files.history else ()
    wanted = files.release.identifier if given == "current" else given
    for item in reversed(publications):
        version, _, start = item.release.rpartition("-")
        if wanted in (item.release, version) or (len(wanted) >= _SHORTEST and start.startswith(wanted.lower())):
            return item
    known = list(dict.fromkeys(item.release for item in publications))
    raise RequestProblem(
        Problem(
            "not-found",
            Text(
                "There has been no release {given} here. There were: {known}.",
                given=given[:100],
                known=", ".join(known[-10:]),
            ),
            {"published": known},
        )
    )


# As short as the start of a hash may be that names a release.
_SHORTEST: Final = 4


def _neighbours(files: ReleaseFiles, entry: Entry) -> tuple[Publication | None, Publication | None]:
    """With which publications the versions before and after this one came; a deletion is no version."""
    assert files.history is not None
    versions = files.history.changes(GRAPH, entry.entity)
    at = next(index for index, item in enumerate(versions) if item.sequence == entry.sequence)
    before = versions[at - 1] if at else None
    after = versions[at + 1] if at + 1 < len(versions) else None
    return (
        before.publication if before and before.kind is not Kind.DELETE else None,
        after.publication if after and after.kind is not Kind.DELETE else None,
    )


def _deleted(entry: Entry) -> Problem:
    return Problem(
        "gone",
        Text(
            "{entity} was no longer there in this release; it was deleted with {release}.",
            entity=entry.entity,
            release=entry.publication.release,
        ),
        {"deleted": entry.publication.time},
    )


def _write(entry: Entry, form: Format) -> bytes:
    if form.media_type == N_QUADS:
        return entry.statements
    quads = sorted(parse(entry.statements, format=RdfFormat.N_QUADS), key=reading_key)
    return _WRITERS[form.media_type](quads)


def _plain(writer: Callable[..., bytes]) -> Callable[[list[Quad]], bytes]:
    return lambda quads: writer(in_reading_order({quad.triple for quad in quads}))


_WRITERS: Final[dict[str, Callable[[list[Quad]], bytes]]] = {
    TRIG: formats.trig,
    TURTLE: _plain(formats.turtle),
    N_TRIPLES: _plain(formats.ntriples),
    RDF_XML: _plain(formats.rdf_xml),
    JSON_LD: _plain(formats.json_ld_nodes),
}
