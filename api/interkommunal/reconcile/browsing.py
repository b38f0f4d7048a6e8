"""Looking around: suggestions as one types, cards about things and terms, properties that a type has."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final

from interkommunal.normal import normal_text
from interkommunal.reconcile.book import Reader
from interkommunal.reconcile.call import Call, Reply, answer_json, number_of
from interkommunal.reconcile.card import FRAMED, Cards
from interkommunal.reconcile.queries import full_iri, known_type
from interkommunal.reconcile.schema import Role
from interkommunal.release.folding import keys
from interkommunal.site.site import Site
from interkommunal.texts import Text
from interkommunal.web.problems import Problem, RequestProblem, bad_request

Handler = Callable[[Call], Awaitable[Reply]]

_HTML: Final = b"text/html; charset=utf-8"
_SUGGESTED: Final = 20
_LONGEST_PREFIX: Final = 200
_FARTHEST: Final = 10_000
_MOST_PROPOSED: Final = 100


class Browsing:
    """What lies below the root of the service.

    Args:
        reader: looks things up.
        site: the public URL.

    Attributes:
        handlers: by path below the root.
    """

    def __init__(self, reader: Reader, site: Site) -> None:
        self._reader = reader
        self._site = site
        self._cards = Cards()
        self.handlers: dict[str, Handler] = {
            "/suggest/entity": self._entities,
            "/suggest/type": self._types,
            "/suggest/property": self._properties,
            "/flyout/entity": self._entity_card,
            "/flyout/type": self._type_card,
            "/flyout/property": self._property_card,
            "/preview": self._preview,
            "/extend/propose": self._propose,
        }

    async def _propose(self, call: Call) -> Reply:
        """Properties that things of a type have."""
        schema, name = call.book.schema, call.values.get("type", "")
        limit = number_of(call.values, "limit", _MOST_PROPOSED)
        if name:
            term = known_type(name, schema)
            used = await self._reader.work(lambda: call.book.names.used_by(term.iri))
            terms = [found for iri in used if (found := schema.property(iri)) is not None]
        else:
            terms = list(schema.properties)
        shown = [
            {"id": item.id, "name": item.label.in_(call.language), "description": item.definition.in_(call.language)}
            for item in terms[: limit or _MOST_PROPOSED]
        ]
        return answer_json(
            {**({"type": name} if name else {}), **({"limit": limit} if limit else {}), "properties": shown}, "propose"
        )

    async def _entities(self, call: Call) -> Reply:
        prefix, cursor = _prefix(call.values)
        names, language = call.book.names, call.language
        forms = keys(prefix)[:1]

        def find() -> list[dict[str, Any]]:
            if not forms:
                return []
            entries = names.beginning(forms[0], _SUGGESTED, cursor)
            things = names.things(entries, language)
            return [
                {
                    "id": things[entry].id,
                    "name": things[entry].label,
                    "description": things[entry].description,
                    "notable": call.book.schema.described(things[entry].classes, language),
                }
                for entry in entries
            ]

        return answer_json({"result": await self._reader.work(find)}, "suggest")

    async def _types(self, call: Call) -> Reply:
        return self._terms(call, "class")

    async def _properties(self, call: Call) -> Reply:
        return self._terms(call, "property")

    def _terms(self, call: Call, role: Role) -> Reply:
        prefix, cursor = _prefix(call.values)
        found = call.book.schema.suggested(role, prefix, call.language)
        shown = [
            {"id": item.id, "name": item.label.in_(call.language), "description": item.definition.in_(call.language)}
            for item in found[cursor : cursor + _SUGGESTED]
        ]
        return answer_json({"result": shown}, "suggest")

    async def _preview(self, call: Call) -> Reply:
        card, title = await self._reader.work(lambda: self._card(call))
        return Reply(self._cards.page(card, title, call.language), _HTML, FRAMED, form="preview")

    async def _entity_card(self, call: Call) -> Reply:
        card, _ = await self._reader.work(lambda: self._card(call))
        return answer_json({"id": call.values["id"], "html": card}, "flyout")

    def _card(self, call: Call) -> tuple[str, str]:
        """The card of the thing that ``id`` names, and its label."""
        given = _id(call.values)
        names = call.book.names
        entry = names.number(full_iri(given))
        if entry is None:
            raise _unknown(given)
        thing = names.things([entry], call.language)[entry]
        quoted = names.quoted(entry)
        card = self._cards.thing(
            thing,
            call.book.schema,
            self._site.absolute(f"/doc/{thing.id}"),
            names.known_as(entry),
            quoted[0] if quoted else "",
            names.identifiers([entry])[entry],
            call.language,
        )
        return card, thing.label

    async def _type_card(self, call: Call) -> Reply:
        return self._term_card(call, "class")

    async def _property_card(self, call: Call) -> Reply:
        return self._term_card(call, "property")

    def _term_card(self, call: Call, role: Role) -> Reply:
        given, schema = _id(call.values), call.book.schema
        name = normal_text(given)
        term = schema.type(name) if role == "class" else schema.property(name)
        if term is None:
            raise _unknown(given)
        return answer_json({"id": given, "html": self._cards.term(term, call.language)}, "flyout")


def _id(values: dict[str, str]) -> str:
    given = values.get("id", "")
    if not given:
        raise bad_request("Es fehlt „id“.", "There is no “id”.", parameter="id")
    return given


def _prefix(values: dict[str, str]) -> tuple[str, int]:
    """What was typed so far, and how many results to pass over."""
    if "prefix" not in values:
        raise bad_request("Es fehlt „prefix“.", "There is no “prefix”.", parameter="prefix")
    return normal_text(values["prefix"])[:_LONGEST_PREFIX], min(number_of(values, "cursor", 0), _FARTHEST)


def _unknown(given: str) -> RequestProblem:
    short = given if len(given) <= 100 else f"{given[:100]}…"
    return RequestProblem(Problem("not-found", Text(f"„{short}“ gibt es hier nicht.", f"There is no “{short}” here.")))
