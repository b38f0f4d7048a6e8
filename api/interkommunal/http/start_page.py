"""The start page: what this is, how much there is, and a first question to ask."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Request, Response

from interkommunal.http.examples import Example
from interkommunal.http.language import Language, choose_language
from interkommunal.http.publication import Publication
from interkommunal.http.query_page import PAGE_HEADERS, templates
from interkommunal.http.representation import Representation, matches
from interkommunal.settings import Settings


def start_page(settings: Settings, publication: Publication, examples: Sequence[Example]) -> APIRouter:
    """The route ``/``; it offers the first three of ``examples``."""
    router = APIRouter()
    template = templates().get_template("start.html")

    @router.api_route("/", methods=["GET", "HEAD"])
    async def start(request: Request) -> Response:
        """What this is."""
        language = choose_language(
            request.query_params.get("lang"), request.headers.get("accept-language"), settings.language
        )
        page = template.render(
            language=language,
            say=lambda de, en: de if language == "de" else en,
            other_language=f"/?lang={'en' if language == 'de' else 'de'}",
            release=publication.identifier,
            counts=_counts(publication, language),
            examples=examples[:3],
            address=settings.address,
        )
        headers = (*PAGE_HEADERS, (b"content-language", language.encode()))
        variant = await Representation(page.encode(), headers).variant(request.headers.get("accept-encoding"))
        known = matches(request.headers.get("if-none-match", "").encode("latin-1"), variant.tag)
        response = Response(b"" if known else variant.body, 304 if known else 200)
        response.raw_headers = list(variant.not_modified if known else variant.headers)
        return response

    return router


def _counts(publication: Publication, language: Language) -> list[tuple[str, str]]:
    if publication.release is None:
        return []
    counts = publication.release.manifest.counts
    numbers = [
        (("Aussagen", "statements"), counts.statements),
        (("Belegstellen", "passages"), counts.classes.get("https://w3id.org/interkommunal/ontology#Passage", 0)),
        (("Städte", "cities"), counts.classes.get("https://w3id.org/interkommunal/ontology#City", 0)),
        (
            ("offene Fragen", "open questions"),
            counts.classes.get("https://w3id.org/interkommunal/ontology#Discrepancy", 0),
        ),
    ]
    separator = "." if language == "de" else ","
    names = 0 if language == "de" else 1
    return [(label[names], f"{number:,}".replace(",", separator)) for label, number in numbers if number]
