"""The review page: over HTTP, and in a browser."""

import http.client
import json
import re
import shutil
import subprocess
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

import pytest

import sendthemes as st
from sendthemes.sensecheck.decisions import Decision, read_decisions, write_decisions
from sendthemes.sensecheck.review import Review
from sendthemes.sensecheck.review_page import ReviewServer


@pytest.fixture
def path(tmp_path):
    return tmp_path / "decisions.csv"


@pytest.fixture
def serve(coded, path, redactor):
    """Start a review; gives its address. All servers end with the test."""
    running = []

    def start(**options):
        options = {"path": path, "coder": "AB", "redactor": redactor, **options}
        server = ReviewServer(Review(coded, **options)).__enter__()
        running.append(server)
        return server.address

    yield start
    for server in running:
        server.__exit__()


def fetch(address, data=None, headers=None):
    """Give status, address after redirects, headers and text."""
    body = None if data is None else urllib.parse.urlencode(data).encode()
    request = urllib.request.Request(address, body, headers or {})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.url, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as fault:
        with fault:
            return fault.code, fault.url, fault.headers, fault.read().decode()


def page_of(address, words):
    """Find the page that shows an answer."""
    for number in range(1, 7):
        text = fetch(f"{address}answer/{number}")[3]
        if words in re.sub(r"<span class=\"unseen\">.*?</span>|<sup.*?</sup>|<[^>]*>", "", text):
            return f"{address}answer/{number}", text
    raise AssertionError(words)


def test_one_answer_is_shown_with_question_definitions_and_marked_words(serve):
    _, text = page_of(serve(), "Funding is short. The budget is cut.")
    assert '<mark>Funding<span class="unseen"> (Funding)</span></mark> is short.' in text
    assert "<mark>budget" in text
    assert "Money." in text
    assert "q1" in text
    assert "0 of 6 answers read" in text


def test_a_blind_review_shows_nothing_of_the_rules(serve):
    address = serve(blind=True)
    for number in range(1, 7):
        text = fetch(f"{address}answer/{number}")[3]
        assert "<mark" not in text
        assert "Found by the rules" not in text
        assert text.count('type="checkbox" name="theme:') == 2


def test_names_are_hidden(serve):
    _, text = page_of(serve(), "says [Name].")
    assert "Okafor" not in text


def test_names_are_shown_to_a_coder_who_asks(serve):
    assert "Jane Okafor" in page_of(serve(redactor=None), "says Jane Okafor.")[1]


def test_answer_ids_are_not_on_the_page(serve):
    address = serve()
    assert not any("a:q1" in fetch(f"{address}answer/{number}")[3] for number in range(1, 7))


def test_every_decision_is_in_the_file_at_once(serve, path):
    place, _ = page_of(serve(), "Funding is short.")
    assert fetch(place, {"theme:funding": "no", "comment": "=an idiom"})[0] == 204
    (row,) = read_decisions(path)
    assert (row.answer_id, row.theme, row.decision, row.coder, row.reason) == (
        "a:q1",
        "funding",
        "drop",
        "AB",
        "=an idiom",
    )
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", row.time)
    assert len(row.answer_hash) == len(row.theme_hash) == 16


def test_a_mind_changed_replaces_the_row(serve, path):
    place, _ = page_of(serve(), "Funding is short.")
    for verdict in ("no", "yes"):
        fetch(place, {"theme:funding": verdict})
    assert [row.decision for row in read_decisions(path)] == ["confirm"]
    fetch(place, {})
    assert read_decisions(path) == ()


def test_finishing_goes_on_to_the_next_and_counts(serve, path):
    place, _ = page_of(serve(), "Funding is short.")
    status, after, _, text = fetch(place, {"theme:funding": "yes", "theme:staff": "yes", "finished": "1"})
    assert status == 200
    assert after != place
    assert "1 of 6 answers read" in text
    assert {(row.theme, row.decision) for row in read_decisions(path)} == {
        ("", "reviewed"),
        ("funding", "confirm"),
        ("staff", "add"),
    }
    assert '<span class="tag">read</span>' in fetch(place)[3]


def test_a_theme_found_must_be_decided_on_before_going_on(serve, path):
    place, _ = page_of(serve(), "Budgets and staffing.")
    status, _, _, text = fetch(place, {"theme:staff": "yes", "comment": "why", "finished": "1"})
    assert status == 422
    assert 'role="alert"' in text
    assert "Say whether it applies: Funding." in text
    assert 'value="yes" checked> Applies' in text  # what was sent is still there
    assert ">why</textarea>" in text
    assert not any(row.decision == "reviewed" for row in read_decisions(path))


def test_all_answers_read_end_the_review(serve):
    address = serve(blind=True)
    for number in range(1, 7):
        last = fetch(f"{address}answer/{number}", {"finished": "1"})
    assert last[1] == f"{address}end"
    assert "All 6 answers are read" in last[3]


