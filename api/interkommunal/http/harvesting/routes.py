"""All routes of this room, to be mounted in one place."""

from __future__ import annotations

from fastapi import APIRouter

from interkommunal.http.harvesting.catalogue import catalogue_routes
from interkommunal.http.harvesting.documents import Documents
from interkommunal.http.harvesting.dumps import dump_routes
from interkommunal.http.publication import Publication
from interkommunal.release.catalogue import Operator
from interkommunal.settings import Settings


def harvesting(settings: Settings, publication: Publication) -> APIRouter:
    """The routes for portals and crawlers over the release in force."""
    documents = Documents(publication, settings.cache_max_age)
    operator = Operator(settings.operator_name, settings.operator_url, settings.operator_email, settings.contributor)
    router = APIRouter()
    router.include_router(catalogue_routes(documents, settings.address, operator))
    router.include_router(dump_routes(documents, settings.address, settings.cache_max_age, settings.stall))
    return router
