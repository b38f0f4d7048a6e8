"""A spreadsheet as people write them: names of the graph misspelt, abbreviated and inflected by stated rules.

The rules work on what the graph itself calls its things; a seed makes the sheet the same each time. A name that several
things share is asked for with its type, if that decides, and else left out. Names that mean nothing of the graph stand
beside, written out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

import pyoxigraph

from interkommunal.namespaces import ID, IK, PREFIXES
from interkommunal.release.folding import folded

Change = Callable[[str, Random], str | None]

ROWS = 200
NAMING = ("rdfs:label", "schema:name", "schema:alternateName", "schema:legalName", "skos:altLabel")
APPARATUS = ("passage", "reading", "inference", "discrepancy", "section", "caption")

# None of them is in the graph, and each is like something that is.
STRANGERS = (
    *("Hamburg", "Herten", "Werne", "Hagen", "Hamm", "Witten", "Gladbeck", "Essens Rathaus", "Esens", "Hessen"),
    *("Essen (Oldenburg)", "Oberhausen (Bayern)", "Mülheim-Kärlich", "Müllheim", "Geilenkirchen", "Duisdorf"),
    *("Bochum-Wattenscheid", "Bockum", "Dortmunder U", "Essener", "Borken", "Bottrop-Kirchhellen", "Herne-Wanne"),
    *("Interkommunales Forum Integration 2013", "Interkommunales Forum Integration 2008", "Forum 2021"),
    *("Regionalverband Südlicher Oberrhein", "Landschaftsverband Westfalen-Lippe", "LVR", "RVO", "MAGS", "KommOn"),
    *("Ministerium für Schule und Bildung des Landes Nordrhein-Westfalen", "Nordrhein", "Metropole Rhein-Ruhr"),
    *("Kontrakt „Interkulturelle Städteregion Rhein“ (2010)", "Städtekooperationsvertrag (2005)", "welcome.rhein"),
    *(
        "Kontrakt „Interkulturelle Städteregion Rur“ (2010)",
        "Mülheim an der Rur",
        "Mühlheim am Main",
        "Oberhausen-Sterkrade",
    ),
    *("Heft 7: Einführung und Rahmenbedingungen", "Ziel 9", "Kommunalverband", "Stadt", "Vertrag", "Ruhr", "2010"),
)


@dataclass(frozen=True)
class Row:
    """A cell of the sheet: how it came about, what stands in it, its type if given, and what it means."""

    rule: str
    text: str
    type: str | None
    meant: str


@dataclass(frozen=True)
class Name:
    """A name of a thing, and the types that tell it from others of the same name."""

    text: str
    thing: str
    type: str | None


def names(store: pyoxigraph.Store) -> list[Name]:
    """The German and the neutral names of things, each with what makes it unambiguous."""
    naming = " ".join(NAMING)
    prologue = "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in ("rdfs", "schema", "skos"))
    rows = store.query(
        f"{prologue}SELECT DISTINCT ?thing ?name WHERE {{\n"
        f"VALUES ?naming {{ {naming} }} GRAPH ?g {{ ?thing ?naming ?name }}\n"
        f'FILTER (STRSTARTS(STR(?thing), "{ID}") && LANG(?name) IN ("", "de")) }} ORDER BY ?thing ?name'
    )
    assert isinstance(rows, pyoxigraph.QuerySolutions)
    owners: dict[str, set[str]] = defaultdict(set)
    found: list[tuple[str, str]] = []
    for row in rows:
        thing, text = row["thing"].value.removeprefix(ID), row["name"].value
        if thing.split("/")[0] in APPARATUS or thing.startswith("source/grundlagen/"):
            continue
        owners[folded(text)].add(thing)
        found.append((thing, text))
    kinds = types(store)
    result = []
    for thing, text in found:
        others = owners[folded(text)] - {thing}
        own = sorted(kinds[thing] - set().union(*(kinds[other] for other in others)))
        if others and not own:
            continue
        result.append(Name(text, thing, own[0] if others else None))
    return result


def types(store: pyoxigraph.Store) -> dict[str, set[str]]:
    """The classes of each thing, as clients name them."""
    found: dict[str, set[str]] = defaultdict(set)
    for quad in store.quads_for_pattern(None, pyoxigraph.NamedNode(f"{PREFIXES['rdf']}type"), None):
        iri = quad.object.value if isinstance(quad.object, pyoxigraph.NamedNode) else ""
        short = iri.removeprefix(IK)
        for prefix, namespace in PREFIXES.items():
            if short.startswith(namespace):
                short = f"{prefix}:{short.removeprefix(namespace)}"
        if isinstance(quad.subject, pyoxigraph.NamedNode) and quad.subject.value.startswith(ID):
            found[quad.subject.value.removeprefix(ID)].add(short)
    return found


def sheet(store: pyoxigraph.Store) -> list[Row]:
    """:data:`ROWS` rows; each rule gets about as many as the others."""
    random = Random(20110920)
    known = names(store)
    unchanged = {folded(name.text) for name in known}
    rows: list[Row] = []
    seen: set[str] = set()
    turns = [iter(random.sample(known, len(known))) for _ in RULES]
    while len(rows) < ROWS:
        before = len(rows)
        for (rule, change), turn in zip(RULES.items(), turns, strict=True):
            for name in turn:
                text = change(name.text, random)
                # A change that makes another thing's name of it would be no mistake of ours.
                if text is None or text in seen or (folded(text) in unchanged and folded(text) != folded(name.text)):
                    continue
                seen.add(text)
                rows.append(Row(rule, text, name.type, name.thing))
                break
        assert len(rows) > before, "the rules have run out of names"
    return rows[:ROWS]


def _letters(text: str, least: int = 6) -> list[int]:
    """Places inside the longest word; none if it is short."""
    found = max(re.finditer(r"[^\W\d_]+", text), key=lambda word: len(word.group()), default=None)
    return [] if found is None or len(found.group()) < least else list(range(found.start() + 1, found.end() - 1))


def _swapped(text: str, random: Random) -> str | None:
    places = [place for place in _letters(text)[:-1] if text[place].lower() != text[place + 1].lower()]
    place = random.choice(places) if places else None
    return None if place is None else f"{text[:place]}{text[place + 1]}{text[place]}{text[place + 2 :]}"


def _dropped(text: str, random: Random) -> str | None:
    places = _letters(text)
    place = random.choice(places) if places else None
    return None if place is None else text[:place] + text[place + 1 :]


def _doubled(text: str, random: Random) -> str | None:
    places = _letters(text)
    place = random.choice(places) if places else None
    return None if place is None else text[: place + 1] + text[place:]


def _mistyped(text: str, random: Random) -> str | None:
    places = _letters(text)
    place = random.choice(places) if places else None
    return None if place is None else text[:place] + random.choice("aeinrst") + text[place + 1 :]


def _shortened(text: str, random: Random) -> str | None:
    long = list(re.finditer(r"[^\W\d_]{10,}", text))
    if not long or len(text.split()) < 2:
        return None
    word = random.choice(long)
    return f"{text[: word.start() + 6]}.{text[word.end() :]}"


def _replaced(*pairs: tuple[str, str]) -> Change:
    def change(text: str, _: Random) -> str | None:
        changed = text
        for old, new in pairs:
            changed = re.sub(old, new, changed)
        return changed if changed != text else None

    return change


def _genitive(text: str, _: Random) -> str | None:
    return f"{text}s" if re.search(r"[^\W\d_]{3,}[^sxzß\W\d_]$", text) and text[-1].islower() else None


def _inflected(text: str, _: Random) -> str | None:
    found = re.match(r"([^\W\d_]{5,}e)( .+)$", text)
    return f"{found[1]}r{found[2]}" if found else None


def _with_article(text: str, _: Random) -> str | None:
    return f"die {text}" if re.match(r"[^\W\d_]+e |Städte", text) else None


def _reordered(text: str, _: Random) -> str | None:
    parts = text.split()
    return f"{' '.join(parts[1:])}, {parts[0]}" if 2 <= len(parts) <= 4 and parts[0].isalpha() else None


def _twice(text: str, random: Random) -> str | None:
    places = _letters(text, 12)
    if not places:
        return None
    first, second = sorted(random.sample(places, 2))
    return text[:first] + text[first + 1 : second] + text[second + 1 :]


_UMLAUTS: Change = _replaced(("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("Ü", "Ue"), ("ß", "ss"))


def _after(first: Change, second: Change, text: str, random: Random) -> str | None:
    changed = first(text, random)
    return None if changed is None else second(changed, random)


RULES: dict[str, Change] = {
    "ae, oe, ue, ss": _UMLAUTS,
    "without dots": _replaced(("ä", "a"), ("ö", "o"), ("ü", "u"), ("Ü", "U")),
    "capitals": lambda text, _: text.upper() if len(text) > 4 else None,
    "two letters swapped": _swapped,
    "a letter missing": _dropped,
    "a letter twice": _doubled,
    "a wrong letter": _mistyped,
    "two letters missing": lambda text, random: _twice(text, random),
    "ae and a letter missing": lambda text, random: _after(_UMLAUTS, _dropped, text, random),
    "a wrong letter and genitive": lambda text, random: _after(_genitive, _mistyped, text, random),
    "a long word abbreviated": _shortened,
    "und as u.": _replaced((r"\bund\b", "u.")),
    "und as &": _replaced((r"\bund\b", "&")),
    "an der as a. d.": _replaced((r"\ban der\b", "a. d.")),
    "an der as /": _replaced((r" an der ", "/")),
    "Stadt behind": _replaced((r"^Stadt (.+)$", r"\1 (Stadt)")),
    "genitive": _genitive,
    "another case": _inflected,
    "with an article": _with_article,
    "first word behind": _reordered,
    "hyphens": _replaced((r"(?<=\w) (?=\w)", "-")),
    "no hyphens": _replaced((r"(?<=\w)-(?=\w)", "")),
    "no quotation marks": _replaced((r"[„“\"]", "")),
    "no bracket": _replaced((r" \([^()]*\)$", "")),
    "spaces": lambda text, _: f"  {text.replace(' ', '  ')} ",
    "as it is": lambda text, _: text,
}


def others(store: pyoxigraph.Store, number: int) -> list[str]:
    """Names of which one word, or one number, was replaced by another one of the graph: they name nothing."""
    random = Random(20100528)
    texts = sorted({name.text for name in names(store)})
    unchanged = {folded(text) for text in texts}
    words = sorted({word for text in texts for word in re.findall(r"[^\W\d_]{4,}", text)})
    found: list[str] = []
    while len(found) < number:
        text = random.choice(texts)
        numbers = list(re.finditer(r"\d+", text))
        own = list(re.finditer(r"[^\W\d_]{4,}", text))
        if numbers and random.random() < 0.3:
            word, new = random.choice(numbers), str(random.randint(0, 2030))
        elif len(own) > 1:
            word, new = random.choice(own), random.choice(words)
        else:
            continue
        changed = text[: word.start()] + new + text[word.end() :]
        if folded(changed) not in unchanged:
            found.append(changed)
    return found


def by_rule(rows: list[Row], right: set[Row]) -> Iterator[str]:
    """One line a rule: how many of its rows came out right."""
    for rule in RULES:
        own = [row for row in rows if row.rule == rule]
        yield f"{rule:26} {sum(row in right for row in own):3} of {len(own):3}"
