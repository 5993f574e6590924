"""A private PostgreSQL for tests and benchmarks: Debian's server on a free port over a temporary folder.

Run as root it starts the server as the user ``postgres``, which the package makes, since PostgreSQL refuses to be
root. Knows nothing about tables.
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any

import psycopg

# Tests need no crash safety of the machine; benchmarks must measure it.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


def programs() -> Path | None:
    """The folder with a server's programs: where Debian puts the newest, or on the path; None where there is none."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which("postgres")
    folders += [Path(found).resolve().parent] if found else []
    needed = ("initdb", "postgres", "pg_isready")
    return next((folder for folder in folders if all((folder / name).exists() for name in needed)), None)


def why_not() -> str | None:
    """Why no server can be started here; None where it can."""
    if programs() is None:
        return "no PostgreSQL here; as root: apt-get install postgresql"
    if os.geteuid() == 0 and _unprivileged() is None:
        return "PostgreSQL does not run as root and there is no user “postgres”"
    return None


def _unprivileged() -> pwd.struct_passwd | None:
    return next((user for user in pwd.getpwall() if user.pw_name == "postgres"), None)


class Cluster:
    """A running server; ``new_database`` makes databases in it, ``stop`` ends it and removes its folder."""

    def __init__(self, *settings: str) -> None:
        folder = programs()
        if folder is None:
            raise RuntimeError(why_not())
        self._programs = folder
        # Not pytest's folder: its parents are closed to other users.
        self._folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
        self._run_as: dict[str, Any] = {}
        user = _unprivileged() if os.geteuid() == 0 else None
        if user is not None:
            os.chown(self._folder, user.pw_uid, user.pw_gid)
            self._run_as = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        data = self._folder / "data"
        self._do("initdb", "-D", data, "-U", "tester", "--auth=trust", "-E", "UTF8", "--no-sync")
        given = [f"port={self.port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={self._folder}"]
        options = [word for setting in (*given, *settings) for word in ("-c", setting)]
        self._log = (self._folder / "log").open("wb")
        self._server = subprocess.Popen(
            [str(folder / "postgres"), "-D", str(data), *options],
            stdout=self._log,
            stderr=subprocess.STDOUT,
            cwd=self._folder,
            **self._run_as,
        )
        try:
            self._do("pg_isready", "-h", "127.0.0.1", "-p", str(self.port), "-t", "0", attempts=200)
        except BaseException:
            self.stop()
            raise

    def _do(self, program: str, *arguments: object, attempts: int = 1) -> None:
        for left in reversed(range(attempts)):
            done = subprocess.run(
                [str(self._programs / program), *map(str, arguments)],
                capture_output=True,
                text=True,
                cwd=self._folder,
                check=False,
                **self._run_as,
            )
            if done.returncode == 0:
                return
            if not left:
                raise RuntimeError(f"{program} failed: {done.stdout[-500:]} {done.stderr[-500:]}")
            time.sleep(0.1)

    def _address(self, database: str) -> str:
        return f"postgresql+psycopg://tester@127.0.0.1:{self.port}/{database}"

    def new_database(self, *, like: str | None = None) -> str:
        """The address of a new database: empty, or a copy of the one at ``like`` (with nothing connected to it)."""
        name = f"t{uuid.uuid4().hex}"
        template = f' TEMPLATE "{like.rsplit("/", 1)[1]}"' if like else ""
        with self._connect() as connection:
            # Since version 15 the default writes every page to the log, which takes five times as long.
            if like and connection.info.server_version >= 150_000:
                template += " STRATEGY FILE_COPY"
            connection.execute(f'CREATE DATABASE "{name}"{template}'.encode())
        return self._address(name)

    def drop(self, address: str) -> None:
        with self._connect() as connection:
            connection.execute(f'DROP DATABASE "{address.rsplit("/", 1)[1]}" WITH (FORCE)'.encode())

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user="tester", dbname="postgres", autocommit=True
        )

    def stop(self) -> None:
        self._server.terminate()
        try:
            self._server.wait(30)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.wait()
        self._log.close()
        shutil.rmtree(self._folder, ignore_errors=True)
