"""The questions that start page and query page offer for a first try."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from interkommunal.http.language import Language, Text


@dataclass(frozen=True, slots=True)
class Example:
    """A question in plain words, and the query that asks it."""

    question: Text
    query: str

    def link(self, language: Language) -> str:
        """Query string that asks it on the query page."""
        return urlencode({"query": self.query, "lang": language})


EXAMPLES: Final = (
    Example(
        Text(
            "Welche Städte sind an welcher Vereinbarung beteiligt, und in welcher Rolle?",
            "Which cities take part in which agreement, and in which role?",
        ),
        """\
PREFIX cv: <http://data.europa.eu/m8g/>
PREFIX ik: <https://w3id.org/interkommunal/ontology#>
PREFIX schema: <https://schema.org/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

SELECT ?agreementName ?cityName ?roleName WHERE {
    ?agreement a ik:Agreement ;
        schema:name ?agreementName ;
        cv:hasParticipation ?participation .
    ?participation cv:hasParticipant ?city ;
        cv:role ?role .
    ?city schema:name ?cityName .
    ?role skos:prefLabel ?roleName .
    FILTER (LANG(?roleName) = "de")
}
ORDER BY ?agreementName ?roleName ?cityName
""",
    ),
    Example(
        Text(
            "Welcher Satz belegt, was über die Stadt Bochum gesagt wird?",
            "Which sentence supports what is said about the city of Bochum?",
        ),
        """\
PREFIX city: <https://w3id.org/interkommunal/id/city/>
PREFIX oa: <http://www.w3.org/ns/oa#>

SELECT ?subject ?property ?quote ?passage WHERE {
    GRAPH ?passage { ?subject ?property city:bochum }
    ?passage oa:hasSelector ?selector .
    ?selector oa:exact ?quote .
}
ORDER BY ?passage ?subject ?property
""",
    ),
    Example(
        Text(
            "Wo widerspricht sich der Text, oder wo lässt er etwas offen?",
            "Where does the text contradict itself or leave something open?",
        ),
        """\
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX ik: <https://w3id.org/interkommunal/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

SELECT ?discrepancy ?label ?resolution WHERE {
    ?discrepancy a ik:Discrepancy ;
        rdfs:label ?label ;
        ik:resolution ?resolution .
    FILTER (LANG(?label) = "de" && LANG(?resolution) = "de")
}
ORDER BY ?discrepancy
""",
    ),
)
