"""The headless browser that takes the pictures: on a page of three lines, without Odoo."""

import http.server
import struct
import threading

import pytest

from run_tests import find_browser
from toolchain import browser, paths
from toolchain.say import ToolchainError

PAGE = b"""<!DOCTYPE html><html><body>
<p id="said">nothing</p>
<div class="button" onclick="said.textContent = 'outer'">Say
  <div class="button" onclick="event.stopPropagation(); later()">Say it</div></div>
<script>
  function later() { fetch("/slow").then(() => { said.textContent = "it was said" }) }
</script>
</body></html>"""


class Pages(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, *arguments):
        pass


@pytest.fixture(scope="module")
def window():
    paths.make_folders()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    with browser.Browser(find_browser(), url, "none") as opened:
        yield opened
    assert opened.process.poll() is not None
    server.shutdown()


def test_the_innermost_element_is_clicked_and_waited_for(window):
    window.open("/")
    assert window.evaluate("said.textContent") == "nothing"
    window.click(".button", "Say it")
    assert window.evaluate("said.textContent") == "it was said"


def test_what_is_not_there_is_named(window, monkeypatch):
    monkeypatch.setattr(browser, "PAGE_TIMEOUT", 2)
    window.open("/")
    with pytest.raises(ToolchainError, match="There is no .button 'Sing' to click"):
        window.click(".button", "Sing")


def test_errors_of_the_page_are_kept(window):
    window.open("/")
    window.errors.clear()
    window.evaluate("setTimeout(() => { throw new Error('it broke') })")
    window.wait()
    assert len(window.errors) == 1 and "it broke" in window.errors[0]


def test_a_picture_has_the_size_that_was_asked_for(window):
    window.resize(640, 360)
    window.open("/")
    png = window.picture()
    assert png.startswith(b"\x89PNG")
    assert struct.unpack(">II", png[16:24]) == (640, 360)
