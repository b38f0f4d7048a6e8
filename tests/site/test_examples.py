from interkommunal.content import Content
from interkommunal.graph.library import read_library
from interkommunal.site.query_page import ANYTHING, examples_of


def test_the_library_is_offered_with_its_questions(content: Content) -> None:
    library = read_library(content.queries / "library")
    examples = examples_of(library)
    assert [item.name for item in examples[:3]] == [
        "first-signatories-of-the-contract",
        "contradictions",
        "forums-by-year-and-city",
    ]
    assert len(examples) == len(library) > 100
    for example in examples:
        assert example.question.in_("de") != example.question.in_("en")
        assert "SELECT" in example.query
        assert "#+" not in example.query


def test_without_a_library_there_is_one_question() -> None:
    assert examples_of(()) == (ANYTHING,)