def test_a_review_goes_on_where_it_ended(serve, path):
    first = serve(blind=True)
    fetch(f"{first}answer/1", {"theme:staff": "yes", "finished": "1"})
    again = serve(blind=True)
    assert again != first
    status, where, _, text = fetch(again)
    assert (status, where) == (200, f"{again}answer/2")
    assert "1 of 6 answers read" in text
    assert 'name="theme:staff" value="yes" checked' in fetch(f"{again}answer/1")[3]


def test_rows_of_others_stay_and_the_old_file_is_kept(serve, path):
    before = (
        Decision("a:q1", "funding", "drop", "CD", "2026", "mine"),
        Decision("z:q9", "gone", "add", "AB"),
        Decision("a:q1", "gone", "add", "AB"),
    )
    write_decisions(before, path)
    old = path.read_bytes()
    place, _ = page_of(serve(), "Funding is short.")
    for verdict in ("yes", "no"):
        fetch(place, {"theme:funding": verdict})
    assert read_decisions(path)[:3] == before
    assert path.with_name("decisions.csv.bak").read_bytes() == old


def test_a_file_changed_meanwhile_is_read_again_and_kept(serve, path):
    place, _ = page_of(serve(), "Funding is short.")
    fetch(place, {"theme:funding": "yes"})
    write_decisions([*read_decisions(path), Decision("b:q1", "staff", "drop", "CD")], path)
    fetch(place, {"theme:funding": "no"})
    assert {(row.coder, row.decision) for row in read_decisions(path)} == {("CD", "drop"), ("AB", "drop")}


def test_a_file_broken_meanwhile_is_told_and_not_touched(serve, path):
    place, _ = page_of(serve(), "Funding is short.")
    path.write_text("nonsense\n", encoding="utf-8")
    status, _, _, text = fetch(place, {"theme:funding": "yes", "finished": "1"})
    assert status == 500
    assert "Nothing was saved. decisions.csv: The decisions file lacks the column" in text
    assert path.read_text(encoding="utf-8") == "nonsense\n"


def test_saving_at_once_from_many_sides_loses_nothing(serve, path, coded):
    address = serve(blind=True)
    sides = [
        threading.Thread(target=fetch, args=(f"{address}answer/{number}", {"theme:staff": "yes"}))
        for number in range(1, 7)
    ]
    for side in sides:
        side.start()
    for side in sides:
        side.join()
    assert len(read_decisions(path)) == 6


def test_the_decisions_of_a_review_apply(serve, path, coded):
    place, _ = page_of(serve(), "Funding is short.")
    fetch(place, {"theme:funding": "no", "finished": "1"})
    after = st.apply_decisions(coded, path)
    assert not any(each.answer_id == "a:q1" for each in after)


@pytest.mark.parametrize("change", [lambda token: "", lambda token: token[:-1], lambda token: token[::-1]])
def test_without_the_token_there_is_nothing(serve, change):
    address = serve()
    token = address.rstrip("/").rsplit("/", 1)[1]
    assert len(token) >= 43
    for rest in ("", "answer/1", "review.css"):
        assert fetch(address.replace(token, change(token)) + rest)[0] == 404
    assert fetch(address.replace(token, change(token)) + "answer/1", {"finished": "1"})[0] == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_requests_from_other_pages_are_refused(serve, path, headers):
    address = serve()
    assert fetch(f"{address}answer/1", headers=headers)[0] == 403
    assert fetch(f"{address}answer/1", {"theme:staff": "yes"}, headers)[0] == 403
    assert not path.exists()


def test_the_server_listens_on_this_machine_alone(serve):
    assert urllib.parse.urlsplit(serve()).hostname == "127.0.0.1"


def test_pages_allow_nothing_from_outside_and_are_not_kept(serve):
    _, _, headers, text = fetch(serve())
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    assert headers["Cache-Control"] == "no-store"
    assert not re.search(r"https?://|<script(?! src)|style=|\son\w+=", text)


@pytest.mark.parametrize(
    "rest", ["answer/0", "answer/7", "answer/x", "answer/²", "answer", "../secret", "review.html"]
)
def test_what_is_not_there_is_404(serve, rest):
    assert fetch(serve() + urllib.parse.quote(rest))[0] == 404


@pytest.mark.parametrize("length", ["999999999", "-1", "x"])
def test_a_form_too_long_is_refused(serve, length):
    address = urllib.parse.urlsplit(serve())
    connection = http.client.HTTPConnection(address.netloc, timeout=10)
    connection.putrequest("POST", f"{address.path}answer/1")
    connection.putheader("Content-Length", length)
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()


