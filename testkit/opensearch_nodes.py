"""A real OpenSearch cluster on this machine, for tests and benchmarks.

Needs Java 17 or newer and the archive of the server without its plugins (51 MB, Apache-2.0), which this command puts in
its place:

    python -m testkit.opensearch_nodes

It asks Maven for the artefact named below.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from http.client import HTTPConnection
from pathlib import Path

import orjson

from testkit.servers import free_port

VERSION = "2.19.1"
ARTEFACT = f"org.opensearch.distribution.integ-test-zip:opensearch:{VERSION}:zip"
SHA256 = "af7152d8b7f6f1cee09d47276b32b70479fe6dd8cdbb61213f84eb7f8098b261"
MAVEN = ("mvn", "--quiet", "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy")
FOLDER = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "chapter-and-verse-tests")
ARCHIVE = FOLDER / f"opensearch-{VERSION}.zip"
SNAPSHOTS = "snapshots"  # a folder that all nodes share
UNPRIVILEGED = "nobody"  # the server refuses to run as root
START_WITHIN = 300.0  # seconds; a machine with five times the load that it can do needs more than a hundred
# Of a node that is needed for minutes: code is compiled soon, but not as well as for a service that runs for months.
SHORT_LIVED = "-XX:TieredStopAtLevel=1\n"
JVM = "-Xms256m\n-Xmx256m\n-XX:+UseSerialGC\n-Djava.io.tmpdir=${OPENSEARCH_TMPDIR}\n"


def missing() -> str:
    """Return what a cluster needs and this machine lacks, with the remedy; "" if nothing."""
    if not shutil.which("java"):
        return "Java is not installed (Debian, Ubuntu: apt install openjdk-17-jre-headless)"
    if not ARCHIVE.is_file():
        return f"{ARCHIVE} is missing: python -m testkit.opensearch_nodes fetches it with Maven"
    return ""


def fetch() -> None:
    """Put the archive in its place. Raises CalledProcessError if Maven fails, ValueError if the file is another."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    subprocess.run([*MAVEN, f"-Dartifact={ARTEFACT}", f"-DoutputDirectory={FOLDER}"], check=True)
    if hashlib.sha256(ARCHIVE.read_bytes()).hexdigest() != SHA256:
        ARCHIVE.unlink()
        raise ValueError(f"{ARTEFACT} is not the file that was expected")


class Node:
    """One server process, with a folder of its own."""

    def __init__(self, program: Path, folder: Path, name: str, ports: tuple[int, int]) -> None:
        self.program, self.folder, self.name = program, folder, name
        self.http, self.transport = ports
        self.process: subprocess.Popen[bytes] | None = None

    def configure(self, nodes: Sequence[Node], options: str) -> None:
        for each in ("config", "data", "logs", "tmp"):
            (self.folder / each).mkdir(parents=True)
        config = self.folder / "config"
        shutil.copy(self.program / "config/log4j2.properties", config)
        (config / "jvm.options").write_text(options)
        settings = {
            "cluster.name": "tests",
            "node.name": self.name,
            "network.host": "127.0.0.1",
            "http.port": self.http,
            "transport.port": self.transport,
            "path.data": str(self.folder / "data"),
            "path.logs": str(self.folder / "logs"),
            "path.repo": [str(self.folder.parent / SNAPSHOTS)],
            "discovery.seed_hosts": [f"127.0.0.1:{node.transport}" for node in nodes],
            "cluster.initial_cluster_manager_nodes": [node.name for node in nodes],
            "cluster.routing.allocation.disk.threshold_enabled": False,
        }
        lines = [f"{key}: {orjson.dumps(value).decode()}" for key, value in settings.items()]  # JSON is YAML too
        (config / "opensearch.yml").write_text("\n".join(lines))

    def start(self) -> None:
        given = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "OPENSEARCH_PATH_CONF": str(self.folder / "config"),
            "OPENSEARCH_JAVA_HOME": str(Path(shutil.which("java") or "").resolve().parent.parent),
            "OPENSEARCH_TMPDIR": str(self.folder / "tmp"),
        }
        with (self.folder / "output").open("ab") as output:
            self.process = subprocess.Popen(
                [self.program / "bin/opensearch"],
                env=given,
                cwd=self.folder,
                user=UNPRIVILEGED if os.getuid() == 0 else None,
                start_new_session=True,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        """Kill the process, as a crashing machine would; with SIGTERM, let it leave the cluster first."""
        if self.process:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)
            self.process.wait()
            self.process = None


