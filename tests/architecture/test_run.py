"""`bin/run` serves from an empty folder, says where, stops cleanly and loses nothing.

The real script with the real server, on a free port and a var folder of its own.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

RUN = Path(__file__).resolve().parents[2] / "bin" / "run"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def hear_interrupts() -> None:
    """Tests that run in the background of a shell inherit that it ignores the interrupt."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def start(var: Path, port: int, *options: str) -> subprocess.Popen[str]:
    env = {k: v for k, v in os.environ.items() if not k.startswith("WEIR_")}
    return subprocess.Popen(
        [RUN, "--port", str(port), "--workers", "1", "--no-demo", *options],
        env=env | {"WEIR_VAR": str(var)},
        cwd="/",
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        preexec_fn=hear_interrupts,
    )


def wait_ready(process: subprocess.Popen[str], port: int) -> str:
    """Everything that was printed until the address; fails when it is never printed."""
    seen = ""
    assert process.stdout is not None
    for line in process.stdout:
        seen += line
        if f"Weir is ready: http://127.0.0.1:{port}" in line:
            return seen
    pytest.fail(f"bin/run ended:\n{seen}")


def healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@pytest.mark.slow
def test_first_start_second_start_and_clean_stop(tmp_path: Path) -> None:
    var, port = tmp_path / "var", free_port()
    identities = []
    for stop in (signal.SIGTERM, signal.SIGINT):
        with start(var, port) as process:
            wait_ready(process, port)
            assert healthy(port)
            key = var / "secret_key"
            assert key.stat().st_mode & 0o777 == 0o600
            identities.append((key.read_text(), (var / "weir.sqlite3").stat().st_ino))

            same_port = start(tmp_path / "other", port)
            text, _ = same_port.communicate(timeout=60)
            assert same_port.returncode == 1
            assert f"cannot listen on 127.0.0.1:{port}" in text
            assert "--port" in text

            same_data = start(var, free_port())
            text, _ = same_data.communicate(timeout=60)
            assert same_data.returncode == 1
            assert "already runs" in text

            began = time.monotonic()
            process.send_signal(stop)
            rest, _ = process.communicate(timeout=30)
            assert process.returncode == 0
            assert rest.endswith("weir: stopped\n")
            assert time.monotonic() - began < 15
            assert not healthy(port)
    assert identities[0] == identities[1]


def test_wrong_options_end_at_once_with_a_sentence(tmp_path: Path) -> None:
    for options in (["--port", "x"], ["--port", "70000"], ["--workers", "0"], ["--what"]):
        process = start(tmp_path / "var", 8000, *options)
        text, _ = process.communicate(timeout=30)
        assert process.returncode == 1
        assert "weir: " in text
    assert not (tmp_path / "var").exists()
