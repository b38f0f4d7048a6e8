import re
from pathlib import Path

import pytest

import interkommunal.site.messages.english as english
import interkommunal.site.messages.german as german
from interkommunal import site as pages

HERE = Path(pages.__file__).parent
ROOM = HERE.parent
# Keys that are put together from a name and a part that the data gives.
MADE = ("a.", "how.", "role.", "property.", "group.", "intro.", "column.", "statements.")


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def code() -> str:
    folders = (HERE, ROOM / "overviews")
    files = [path for folder in folders for path in (*folder.rglob("*.py"), *folder.rglob("*.html"))]
    sources = [path for path in files if "messages" not in path.parts]
    return "\n".join(path.read_text(encoding="utf-8") for path in sources)


def test_both_languages_have_the_same_keys() -> None:
    assert set(german.TEXTS) == set(english.TEXTS)


@pytest.mark.parametrize("key", sorted(german.TEXTS))
def test_both_languages_fill_in_the_same(key: str) -> None:
    missing = placeholders(german.TEXTS[key]) ^ placeholders(english.TEXTS[key])
    assert missing <= {"n", "figure"}, f"{key}: {missing}"


def test_every_key_is_used_somewhere() -> None:
    text = code()
    unused = [
        key
        for key in german.TEXTS
        if f'"{key}"' not in text and f'"{key.rpartition(".")[0]}"' not in text and not key.startswith(MADE)
    ]
    assert unused == []


def test_every_key_that_a_template_or_module_names_exists() -> None:
    named = set(re.findall(r'say\(\s*"([a-z0-9.-]+)"', code()))
    counted = set(re.findall(r'say\.count\(\s*"([a-z0-9.-]+)"', code()))
    assert {key for key in named if key not in german.TEXTS} == set()
    assert {key for key in counted if f"{key}.one" not in german.TEXTS or f"{key}.other" not in german.TEXTS} == set()