class Cluster:
    """Nodes that form a cluster, with these options of Java. `hosts` are the addresses of their HTTP interfaces, as
    "127.0.0.1:9200"."""

    def __init__(self, folder: Path, size: int = 3, options: str = JVM) -> None:
        program = folder / f"opensearch-{VERSION}"
        with zipfile.ZipFile(ARCHIVE) as archive:
            archive.extractall(folder)
        (program / "bin/opensearch").chmod(0o755)
        for script in (program / "bin").iterdir():
            script.chmod(0o755)
        self.nodes = [
            Node(program, folder / f"node{number}", f"node{number}", (free_port(), free_port()))
            for number in range(size)
        ]
        for node in self.nodes:
            node.configure(self.nodes, options)
        (folder / SNAPSHOTS).mkdir()
        if os.getuid() == 0:
            owner = pwd.getpwnam(UNPRIVILEGED)
            for path in (folder, *folder.rglob("*")):
                os.chown(path, owner.pw_uid, owner.pw_gid)
        for node in self.nodes:
            node.start()

    @property
    def hosts(self) -> list[str]:
        return [f"127.0.0.1:{node.http}" for node in self.nodes]

    def get(self, path: str, node: int = 0) -> dict[str, object]:
        """Ask a node for JSON. Raises OSError if it does not answer."""
        return self.send("GET", path, None, node)

    def send(self, method: str, path: str, body: object, node: int = 0) -> dict[str, object]:
        """Send JSON to a node, and return its answer. Raises OSError if it does not answer."""
        connection = HTTPConnection("127.0.0.1", self.nodes[node].http, timeout=60)
        try:
            given = None if body is None else orjson.dumps(body)
            connection.request(method, path, given, {"Content-Type": "application/json"})
            found: dict[str, object] = orjson.loads(connection.getresponse().read())
            return found
        finally:
            connection.close()

    def wait(self, size: int, status: Sequence[str] = ("green",), node: int = 0) -> None:
        """Wait until `size` nodes form a cluster with one of these statuses. Raises TimeoutError with the output of
        the nodes, at once if fewer than `size` run."""
        end = time.monotonic() + START_WITHIN
        while time.monotonic() < end and sum(each.is_running() for each in self.nodes) >= size:
            with suppress(OSError):
                health = self.get("/_cluster/health", node)
                if health.get("number_of_nodes") == size and health.get("status") in status:
                    return
            time.sleep(0.5)
        outputs = ((each.folder / "output").read_text(errors="replace")[-2000:] for each in self.nodes)
        raise TimeoutError("\n\n".join(outputs))

    def stop(self) -> None:
        for node in self.nodes:
            node.kill()


@contextmanager
def running_cluster(folder: Path, size: int = 3) -> Iterator[Cluster]:
    """Start a cluster in an empty folder, and stop it at the end."""
    cluster = Cluster(folder, size)
    try:
        cluster.wait(size)
        yield cluster
    finally:
        cluster.stop()


@cache
def shared_cluster() -> Cluster:
    """The cluster of this process, started when it is first needed and stopped at exit."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)  # the server runs as another user
    cluster = Cluster(folder, options=JVM + SHORT_LIVED)

    def leave() -> None:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(leave)
    cluster.wait(len(cluster.nodes))
    return cluster


if __name__ == "__main__":
    fetch()
    print(missing() or f"{ARCHIVE} is there", file=sys.stderr)
