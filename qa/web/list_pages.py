"""The pages of lists: documents, sources, conditions, words; and what the service is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from flask import Flask, Response, request

from qa.engine import Service
from qa.messages import say
from qa.models import ListName, Selection
from qa.web import presenter
from qa.web.browse import page
from qa.web.handlers import checked_selection
from qa.web.list_requests import REQUESTS, AnyList
from qa.web.list_view import ListView, list_view, with_defaults, within_pages
from qa.web.originals import KINDS_OF_FILE
from qa.web.parameters import parameters_of, read_query, url_parameters
from qa.web.request_models import OfTopic
from qa.web.responses import Content, Responder
from qa.web.works import as_work

MOST_WORKS = 10  # on the page of a condition, which leads to all
FACET_TITLES = ("document", "year", "kind", "retraction")


def add_list_pages(app: Flask, responder: Responder) -> None:
    """Add a page for each list, and lead to them from all pages."""
    service = responder.service
    app.jinja_env.globals["places"] = places(service)
    for name in REQUESTS:
        app.add_url_rule(f"/{name}", f"list:{name}", page_of(name, responder))

    @app.get("/conditions/<path:id>")
    def topic(id: str) -> Response:
        asked = read_query(OfTopic, url_parameters(request, only=parameters_of(OfTopic)))
        responder.require(asked.version)
        return responder.respond(
            request.environ,
            ("page", request.script_root, "topic", id, *asked.key),
            lambda: Content(topic_page(service, id, asked)),
        )

    @app.get("/about")
    def about() -> Response:
        return responder.respond(
            request.environ,
            ("page", request.script_root, "about", service.about().published),
            lambda: Content(about_page(service)),
        )


def places(service: Service) -> list[tuple[str, str]]:
    """Return the places that every page leads to, each with its name. Lists without an entry are left out."""
    manifest = service.index.manifest
    found = [("/", say("places.ask")), ("/documents", say("places.documents"))]
    found += [("/references", say("places.references"))] if any(d.references for d in manifest.documents) else []
    found += [("/conditions", manifest.site.topics)] if manifest.conditions else []
    return [*found, ("/about", say("places.about"))]


def page_of(name: ListName, responder: Responder) -> Callable[[], Response]:
    """Return the view function of a list."""

    def view() -> Response:
        model = REQUESTS[name]
        asked = read_query(model, url_parameters(request, only=parameters_of(model)))
        responder.require(asked.version)
        return responder.respond(
            request.environ,
            ("page", request.script_root, name, *asked.key),
            lambda: Content(list_page(name, responder.service, asked)),
        )

    return view


def list_page(name: ListName, service: Service, asked: AnyList) -> str:
    asked = with_defaults(name, asked)
    found = service.facets(name, checked_selection(service, asked))
    asked = within_pages(asked, found.total)
    entries = getattr(service, name)(checked_selection(service, asked))
    titles = {facet: say(f"list.{facet}") for facet in FACET_TITLES} | {"condition": service.index.manifest.site.topics}
    view = list_view(name, asked, found, titles)
    shown = {"view": view, "entries": entries} | MORE[name](service, view, entries)
    return page(service, f"{name}.html", f"/{name}{view.sent}", **shown)


def more_of_references(service: Service, view: ListView, entries: Any) -> dict[str, Any]:
    return {"works": {each.id: as_work(each.csl) for each in entries}}


def more_of_conditions(service: Service, view: ListView, entries: Any) -> dict[str, Any]:
    """In the order of the vocabulary, narrower conditions are set in. `found_in` are the lists that have entries about
    each condition."""
    in_a_tree = not view.chosen and not any(column.now for column in view.columns) and view.total == len(entries)
    shown = presenter.in_tree_order(entries) if in_a_tree else entries
    parents = {each.id: each.parent for each in entries}
    depths = {each.id: presenter.depth(each.id, parents, parents.keys()) if in_a_tree else 0 for each in entries}
    lists: tuple[ListName, ...] = ("documents", "references")
    facets = {name: service.facets(name).facets for name in lists}
    found_in = {
        name: {each.value for facet in facets[name] if facet.name == "condition" for each in facet.values}
        for name in lists
    }
    return {"entries": shown, "depths": depths, "found_in": found_in}


MORE: Mapping[ListName, Callable[[Service, ListView, Any], dict[str, Any]]] = {
    "documents": lambda service, view, entries: {},
    "references": more_of_references,
    "conditions": more_of_conditions,
}


def topic_page(service: Service, id: str, asked: OfTopic) -> str:
    topic = service.condition(id, asked.page, asked.limit)
    about = {"condition": (id,)}
    works = service.references(Selection("year", chosen=about, page=1, limit=MOST_WORKS)) if topic.references else ()
    address, last = f"/conditions/{quote(id, safe='')}", asked.page * asked.limit
    return page(
        service,
        "topic.html",
        f"{address}?page={asked.page}&limit={asked.limit}",
        topic=topic,
        works=[as_work(each.csl) for each in works],
        listed=f"?condition={quote(id, safe='')}",
        chosen=[topic.condition],
        anywhere="/",
        first=last - asked.limit + 1,
        previous=f"{address}?page={asked.page - 1}" if asked.page > 1 else "",
        next=f"{address}?page={asked.page + 1}" if last < topic.total else "",
    )


def about_page(service: Service) -> str:
    about = service.about()
    has_glossary = bool(service.index.manifest.glossary)
    return page(service, "about.html", "/about", about=about, formats=KINDS_OF_FILE, has_glossary=has_glossary)
