"""A headless Chromium for one person: log in to Odoo, open pages, click, take pictures.

It speaks Chromium's DevTools protocol over the websocket that Odoo's own browser tests need as
well, so that no other package is installed.

    with Browser(executable, url, database) as browser:
        browser.log_in("seller", "seller")
        browser.open("/odoo/orders-in-process")
        browser.click(".o_data_row", "S00012")
        png = browser.picture()
"""

import base64
import contextlib
import json
import os
import shutil
import subprocess
import tempfile
import time
import urllib.request

from . import commands, paths
from .say import ToolchainError

START_TIMEOUT = 30
PAGE_TIMEOUT = 60
# A page is complete when nothing was asked of the server for so many seconds.
QUIET_SECONDS = 0.6
POLL_SECONDS = 0.1

# Fetched by a worker of the page, which never says that it has arrived.
WORKER = "/bus/websocket_worker"

# Odoo's client has not begun yet, says that it works, or a picture is not there yet.
BUSY = """
    document.readyState !== "complete"
    || (document.body.matches(".o_web_client") && !document.querySelector(".o_action_manager > *"))
    || !!document.querySelector(".o_loading_indicator, .o_blockUI, .o_is_loading")
    || [...document.images].some(image => image.loading !== "lazy" && !image.complete)
"""
# The clickable element with that text, the innermost one if several are nested.
CLICK = """
    (() => {
        const found = [...document.querySelectorAll(%(selector)s)].filter(
            element => element.getClientRects().length && element.textContent.includes(%(text)s)
        );
        const target = found.find(
            element => !found.some(other => element !== other && element.contains(other))
        );
        if (!target) return false;
        target.scrollIntoView({block: "nearest"});
        target.click();
        return true;
    })()
"""
# A picture shows the page, not what is at work on it.
STILL = """
    (() => {
        document.activeElement?.blur?.();
        const style = document.createElement("style");
        style.textContent = "*, *::before, *::after { animation: none !important;"
            + " transition: none !important; caret-color: transparent !important }"
            + " .o_tooltip, .o-tooltip { display: none !important }";
        document.head.append(style);
    })()
"""


