"""What the server answers when it is asked about itself."""

from collections.abc import Mapping

from serving.infer import Infer
from serving.openapi.document import document
from serving.openapi.examples import Examples
from serving.openapi.page import HEADERS, page, placed
from serving.rest.call import Answer, Call, as_json


class Description:
    """The OpenAPI document and the page of one server, made once."""

    def __init__(self, infer: Infer, templates: Mapping[str, str]) -> None:
        """Make them.

        Args:
            infer: The bundle, as it is served.
            templates: The open routes: the method of each template.
        """
        examples = Examples(infer.scoring.bundle, infer.name, infer.version, infer.scoring.limits.max_rows)
        found = document(infer, examples, templates)
        self._document = Answer(as_json(found))
        self._page = page(infer, examples, found)

    def document(self, _: Call) -> Answer:
        """The OpenAPI document."""
        return self._document

    def page(self, call: Call) -> Answer:
        """The page for people, whose commands ask the host by which it was asked."""
        content = placed(self._page, call.headers.get(b"host", b""))
        return Answer(content, b"text/html; charset=utf-8", headers=HEADERS)
