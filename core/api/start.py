"""What must hold before the port opens: good settings, a safe address, a migrated database.

``prepare()`` gives the settings or ends the process: one sentence on stderr, exit code 2.
"""

import socket
import sys

from sqlalchemy.exc import SQLAlchemyError

from core import backup, logs
from core.api import connection
from core.config import Settings, is_loopback, settings
from core.db import migrate
from core.errors import CicloError, Conflict, NotAllowed, Unavailable
from core.i18n import _
from core.sign_in import oidc

BAD_START = 2


def prepare(address: str | None = None) -> Settings:
    """Check everything, migrate, and give the settings.

    ``address`` is where the server listens when somebody else has opened the port (``streamlit
    run``); without it the port will be ours, CICLO_PORT on CICLO_HOST, and must be free.
    """
    try:
        chosen = settings()
        logs.start()
        _check_address(address or chosen.host, chosen.auth)
        connection.trust(chosen, running=address is not None)
        if chosen.auth == "oidc" or chosen.jwt_issuer:
            oidc.check()
        if address is None:
            _check_port(chosen.host, chosen.port)
        _migrate(chosen)
    except CicloError as error:
        sys.stderr.write(f"ciclo: {error.message} {error.hint}".rstrip() + "\n")
        sys.exit(BAD_START)
    return chosen


def _migrate(chosen: Settings) -> None:
    try:
        backup.occupy()
        migrate.upgrade()
    except (OSError, SQLAlchemyError) as error:
        reason = str(error).splitlines()[0]
        raise Unavailable(
            _("The database cannot be used: {reason}.").format(reason=reason.rstrip(".")),
            hint=_("It lies in CICLO_HOME ({home}) unless CICLO_DATABASE_URL is set.").format(
                home=chosen.home
            ),
            code="database_failed",
        ) from error


def _check_address(host: str, auth: str) -> None:
    if auth == "local" and not is_loopback(host):
        raise NotAllowed(
            _(
                "Without sign-in Ciclo serves this machine alone, so it does not start on {host}."
            ).format(host=host),
            hint=_(
                "Use CICLO_HOST=127.0.0.1, or CICLO_AUTH=accounts, with which everybody signs in."
            ),
            code="open_address",
        )


def _check_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), port))
        except OSError as error:
            raise Conflict(
                _("Port {port} on {host} cannot be used: {reason}.").format(
                    port=port, host=host, reason=error.strerror
                ),
                hint=_("Choose another one: make run PORT=8601, or CICLO_PORT=8601."),
                code="port_taken",
            ) from None