class Browser:
    def __init__(self, executable, url, database):
        self.executable = executable
        self.url = url
        self.database = database
        self.profile = None
        self.process = None
        self.socket = None
        self.number = 0
        self.under_way = set()
        self.last_event = 0
        self.errors = []

    # Start and stop

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *problem):
        self.stop()

    def start(self):
        self.profile = tempfile.mkdtemp(prefix="browser", dir=paths.TMP)
        self.process = subprocess.Popen(
            self.command(),
            env=commands.clean_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.connect(self.find_page())
        for domain in ("Page", "Network", "Runtime"):
            self.call(f"{domain}.enable")
        # Without it Chromium treats the page as one in the background.
        self.call("Emulation.setFocusEmulationEnabled", enabled=True)

    def command(self):
        argv = [
            self.executable,
            "--headless=new",
            "--remote-debugging-port=0",
            f"--user-data-dir={self.profile}",
            "--no-first-run",
            "--disable-extensions",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--force-color-profile=srgb",
            "--hide-scrollbars",
            "--lang=en-US",
        ]
        # Chromium has no sandbox for root.
        return [*argv, *(["--no-sandbox"] if os.geteuid() == 0 else []), "about:blank"]

    def find_page(self):
        """The address of the websocket of the only page."""
        file = os.path.join(self.profile, "DevToolsActivePort")
        deadline = time.monotonic() + START_TIMEOUT
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise ToolchainError(f"{self.executable} ended by itself while starting.")
            with contextlib.suppress(OSError, ValueError):
                with open(file) as stream:
                    port = int(stream.readline())
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list") as answer:
                    for target in json.load(answer):
                        if target["type"] == "page":
                            return target["webSocketDebuggerUrl"]
            time.sleep(POLL_SECONDS)
        raise ToolchainError(f"{self.executable} did not start within {START_TIMEOUT} s.")

    def connect(self, address):
        # Installed with the packages of the tests.
        import websocket

        self.timeout_error = websocket.WebSocketTimeoutException
        self.socket = websocket.create_connection(
            address, timeout=PAGE_TIMEOUT, suppress_origin=True
        )

    def stop(self):
        if self.socket:
            self.socket.close()
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if self.profile:
            shutil.rmtree(self.profile, ignore_errors=True)

    # The protocol

    def call(self, method, **parameters):
        """One command and its answer; what happens meanwhile is noted."""
        number = self.send(method, **parameters)
        deadline = time.monotonic() + PAGE_TIMEOUT
        while time.monotonic() < deadline:
            message = self.receive(PAGE_TIMEOUT)
            if message and message.get("id") == number:
                if "error" in message:
                    raise ToolchainError(f"The browser refused {method}: {message['error']}")
                return message["result"]
        raise ToolchainError(f"The browser did not answer {method} within {PAGE_TIMEOUT} s.")

    def send(self, method, **parameters):
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method, "params": parameters}))
        return self.number

    def receive(self, seconds):
        self.socket.settimeout(seconds)
        try:
            message = json.loads(self.socket.recv())
        except self.timeout_error:
            return None
        self.note(message.get("method"), message.get("params", {}))
        return message

    def note(self, event, details):
        """Follow what is asked of the server, and keep the errors of scripts."""
        if event == "Network.requestWillBeSent":
            if WORKER in details["request"]["url"]:
                return
            self.under_way.add(details["requestId"])
            self.last_event = time.monotonic()
        elif event in ("Network.loadingFinished", "Network.loadingFailed"):
            self.under_way.discard(details["requestId"])
            self.last_event = time.monotonic()
        elif event == "Runtime.exceptionThrown":
            details = details["exceptionDetails"]
            self.errors.append(details.get("exception", {}).get("description") or details["text"])
        elif event == "Page.javascriptDialogOpening":
            # "Leave the page?": yes. The answer is not waited for, nothing else happens before.
            self.send("Page.handleJavaScriptDialog", accept=True)

    # What a person does

    def log_in(self, login, password):
        """A session of its own, as the client of a mobile app gets it."""
        self.call("Network.clearBrowserCookies")
        payload = {"params": {"db": self.database, "login": login, "password": password}}
        request = urllib.request.Request(
            f"{self.url}/web/session/authenticate",
            json.dumps(payload).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=PAGE_TIMEOUT) as answer:
            if "error" in json.load(answer):
                raise ToolchainError(f"Nobody can log in as {login} with that password.")
            for header in answer.headers.get_all("Set-Cookie") or []:
                name, _, value = header.partition(";")[0].partition("=")
                self.call("Network.setCookie", url=self.url, name=name, value=value)

    def resize(self, width, height, mobile=False):
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=mobile,
        )

    def open(self, path):
        # Odoo's client reads its address only when it starts.
        self.call("Page.navigate", url="about:blank")
        self.under_way.clear()
        self.call("Page.navigate", url=self.url + path)
        self.wait()

    def click(self, selector, text=""):
        """Click the element with that text as soon as there is one."""
        script = CLICK % {"selector": json.dumps(selector), "text": json.dumps(text)}
        deadline = time.monotonic() + PAGE_TIMEOUT / 4
        while not self.evaluate(script):
            if time.monotonic() > deadline:
                raise ToolchainError(f"There is no {selector} {text!r} to click on the page.")
            self.receive(POLL_SECONDS)
        self.wait()

    def evaluate(self, script):
        result = self.call(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        if "exceptionDetails" in result:
            raise ToolchainError(f"A script of ours failed: {result['exceptionDetails']}")
        return result["result"].get("value")

    def wait(self):
        """Until nothing is asked of the server any more and the page says that it is ready."""
        self.last_event = time.monotonic()
        deadline = self.last_event + PAGE_TIMEOUT
        while time.monotonic() < deadline:
            self.receive(POLL_SECONDS)
            quiet = time.monotonic() - self.last_event > QUIET_SECONDS
            if quiet and not self.under_way and not self.evaluate(BUSY):
                return
        raise ToolchainError(f"The page was not ready within {PAGE_TIMEOUT} s.")

    def picture(self):
        """What is in the window, as PNG."""
        self.evaluate(STILL)
        data = self.call("Page.captureScreenshot", format="png", optimizeForSpeed=False)["data"]
        return base64.b64decode(data)
