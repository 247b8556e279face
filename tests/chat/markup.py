"""Reading HTML in tests: what a browser would show, and which elements foreign text must never make."""

from html.parser import HTMLParser

PAYLOADS = (
    "<img src=x onerror=window.hacked=1>",
    "<script>window.hacked=1</script>",
    "${window.hacked=1}",
    "`${window.hacked=1}`",
    "{{window.hacked}}",
    "{{#each value}}x{{/each}}",
    "[click](javascript:window.hacked=1)",
    "![x](http://evil.example/x.png)",
    "**bold** _em_ `code` ~~gone~~",
    "$$\\href{javascript:alert(1)}{x}$$",
    '" onmouseover="window.hacked=1',
    "' autofocus onfocus='window.hacked=1",
    "</mark></blockquote></div><form action=http://evil.example>",
    "&lt;b&gt; &amp; &#60;img&#62;",
    "http://evil.example/ www.evil.example a@evil.example",
    "# heading\n\n- item\n\n> quote\n\n    code",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "\u202eright to left override\u202c",
    "עברית ועוד עברית",
    "emoji 👩‍👩‍👧‍👦 𝒵 é a\u0301\u0300",
)
ALLOWED = set(
    "a abbr blockquote br button dd details div dl dt em fieldset form h1 h2 h3 h4 header input kbd label legend li "
    "mark ol p progress section span strong summary u ul svg rect title text g".split()
)


class Page(HTMLParser):
    """Parses HTML as a browser does: text, elements and attributes, and the text inside given elements."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[tuple[str, dict[str, str | None], int]] = []
        self.inside: list[tuple[str, dict[str, str | None], str]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in ("br", "input", "meta"):
            self._open.append((tag, dict(attrs), len(self.text)))

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self._open, f"</{tag}> closes nothing"
        opened, attrs, start = self._open.pop()
        assert opened == tag, f"</{tag}> closes <{opened}>"
        self.inside.append((tag, attrs, self.text[start:]))

    def handle_data(self, data):
        self.text += data

    def texts_of(self, tag: str, **attributes: str) -> list[str]:
        """The text inside each element of a tag that has the given attributes, in order of their ends."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            t for name, attrs, t in self.inside if name == tag and all(attrs.get(k) == v for k, v in wanted.items())
        ]


def assert_inert(html: str) -> Page:
    """Only the page's own elements, no handler attribute, no address outside the page; everything closed."""
    page = Page(html)
    assert not page._open, "every element is closed"
    for tag, attrs in page.elements:
        assert tag in ALLOWED, tag
        assert not any(name.startswith("on") for name in attrs), attrs
        assert (attrs.get("href") or "#").startswith("#"), attrs
        assert not {"src", "action"} & set(attrs), attrs
    return page
