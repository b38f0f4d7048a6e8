"""What a page cannot show: nothing there, or no longer there; and the pages that say so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple
from urllib.parse import quote

from rapidfuzz import fuzz

from interkommunal.errors import InterkommunalError, ParameterError
from interkommunal.namespaces import ID
from interkommunal.normal import normal_text
from interkommunal.release.history import Deletion
from interkommunal.site.context import SiteContext, page_headers
from interkommunal.site.entity.model import Link
from interkommunal.site.release_view import ReleaseView
from interkommunal.site.site import SAFE, split_suffix
from interkommunal.texts import Text
from interkommunal.web.problems import Problem
from interkommunal.web.representation import Representation, http_time
from interkommunal.web.request import ClientRequest
from interkommunal.web.responder import NO_STORE

_BEST: Final = 5
_LIKE_ENOUGH: Final = 62.0
# Points by which one may be less alike than the best and still be named.
_AS_GOOD: Final = 15.0


class NearMatch(NamedTuple):
    """A thing that was perhaps meant."""

    iri: str
    label: str


def near_matches(path: str, names: Sequence[tuple[str, str]]) -> list[NearMatch]:
    """The things nearest to a path that leads nowhere, the best first.

    Args:
        path: the part after ``/doc/``, for example ``city/muehlheim``.
        names: IRI and label of each thing.
    """
    wanted = _words(path)
    best: dict[str, tuple[float, NearMatch]] = {}
    for iri, label in names:
        score = _likeness(wanted, _words(iri.removeprefix(ID)), normal_text(label).casefold())
        if score >= _LIKE_ENOUGH and score > best.get(iri, (0.0, None))[0]:
            best[iri] = (score, NearMatch(iri, label))
    ranked = sorted(best.values(), key=lambda item: (-item[0], item[1].iri))
    return [found for score, found in ranked[:_BEST] if score >= ranked[0][0] - _AS_GOOD]


def _words(path: str) -> str:
    return normal_text(path).replace("-", " ").replace("/", " ").casefold()


def _likeness(wanted: str, slug: str, label: str) -> float:
    """How alike, 0 to 100: the whole path, or its last part to the name."""
    last = wanted.partition(" ")[2] or wanted
    pairs = ((wanted, slug), (last, label), (last, slug.partition(" ")[2]))
    return max(fuzz.ratio(one, other, score_cutoff=_LIKE_ENOUGH) for one, other in pairs)


# A thing that replaces another (the term is Dublin Core's; IANA's link relations have none).
_REPLACED: Final = "http://purl.org/dc/terms/isReplacedBy"


class Missing(InterkommunalError):
    """Nothing is described at ``path``."""

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(f"there is nothing at {path}")


class Withdrawn(InterkommunalError):
    """``iri`` was given up; ``successors`` take its place."""

    def __init__(self, iri: str, successors: tuple[str, ...]) -> None:
        self.iri = iri
        self.successors = successors
        super().__init__(f"{iri} was withdrawn")


class Deleted(InterkommunalError):
    """``iri`` was described at ``path`` in an earlier release; ``deletion`` says in which one last."""

    def __init__(self, iri: str, path: str, deletion: Deletion) -> None:
        self.iri = iri
        self.path = path
        self.deletion = deletion
        super().__init__(f"{iri} was deleted with {deletion.publication.release}")


@dataclass(frozen=True, slots=True)
class _PageProblem(Problem):
    """A problem with what its page says besides: a heading of its own, and links with a sentence before them."""

    heading: Text | None = None
    intro: Text | None = None
    links: tuple[tuple[Text | str, str | None], ...] = ()


class ErrorPages:
    """Pages for errors of every room, and the problems that only a site knows."""

    def __init__(self, site_context: SiteContext) -> None:
        self._site_context = site_context

    async def problem(self, error: InterkommunalError) -> Problem | None:
        """The problem of an error that only the site knows, else ``None``."""
        if isinstance(error, Missing):
            return await self._missing(error)
        if isinstance(error, Deleted):
            return self._deleted(error)
        if isinstance(error, Withdrawn):
            return self._withdrawn(error)
        if isinstance(error, ParameterError):
            return Problem("invalid-parameter", error.text, {"parameter": error.name})
        return None

    async def page(self, request: ClientRequest, problem: Problem) -> Representation:
        """The page that says it."""
        language, release_view = request.language, await self._release_view()
        release = None if release_view is None else release_view.release
        shown = problem if isinstance(problem, _PageProblem) else None
        links = shown.links if shown else ()
        named = [(word if isinstance(word, str) else word.in_(language), target) for word, target in links]
        body = self._site_context.design.render(
            "error.html",
            self._site_context.framed(language, release, ""),
            title=shown.heading.in_(language) if shown and shown.heading else problem.title(language),
            text=problem.detail.in_(language),
            links_intro=shown.intro.in_(language) if shown and shown.intro else "",
            links=[Link(*pair) for pair in named],
        )
        return Representation(body, page_headers(language, NO_STORE, *problem.headers))

    async def _missing(self, error: Missing) -> Problem:
        close = await self._near(error.path)
        return _PageProblem(
            "not-found",
            Text("Nothing is recorded at this address: {path}", path=error.path),
            {"near": [{"iri": item.iri, "label": item.label} for item in close]} if close else {},
            heading=Text("There is nothing here"),
            intro=Text("Did you mean:"),
            links=tuple((item.label, self._site_context.site.page(item.iri)) for item in close),
        )

    def _deleted(self, error: Deleted) -> Problem:
        site, deletion = self._site_context.site, error.deletion
        release, path = deletion.last.release, f"/release/{deletion.last.release}{quote(error.path, safe=SAFE)}"
        time = http_time(deletion.since.moment).decode()
        version = Text("As of release {release}", release=release)
        return _PageProblem(
            "gone",
            Text(
                "{iri} is not in the release in force. It last stood in release {release}.",
                iri=error.iri,
                release=release,
            ),
            {"deleted": deletion.publication.time, "last_release": release, "last_version": site.absolute(path)},
            ((b"link", f'<{site.absolute(path)}>; rel="predecessor-version memento"; datetime="{time}"'.encode()),),
            heading=Text("This is no longer there"),
            intro=Text("What was said of it stays readable:"),
            links=((version, site.address(path)),),
        )

    def _withdrawn(self, error: Withdrawn) -> Problem:
        site = self._site_context.site
        successors = ", ".join(f'<{iri}>; rel="{_REPLACED}"' for iri in error.successors)
        return _PageProblem(
            "gone",
            Text("{iri} is no longer used.", iri=error.iri),
            {"isReplacedBy": list(error.successors)},
            ((b"link", successors.encode()),) if successors else (),
            heading=Text("This identifier was withdrawn"),
            intro=Text("It is replaced by:"),
            links=tuple((iri, site.page(iri) or iri) for iri in error.successors),
        )

    async def _near(self, path: str) -> list[NearMatch]:
        local = split_suffix(path)[0].strip("/").partition("/")[2]
        try:
            release_view = await self._site_context.editions.current()
            return near_matches(local, await self._site_context.editions.names(release_view)) if local else []
        except InterkommunalError:
            return []  # what was asked is missing all the same

    async def _release_view(self) -> ReleaseView | None:
        try:
            return await self._site_context.editions.current()
        except InterkommunalError:
            return None
