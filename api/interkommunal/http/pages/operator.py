"""Who runs this server, as its pages tell."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Operator:
    """What the operator wants to be said; all of it may be left out.

    Attributes:
        name: of the operator, for citations and structured data. url: of its own site.
        imprint: text of the imprint, or the address of one elsewhere.
        privacy: what is to be said of privacy besides what the server knows itself, or an address elsewhere.
    """

    name: str | None = None
    url: str | None = None
    imprint: str | None = None
    privacy: str | None = None

    @property
    def imprint_elsewhere(self) -> str | None:
        """The imprint, if it is an address."""
        return _address(self.imprint)

    @property
    def privacy_elsewhere(self) -> str | None:
        """The privacy page, if it is an address."""
        return _address(self.privacy)


def _address(text: str | None) -> str | None:
    return text if text is not None and text.startswith(("https://", "http://")) and " " not in text else None
