"""Everything about a catalogue: harvest it, examine it, and say what each portal would make of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from interkommunal.doctor.catalogue import Record
from interkommunal.doctor.client import Client, Reply
from interkommunal.doctor.examinations.crawling import examine_crawling
from interkommunal.doctor.examinations.links import examine_links
from interkommunal.doctor.examinations.properties import examine_identity, examine_properties
from interkommunal.doctor.examinations.quality import Points, assess, examine_shapes, rating
from interkommunal.doctor.examinations.transport import examine_paging, examine_transport
from interkommunal.doctor.finding import SEVERITIES, Finding, finding
from interkommunal.doctor.harvest import harvest
from interkommunal.doctor.portals import CKAN, KINDS, PORTALS, Verdict, judge_pages
from interkommunal.doctor.state import State, examine_return
from interkommunal.errors import UnreachableError
from interkommunal.texts import Language

Tell = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Options:
    """How far to go.

    Attributes:
        links: whether to ask what the catalogue leads to, and search engines' files.
        shapes: whether to hold it against the official shapes.
        requests, pages: how many there may be. seconds: that an answer may keep silent.
    """

    links: bool = True
    shapes: bool = True
    requests: int = 400
    pages: int = 100
    seconds: float = 20.0


@dataclass(frozen=True)
class Diagnosis:
    """What was found.

    Attributes:
        address: of the catalogue. pages, datasets, requests: how many there were.
        findings: errors first. verdicts: what each portal would do.
        points: those of data.europa.eu. records: what to remember for the next visit.
    """

    address: str
    pages: int
    datasets: int
    requests: int
    findings: tuple[Finding, ...]
    verdicts: tuple[Verdict, ...]
    points: tuple[Points, ...]
    records: tuple[Record, ...]

    @property
    def clean(self) -> bool:
        """Whether no finding is an error."""
        return all(item.rule.severity != "error" for item in self.findings)

    @property
    def complete(self) -> bool:
        """Whether a portal would take what was seen for the whole catalogue."""
        return any(verdict.reads for verdict in self.verdicts if verdict.portal.key == CKAN.key)

    def as_json(self, language: Language) -> dict[str, Any]:
        """For programs; sentences in ``language``."""
        return {
            "catalogue": self.address,
            "clean": self.clean,
            "pages": self.pages,
            "datasets": self.datasets,
            "requests": self.requests,
            "portals": [_verdict(verdict, language) for verdict in self.verdicts],
            "findings": [_finding(item, language) for item in self.findings],
            "points": {
                "won": round(sum(item.won for item in self.points)),
                "of": sum(item.most for item in self.points),
                "rating": rating(self.points).in_(language),
                "indicators": [
                    {
                        "dimension": item.dimension,
                        "indicator": item.indicator.in_(language),
                        "won": round(item.won, 1),
                        "of": item.most,
                        "have": item.have,
                        "counted": item.of,
                    }
                    for item in self.points
                ],
            },
        }


def examine(
    address: str,
    options: Options = Options(),
    before: State | None = None,
    tell: Tell = lambda _step, _done, _total: None,
) -> Diagnosis:
    """Examine the catalogue at ``address``.

    Args:
        address: of the catalogue, http or https.
        options: how far to go.
        before: what was seen at the last visit.
        tell: told what is being done, how much is done, and of how much (0: nobody knows).

    Raises:
        UnreachableError: it is no address of the web, or nobody answers there.
    """
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UnreachableError(
            f"{address} is no address of the web; write it out, as in https://data.example.org/catalog"
        )
    client = Client(options.requests, options.seconds, lambda place: tell(place, 0, 0))
    client.starting_from(address)
    seen = harvest(client, address, options.pages)
    if seen.first.reply.status == 0 and seen.first.reply.kind == "network":
        raise UnreachableError(f"{address} cannot be asked: {seen.first.reply.failure}")
    replies: dict[str, Reply] = {}
    listed: dict[str, str] = {}
    found = [*examine_transport(seen), *examine_paging(seen), *examine_identity(seen), *examine_properties(seen)]
    if options.shapes:
        tell("SHACL", 0, 0)
        found += examine_shapes(seen, _said(found))
    found += examine_return(seen, before)
    if options.links and seen.first.reply.ok:
        found += examine_links(seen, client, replies, lambda done, total: tell("", done, total))
        found += examine_crawling(seen, client, listed)
    if client.used_up:
        found.append(finding("requests-used-up", address, requests=options.requests))
    findings = tuple(sorted(found, key=lambda item: SEVERITIES.index(item.rule.severity)))
    catalogue, records = seen.catalogue, None if before is None else before.records
    verdicts = [portal.judge(address, catalogue, records, findings) for portal in PORTALS]
    if options.links:
        verdicts.append(judge_pages(listed, findings))
    conforms = not any(item.rule.code in ("property-mandatory", "shape-violated") for item in findings)
    return Diagnosis(
        address=address,
        pages=len(seen.pages),
        datasets=len(catalogue.datasets),
        requests=client.made,
        findings=findings,
        verdicts=tuple(verdicts),
        points=tuple(assess(catalogue, replies, conforms and bool(catalogue.datasets))),
        records=tuple(catalogue.records),
    )


def _said(findings: Sequence[Finding]) -> set[tuple[str, str]]:
    """Which node and property the rules here have spoken of."""
    by_kind = {"title": "dct:title", "licence": "dct:license"}
    told = (
        (item.subject, item.details.get("property", by_kind.get(item.rule.code.partition("-")[0]))) for item in findings
    )
    return {(subject, str(name)) for subject, name in told if name}


def _verdict(verdict: Verdict, language: Language) -> dict[str, Any]:
    return {
        "portal": verdict.portal.key,
        "name": verdict.portal.name,
        "reads": verdict.reads,
        "stopped_by": sorted({item.rule.code for item in verdict.stops}),
        **{kind: verdict.count(kind) for kind in KINDS},
        "datasets": [
            {
                "action": action.kind,
                "guid": action.guid,
                "title": action.title,
                **({"why": action.why.in_(language)} if action.why else {}),
            }
            for action in verdict.actions
        ],
        "stumbles_over": sorted({item.rule.code for item in verdict.findings}),
    }


def _finding(item: Finding, language: Language) -> dict[str, Any]:
    return {
        "code": item.rule.code,
        "severity": item.rule.severity,
        "subject": item.subject,
        "message": item.says(language),
        "mend": item.mend(language),
        "portals": list(item.rule.portals),
        "source": item.rule.source,
    }
