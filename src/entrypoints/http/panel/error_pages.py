"""Errors as pages for those who read, not as problem documents for programs."""

from typing import Any
from uuid import UUID

from litestar import Request, Response
from litestar.types import Scope

from core.kernel.actor import ANONYMOUS
from core.kernel.errors import SotyError
from entrypoints.http.answer import Answer
from entrypoints.http.errors import InternalError, status_of
from entrypoints.http.panel.menu import Me
from entrypoints.http.panel.screens import View
from entrypoints.http.panel.shell import written
from entrypoints.http.panel.visit import Visit, reader_of
from entrypoints.http.problems import Problems
from entrypoints.http.reading import header
from entrypoints.shared.texts import error_text

_FOR_PROGRAMS = ("/api/", "/openapi", "/metrics", "/health")


class ErrorPages:
    """Writes a page of what was raised, with the identifier under which it is found in the log."""

    def __init__(self, problems: Problems) -> None:
        """:param problems: notes errors in the log, and answers programs."""
        self.problems = problems

    def page(self, visit: Visit, scope: Scope, raised: Exception, me: Me | None = None) -> Answer:
        """The page of an error.

        :param raised: whatever a page raised.
        :param me: who has signed in, where that is known.
        """
        error, error_id = self.problems.noted(raised, scope["method"])  # type: ignore[typeddict-item]
        return _written(visit, error, error_id, me)

    def answer(self, request: Request[Any, Any, Any], raised: Exception) -> Response[bytes]:
        """A page for a browser that looks for one, a problem document for everybody else.

        :param raised: what a handler or the framework raised.
        """
        if not _looks_for_page(request.scope):
            return self.problems.answer(request, raised)
        visit = Visit(
            actor=ANONYMOUS,
            reader=reader_of(request.scope),
            path=request.scope["path"],
            address="/",
            query={},
            form={},
            files={},
            ids={},
            session="",
            own="",
            token="",
            partial=False,
            notice="",
            pending="",
        )
        page = self.page(visit, request.scope, raised)
        headers = {name.decode(): value.decode() for name, value in page.headers}
        return Response(page.body, status_code=page.status, headers=headers)


def _looks_for_page(scope: Scope) -> bool:
    accepted = header(scope, b"accept") or b""
    return b"text/html" in accepted and not scope["path"].startswith(_FOR_PROGRAMS)


def _written(visit: Visit, error: SotyError, error_id: UUID, me: Me | None) -> Answer:
    text = error_text(visit.reader.language, error.code, error.params)
    status = status_of(error)
    ours = isinstance(error, InternalError) or status >= 500
    values = {"heading": text.title, "detail": text.detail, "status": status, "error_id": str(error_id), "ours": ours}
    return written(View("error.html", values, status), visit, me=me)
