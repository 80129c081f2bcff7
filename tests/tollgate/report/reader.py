"""Reading a page as a browser does."""

from html.parser import HTMLParser

HOSTILE = "<script>alert('1')</script><img src=https://evil.example onerror=x()>\"'`&amp;{{7*7}}"


class Reader(HTMLParser):
    """What a browser makes of a page: its text, its tags, the names and values of attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag != "meta":
            self.open.append(tag)
        if tag in ("td", "th"):
            self.texts.append(" ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, "the page is well formed"

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        """The text with white space as a reader sees it."""
        return " ".join("".join(self.texts).split())
