"""The manifest: what the service can do and where (Reconciliation API 0.2, §3)."""

from __future__ import annotations

from typing import Any, Final

from interkommunal import __version__
from interkommunal.namespaces import ID, IK
from interkommunal.reconcile.extension import SETTINGS
from interkommunal.reconcile.schema import Schema
from interkommunal.site.site import Site
from interkommunal.texts import Language, Text

PATH: Final = "/reconcile"
# Of the frame that shows a card.
_WIDTH: Final = 430
_HEIGHT: Final = 300
_NAME: Final = Text("interkommunal: city cooperation in the Ruhr area")


def manifest(site: Site, schema: Schema, batch: int, logo: str, language: Language) -> dict[str, Any]:
    """The manifest as JSON.

    Args:
        site: the public URL, which all addresses begin with.
        schema: types of the release.
        batch: most queries of a batch.
        logo: path of a square picture.
        language: of names.
    """
    url = site.absolute(PATH)
    return {
        "versions": ["0.2"],
        "name": _NAME.in_(language),
        "identifierSpace": ID,
        "schemaSpace": IK,
        "documentation": f"{url}?lang={language}",
        "serviceVersion": __version__,
        "logo": site.absolute(logo),
        "view": {"url": site.absolute("/id/{{id}}")},
        "defaultTypes": [{"id": term.id, "name": term.label.in_(language)} for term in schema.usual()],
        "batchSize": batch,
        "suggest": {
            kind: {
                "service_url": url,
                "service_path": f"/suggest/{kind}",
                "flyout_service_url": url,
                "flyout_service_path": f"/flyout/{kind}?id=${{id}}",
            }
            for kind in ("entity", "property", "type")
        },
        "preview": {"url": f"{url}/preview?id={{{{id}}}}", "width": _WIDTH, "height": _HEIGHT},
        "extend": {
            "propose_properties": {"service_url": url, "service_path": "/extend/propose"},
            "property_settings": [setting.shown(language) for setting in SETTINGS],
        },
    }
