"""The main part of a web page: what is left without navigation, banners, comments and the like."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection

from qa.readers.html.page import elements, remove, tokens_of
from qa.readers.xml import Element, element_names, flat

# Share of the prose of a page that makes an element part of its content, whatever its name.
CONTENT = 0.3
ROOT_SHARE = 0.5
NAMED_ROOT_SHARE = 0.35  # of elements with the name that a common system gives to the article
MOST_OF_PAGE = 0.75
LEAST_ROOT = 200  # characters of prose
LEAST_LOOSE = 80  # characters of text directly in an element that is no paragraph, to count as prose
PROSE = frozenset({"p", "li", "td", "dd", "blockquote", "pre"})
BLOCKS = PROSE | element_names(
    "address article aside body center details div dl dt figcaption figure footer header main nav ol "
    "section table tr ul form"
)
CONTROLS = element_names("audio button canvas dialog footer form iframe input map nav select textarea video menu aside")
ROLES = element_names(
    "alert banner complementary contentinfo dialog menu menubar navigation search tablist toolbar doc-toc"
)
NEVER_NOISE = element_names("article body h1 h2 h3 h4 h5 h6 html main p table tbody tr td")
NOISE = re.compile(
    r"(?:^|[\s_-])(?:nav(?:bar|box|igation)?|menu|breadcrumbs?|cookies?|cookie-\w+|consent|banner|share|sharing|"
    r"sharedaddy|social\w*|related|recommend\w*|sidebar|widget\w*|newsletter|subscribe|signup|promo\w*|advert\w*|ads?|"
    r"sponsor\w*|comments?|comment-?list|disqus\w*|respond|pagination|pager|skip\w*|toc|table-of-contents|toolbar|"
    r"masthead|site-?header|site-?footer|mw-editsection|mw-jump\w*|noprint|printfooter|catlinks|hatnote|"
    r"vector-\w+|mw-cite-backlink|footnote-back\w*|popup|modal|overlay|back-to-top|author-?bio|tags?-?list|jp-relatedposts|feedback|visually-hidden|"
    r"screen-reader-text|sr-only)(?:$|[\s_-])",
    re.IGNORECASE,
)
ROOTS = (
    ("//*[@itemprop='articleBody']", NAMED_ROOT_SHARE),
    *(
        (f"//*[contains(concat(' ', normalize-space(@class), ' '), ' {name} ')]", NAMED_ROOT_SHARE)
        for name in ("mw-parser-output", "entry-content", "post-content", "article-body", "article-content",
                     "main-article-body")
    ),
    ("//article", ROOT_SHARE),
    ("//main", ROOT_SHARE),
    ("//*[@role='main']", ROOT_SHARE),
    ("//*[@id='content' or @id='main-content' or @id='main']", ROOT_SHARE),
)  # fmt: skip


class Prose:
    """How many characters of running text, outside links, are in each element of a page."""

    def __init__(self, root: Element) -> None:
        order = list(elements(root))
        inside: dict[Element, Element] = {}  # the nearest block around
        linked: set[Element] = set()
        every: Counter[Element] = Counter()
        free: Counter[Element] = Counter()
        for element in order:
            parent = element.getparent()
            around = inside.get(parent, root)
            inside[element] = element if element.tag in BLOCKS else around
            if element.tag == "a" or parent in linked:
                linked.add(element)
            for text, owner, in_link in (
                (element.text, inside[element], element in linked),
                (element.tail, around, parent in linked),
            ):
                length = len((text or "").strip())
                every[owner] += length
                free[owner] += 0 if in_link else length
        self.length: Counter[Element] = Counter()
        for element in reversed(order):
            counts = element.tag in PROSE or every[element] >= LEAST_LOOSE
            self.length[element] += every[element] if counts and 2 * free[element] > every[element] else 0
            if element is not root:
                self.length[element.getparent()] += self.length[element]
        self.whole = max(1, self.length[root])

    def share(self, element: Element) -> float:
        return self.length[element] / self.whole


def remove_noise(root: Element, prose: Prose, keep: Collection[Element]) -> None:
    """Remove what is not content by its tag, role or name, unless it holds much of the prose or one of `keep`."""
    holding = {around for element in keep for around in (element, *element.iterancestors())}
    gone: set[Element] = set()
    for element in list(elements(root)):
        parent = element.getparent()
        if parent in gone:
            gone.add(element)
        elif parent is not None and element not in holding and prose.share(element) <= CONTENT and is_noise(element):
            gone.add(element)
            remove(element)


def is_noise(element: Element) -> bool:
    role = (element.get("role") or "").lower()
    if element.tag in CONTROLS and not role.startswith("doc-"):
        return "note" not in tokens_of(element)  # notes of old typesetters of web pages are asides
    if element.tag == "header":
        return element.find(".//h1") is None and not any(
            around.tag in ("article", "main") for around in element.iterancestors()
        )
    if element.tag in NEVER_NOISE:
        return False
    return role in ROLES or bool(NOISE.search(element.get("class") or "")) or is_noise_by_id(element)


def is_noise_by_id(element: Element) -> bool:
    """Whether an id is a name of noise. Ids that are made from a heading ("related-work") are not."""
    id = element.get("id") or ""
    if not NOISE.search(id):
        return False
    heading = next(element.iter("h1", "h2", "h3", "h4", "h5", "h6"), None)
    slug = "" if heading is None else re.sub(r"\W+", "-", flat(heading).lower()).strip("-")
    return not (slug and id.lower().strip("-_").startswith(slug))


def find_main(root: Element, prose: Prose) -> Element:
    """The element with the content: one that says so, or the deepest with most of the prose."""
    for path, share in ROOTS:
        best = max(root.xpath(path), key=prose.length.__getitem__, default=None)
        if best is not None and prose.share(best) >= share and prose.length[best] > LEAST_ROOT:
            found: Element = best
            return found
    element = root
    while True:
        best = max(element, key=prose.length.__getitem__, default=None)
        if best is None or prose.share(best) < MOST_OF_PAGE or best.tag in PROSE | {"table", "ol", "ul", "dl", "tbody"}:
            return element
        if next(best.iter("h1"), None) is None and next(element.iter("h1"), None) is not None:
            return element  # the title is beside it, and often a summary too
        element = best
