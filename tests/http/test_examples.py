from pathlib import Path

from interkommunal.content import Content
from interkommunal.http.examples import ANYTHING, read_examples


def test_the_library_is_offered_with_its_questions(content: Content) -> None:
    examples = read_examples(content)
    assert [item.name for item in examples[:3]] == [
        "first-signatories-of-the-contract",
        "contradictions",
        "forums-by-year-and-city",
    ]
    assert len(examples) == len(list((content.queries / "library").glob("*.rq")))
    for example in examples:
        assert example.question.de != example.question.en
        assert "SELECT" in example.query
        assert "#+" not in example.query


def test_without_a_library_there_is_one_question(tmp_path: Path) -> None:
    assert read_examples(None) == (ANYTHING,)
    assert read_examples(Content(tmp_path)) == (ANYTHING,)
