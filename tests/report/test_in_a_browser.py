"""The readiness report in headless Chromium: no fault found by axe-core, no sideways scrolling on a phone."""

import json
import os
import shutil
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

import sendthemes as st

pytestmark = pytest.mark.chromium
ROOT = Path(__file__).parents[2]
AXE = "SENDTHEMES_AXE"


class Browser:
    """A page in headless Chromium, spoken to by the DevTools protocol."""

    def __init__(self, profile):
        flags = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
        ]
        command = [
            "chromium",
            *flags,
            "--remote-debugging-port=0",
            f"--user-data-dir={profile}",
            "about:blank",
        ]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        port_file = profile / "DevToolsActivePort"
        for _ in range(300):
            if port_file.exists() and port_file.read_text().count("\n"):
                break
            time.sleep(0.1)
        port = port_file.read_text().split()[0]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list") as answer:
            page = next(each for each in json.load(answer) if each["type"] == "page")
        import websocket

        self.socket = websocket.create_connection(
            page["webSocketDebuggerUrl"], timeout=120, suppress_origin=True
        )
        self.number = self.opened = 0

    def call(self, method, **params):
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method, "params": params}))
        while True:
            message = json.loads(self.socket.recv())
            if message.get("id") == self.number:
                assert "error" not in message, message
                return message["result"]

    def run(self, script):
        found = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def open(self, path, *, width, scheme, at="evidence"):
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=900,
            deviceScaleFactor=1,
            mobile=width < 600,
        )
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.opened += 1
        self.call("Page.navigate", url=f"{path.as_uri()}?{self.opened}#{at}")
        for _ in range(600):
            if self.run("document.readyState === 'complete' && location.search") == f"?{self.opened}":
                break
            time.sleep(0.1)
        self.run("document.querySelectorAll('details').forEach(each => each.open = true)")

    def close(self):
        self.socket.close()
        self.process.terminate()
        self.process.wait(timeout=30)


@pytest.fixture(scope="module")
def axe():
    path = Path(os.environ.get(AXE, ""))
    if not path.is_file():
        pytest.fail(f"{AXE} must hold the path of axe.min.js (npm install axe-core); .ci/run sets it.")
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reports")
    shutil.copytree(ROOT / "examples" / "readiness", folder / "readiness")
    study = st.load_study(folder / "readiness" / "study.yml")
    return {mode: study.run(mode=mode).save(folder / f"{mode}.html") for mode in ("internal", "publish")}


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    browser = Browser(tmp_path_factory.mktemp("profile"))
    yield browser
    browser.close()


@pytest.mark.parametrize(
    ("mode", "scheme", "width"),
    [
        ("internal", "light", 1280),
        ("internal", "dark", 1280),
        ("internal", "light", 375),
        ("publish", "dark", 375),
    ],
)
def test_axe_finds_no_violation_with_all_evidence_open(browser, reports, axe, mode, scheme, width):
    browser.open(reports[mode], width=width, scheme=scheme)
    browser.run(axe + ";0")
    found = browser.run("axe.run(document, {resultTypes: ['violations']})")
    assert found["passes"]
    assert [
        (each["id"], node["target"], node["failureSummary"])
        for each in found["violations"]
        for node in each["nodes"]
    ] == []


def test_axe_would_find_a_fault(browser, reports, axe):
    browser.open(reports["internal"], width=1280, scheme="light")
    browser.run("document.documentElement.removeAttribute('lang')")
    browser.run(axe + ";0")
    found = browser.run("axe.run(document, {runOnly: ['html-has-lang']})")
    assert [each["id"] for each in found["violations"]] == ["html-has-lang"]


@pytest.mark.parametrize("mode", ["internal", "publish"])
@pytest.mark.parametrize("width", [320, 375, 768])
def test_the_page_does_not_scroll_sideways(browser, reports, mode, width):
    browser.open(reports[mode], width=width, scheme="light")
    root = "document.documentElement"
    assert browser.run(f"[{root}.clientWidth, {root}.scrollWidth]") == [width, width]


def test_the_page_asks_nothing_of_the_network(browser, reports):
    browser.open(reports["internal"], width=1280, scheme="light")
    assert browser.run("performance.getEntriesByType('resource').map(each => each.name)") == []


def test_a_count_that_is_followed_shows_its_answers_alone_with_its_words_marked(browser, reports):
    browser.open(reports["internal"], width=1280, scheme="light", at="")
    shown = "[...document.querySelectorAll('#evidence figure')].filter(each => each.checkVisibility())"
    assert browser.run(f"{shown}.length") == 0
    browser.run("document.querySelector('a[href=\"#evidence-workforce\"]').click()")
    browser.run("new Promise(go => setTimeout(go, 200))")
    told = "document.querySelector('#evidence-workforce p').textContent.match(/in ([0-9]+) answers/)[1]"
    assert browser.run(f"{shown}.every(each => each.querySelector('mark'))")
    assert browser.run(f"{shown}.length === Number({told})")
    marks = "[...document.querySelectorAll('#evidence mark')].filter(each => each.checkVisibility())"
    own = "each.classList.contains(document.querySelector('#evidence-workforce').classList[1])"
    lit = "getComputedStyle(each).borderBottomStyle === 'solid'"
    assert browser.run(f"{marks}.every(each => {own} === ({lit}))")
    assert 0 < browser.run(f"{marks}.filter(each => {lit}).length") < browser.run(f"{marks}.length")
    assert browser.run("document.querySelector('#evidence-workforce').checkVisibility()")
    assert (
        browser.run("[...document.querySelectorAll('.count')].filter(e => e.checkVisibility()).length") == 1
    )
