"""Progress a person can follow: one line when a step starts, one with the seconds when it ends."""

import contextlib
import sys
import threading
import time

HEARTBEAT_SECONDS = 20


class ToolchainError(Exception):
    """Something a person has to act on: the message says what, in a sentence."""


def line(text):
    print(text, flush=True)


def note(text):
    line(f"    {text}")


_open_steps = []


@contextlib.contextmanager
def step(title):
    """Say what begins, keep saying so while it lasts, and say how long it took."""
    line(f"==> {title} ...")
    started = time.monotonic()
    done = threading.Event()
    _open_steps.append(title)

    def heartbeat():
        while not done.wait(HEARTBEAT_SECONDS):
            # Of steps within steps only the innermost speaks.
            if _open_steps[-1:] == [title]:
                note(f"still at it: {title} ({time.monotonic() - started:.0f} s)")

    threading.Thread(target=heartbeat, daemon=True).start()
    try:
        yield
    finally:
        done.set()
        _open_steps.remove(title)
    note(f"done in {time.monotonic() - started:.1f} s")


def main(function):
    """Run a script's main function; a ToolchainError becomes a sentence, not a traceback."""
    try:
        code = function()
    except ToolchainError as error:
        print(f"\nSorry: {error}", file=sys.stderr, flush=True)
        code = 1
    except KeyboardInterrupt:
        print("\nInterrupted.", file=sys.stderr, flush=True)
        code = 130
    sys.exit(code or 0)
