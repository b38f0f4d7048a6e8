"""Links to neighbouring vocabularies stay links: nothing is inherited and nothing merged."""

from __future__ import annotations

from rdflib import RDFS, SKOS, Graph, URIRef

from interkommunal.namespaces import BASE, IK


def test_only_own_terms_are_aligned_and_all_of_them_exist(alignments: Graph, own: Graph) -> None:
    for term in alignments.subjects():
        assert str(term).startswith(IK)
        assert (term, RDFS.isDefinedBy, None) in own


def test_alignments_are_close_or_related_matches_to_others(alignments: Graph) -> None:
    assert set(alignments.predicates()) == {SKOS.closeMatch, SKOS.relatedMatch}
    assert {
        target for target in alignments.objects() if not isinstance(target, URIRef) or target.startswith(BASE)
    } == set()