def test_words_of_an_answer_are_never_markup(path, redactor):
    rows = [{"id": "x", "q1": '<script>alert(1)</script> & "budget"'}]
    answers = st.read_answers(rows, respondent="id", questions=["q1"])
    book = {"codebook": "x", "themes": [{"theme": "funding", "label": "<b>", "entries": ["budget"]}]}
    coded = st.code_answers(answers, st.load_codebook(book))
    with ReviewServer(Review(coded, path=path, coder="<i>", redactor=redactor)) as server:
        text = fetch(server.address)[3]
    assert "<script>" not in text
    assert "<b>" not in text.replace("<b>Sense-check</b>", "")
    assert "<i>" not in text


def test_a_coder_needs_a_name(coded, path):
    with pytest.raises(st.AnswersError, match="no name"):
        Review(coded, path=path, coder=" ", redactor=None)


def test_a_faulty_decisions_file_is_told_at_the_start(coded, path):
    path.write_text("a,b\n", encoding="utf-8")
    with pytest.raises(st.AnswersError, match="lacks the column"):
        Review(coded, path=path, coder="AB", redactor=None)


def test_nothing_to_read_is_told(coded, path):
    answers = st.read_answers([{"id": "x", "q1": "N/A"}], respondent="id", questions=["q1"])
    with pytest.raises(st.AnswersError, match="nothing to review"):
        Review(st.code_answers(answers, coded.codebook), path=path, coder="AB", redactor=None)


class Browser:
    """Headless Chromium, driven over its own debugging protocol."""

    def __init__(self, folder):
        self._folder = folder

    async def run(self, address, steps):
        from tornado.websocket import websocket_connect

        program = [
            shutil.which("chromium"),
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--window-size=1100,1300",
        ]
        program += ["--remote-debugging-port=0", f"--user-data-dir={self._folder}", "about:blank"]
        process = subprocess.Popen(program, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            end = time.monotonic() + 30
            told = self._folder / "DevToolsActivePort"
            while not told.exists() or not told.read_text().strip():
                assert time.monotonic() < end, "Chromium did not start"
                time.sleep(0.1)
            port = told.read_text().split()[0]
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/json", timeout=10) as answer:
                page = next(each for each in json.load(answer) if each["type"] == "page")
            self._line = await websocket_connect(page["webSocketDebuggerUrl"], max_message_size=2**26)
            self._id = 0
            await self.ask("Page.navigate", url=address)
            try:
                await steps(self)
            finally:
                self._line.close()
        finally:
            process.terminate()
            process.wait(timeout=20)

    async def ask(self, method, **params):
        self._id += 1
        await self._line.write_message(json.dumps({"id": self._id, "method": method, "params": params}))
        while True:
            answer = json.loads(await self._line.read_message())
            if answer.get("id") == self._id:
                assert "error" not in answer, answer
                return answer["result"]

    async def value(self, script):
        found = await self.ask("Runtime.evaluate", expression=script, returnByValue=True)
        return found["result"].get("value")

    async def until(self, script):
        import asyncio

        for _ in range(100):
            if await self.value(script):
                return
            await asyncio.sleep(0.1)
        raise AssertionError(f"never true: {script}; {await self.value('document.body.innerText')}")

    async def press(self, key):
        about = {"key": key, **({"text": "\r" if key == "Enter" else key} if key != "Escape" else {})}
        await self.ask("Input.dispatchKeyEvent", type="keyDown", **about)
        await self.ask("Input.dispatchKeyEvent", type="keyUp", key=key)


@pytest.mark.chromium
def test_a_review_by_keys_alone(serve, path, tmp_path):
    import asyncio

    address = serve()
    place, _ = page_of(address, "Budgets and staffing.")
    faults = []

    async def steps(page):
        await page.until("document.readyState == 'complete' && !!document.getElementById('finish')")
        await page.press("1")  # funding: applies
        await page.until("document.getElementById('status').textContent == 'Saved.'")
        assert [row.decision for row in read_decisions(path)] == ["confirm"]
        await page.press("1")  # no: it does not
        await page.press("2")
        await page.press("2")
        await page.press("c")
        for letter in "n1":
            await page.press(letter)  # into the comment: no shortcut
        await page.press("Escape")
        await page.press("Enter")
        await page.until("document.querySelector('.progress').textContent.includes('1 of 6')")
        assert await page.value("getComputedStyle(document.querySelector('button')).backgroundColor") == (
            "rgb(0, 100, 58)"
        )
        await page.value("document.getElementById('shortcuts').click()")
        before = path.read_bytes()
        await page.press("Enter")
        await page.press("1")
        faults.append(path.read_bytes() != before)

    asyncio.run(Browser(tmp_path / "chromium").run(place, steps))
    said = {(row.theme, row.decision, row.reason) for row in read_decisions(path)}
    assert said == {("", "reviewed", "n1"), ("funding", "drop", "n1"), ("staff", "drop", "n1")}
    assert faults == [False]
