import pytest

from interkommunal.site.dates import date_in_words
from interkommunal.site.messages import messages_in


@pytest.mark.parametrize(
    ("lexical", "german", "english"),
    [
        ("2010-05-28", "28. Mai 2010", "28 May 2010"),
        ("2010", "2010", "2010"),
        ("2011-09", "September 2011", "September 2011"),
        ("[2016..]", "2016 oder später", "2016 or later"),
        ("[2010-05-28..]", "28. Mai 2010 oder später", "28 May 2010 or later"),
        ("[..2010]", "2010 oder früher", "2010 or earlier"),
        ("2008/2016", "2008 bis 2016", "2008 to 2016"),
        ("2008~/2010-05-28", "etwa 2008 bis 28. Mai 2010", "about 2008 to 28 May 2010"),
        ("2016/..", "seit 2016", "since 2016"),
        ("../2016", "bis 2016", "until 2016"),
        ("2011?", "vielleicht 2011", "perhaps 2011"),
    ],
)
def test_a_date_is_said_as_exactly_as_it_is_known(lexical: str, german: str, english: str) -> None:
    assert date_in_words(lexical, messages_in("de")) == german
    assert date_in_words(lexical, messages_in("en")) == english


@pytest.mark.parametrize("lexical", ["", "irgendwann", "2010-13-01", "201X", "[2010,2012]"])
def test_what_is_not_understood_stays_as_it_is(lexical: str) -> None:
    assert date_in_words(lexical, messages_in("de")) == lexical
