"""The review page: a small server on this machine alone, for one coder's browser.

Nobody else can read it: it listens on the loopback address, answers only requests that carry the random
token of its address and name that address as their host, and the page asks nothing of any other server.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sendthemes.errors import SendThemesError
from sendthemes.sensecheck.decisions import Decision
from sendthemes.sensecheck.review import Review, Shown
from sendthemes.templates import page_template

_TEMPLATES = Path(__file__).parent / "templates"
_FILES = {"review.css": "text/css", "review.js": "text/javascript"}
_LARGEST = 100_000  # bytes of one form
_KEYS = "123456789abdefghijklmoqrstuvwxyz"  # c, n and p mean something else
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class ReviewServer:
    """Serves one review until it is closed; use it with ``with``. Port 0 takes any free one.

    ``address`` is what to open in the browser; whoever has it can read the answers shown.
    """

    def __init__(self, review: Review, *, port: int = 0) -> None:
        token = secrets.token_urlsafe(32)
        self._server = _Server(review, token, port)
        self.address: str = f"http://127.0.0.1:{self._server.server_port}/{token}/"
        self._thread = Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> ReviewServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def wait(self) -> None:
        """Wait until the server ends (or the keyboard interrupts)."""
        while self._thread.is_alive():
            self._thread.join(timeout=1)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, review: Review, token: str, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.review, self.token = review, token
        self.hosts = {f"{name}:{self.server_port}" for name in ("127.0.0.1", "localhost")}
        self.page = page_template(_TEMPLATES / "review.html")

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Leave it to the browser to try again where it hung up."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server  # pyright: ignore[reportIncompatibleVariableOverride] - nobody else makes handlers
    server_version, sys_version = "sendthemes", ""
    timeout = 30

    def log_message(self, format: str, *args: Any) -> None:
        """Write nothing: the address holds the token."""

    def do_GET(self) -> None:
        """Show an answer, the end, or one of the page's own files."""
        steps = self._steps()
        if steps is None:
            return
        if len(steps) == 1 and steps[0] in _FILES:
            content = (_TEMPLATES / steps[0]).read_bytes()
            self._send(200, content, _FILES[steps[0]])
        elif steps in ([], [""]):
            self._go_on(0)
        elif steps == ["end"]:
            self._show(None)
        elif (at := self._number(steps)) is not None:
            self._show(at)
        else:
            self._refuse(404)

    def do_POST(self) -> None:
        """Keep the decisions on an answer; go on to the next one where the coder has finished it."""
        steps = self._steps()
        at = None if steps is None else self._number(steps)
        if steps is None or at is None:
            if steps is not None:
                self._refuse(404)
            return
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > _LARGEST:
            self._refuse(413)
            return
        form = parse_qs(self.rfile.read(int(length)).decode("utf-8", "replace"))
        review = self.server.review
        shown = review.answers[at]
        said = {theme.theme: form.get(f"theme:{theme.theme}", [""])[0] for theme in review.themes}
        verdicts = {theme: verdict == "yes" for theme, verdict in said.items() if verdict in ("yes", "no")}
        comment = form.get("comment", [""])[0]
        finished = "finished" in form
        left = review.undecided(shown, verdicts) if finished else ()
        try:
            review.save(shown, verdicts, comment, finished=finished and not left)
        except (SendThemesError, OSError) as fault:
            self._show(at, 500, f"Nothing was saved. {fault}", (verdicts, comment))
            return
        if left:
            names = ", ".join(theme.title for theme in left)
            self._show(at, 422, f"Say whether it applies: {names}.", (verdicts, comment))
        elif finished:
            self._go_on(at + 1)
        else:
            self._send(204, b"", "text/plain")

    def _steps(self) -> list[str] | None:
        """Give the path after the token; refuse whoever does not know it, or comes from another page."""
        origin = self.headers.get("Origin")
        host = self.headers.get("Host", "")
        ours = host in self.server.hosts and origin in (None, f"http://{host}")
        first, *steps = urlsplit(self.path).path.lstrip("/").split("/")
        known = secrets.compare_digest(first.encode("utf-8", "replace"), self.server.token.encode())
        if ours and known and self.headers.get("Sec-Fetch-Site", "none") in ("none", "same-origin"):
            return steps
        self._refuse(403 if known or not ours else 404)
        return None

    def _number(self, steps: list[str]) -> int | None:
        """Give the place of the answer that the path names."""
        if len(steps) != 2 or steps[0] != "answer" or not (steps[1].isascii() and steps[1].isdigit()):
            return None
        at = int(steps[1][:9]) - 1
        return at if 0 <= at < len(self.server.review.answers) else None

    def _go_on(self, start: int) -> None:
        """Send the browser to the next answer that the coder has not finished, or to the end."""
        answers, read = self.server.review.answers, self.server.review.read()
        order = [*range(start, len(answers)), *range(start)]
        at = next((at for at in order if answers[at].answer_id not in read), None)
        where = "end" if at is None else f"answer/{at + 1}"
        self._send(303, b"", "text/plain", {"Location": f"/{self.server.token}/{where}"})

    def _show(
        self,
        at: int | None,
        status: int = 200,
        problem: str = "",
        sent: tuple[dict[str, bool], str] | None = None,
    ) -> None:
        """Show an answer with what was decided (or sent and not kept), or the end where there is none."""
        review = self.server.review
        shown: Shown | None = None if at is None else review.answers[at]
        read, mine = frozenset[str](), dict[str, Decision]()
        try:
            read = review.read()
            mine = {} if shown is None else review.mine(shown)
        except SendThemesError as fault:
            status, problem = 500, problem or str(fault)
        verdicts = {name: each.decision != "drop" for name, each in mine.items() if name}
        comment = next((each.reason for each in mine.values() if each.reason), "")
        page = self.server.page.render(
            review=review,
            shown=shown,
            number=0 if at is None else at + 1,
            total=len(review.answers),
            read=len(read),
            finished="" in mine,
            verdicts=verdicts if sent is None else sent[0],
            comment=comment if sent is None else sent[1],
            keys=dict(zip((theme.theme for theme in review.themes), _KEYS, strict=False)),
            titles={theme.theme: theme.title for theme in review.themes},
            problem=problem,
            base=f"/{self.server.token}/",
        )
        self._send(status, page.encode("utf-8", "replace"), "text/html")

    def _refuse(self, status: int) -> None:
        self._send(status, b"Not here.\n", "text/plain")

    def _send(self, status: int, content: bytes, kind: str, more: Mapping[str, str] = _HEADERS) -> None:
        self.send_response(status)
        about = {"Content-Type": f"{kind}; charset=utf-8", "Content-Length": str(len(content))}
        for name, value in {**_HEADERS, **more, **about}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)
