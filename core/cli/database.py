"""``ciclo database``: its file encrypted, or plain again; a key for it."""

import secrets

import typer

from core.cli.terminal import AsJson, document, say
from core.i18n import _, ngettext, number

app = typer.Typer(help="The database's file: encrypted, or plain.", no_args_is_help=True)
BYTES = 32  # SQLCipher's AES-256


@app.command()
def key() -> None:
    """Print a new key for CICLO_DATABASE_KEY. Keep it where the database is not."""
    say(secrets.token_hex(BYTES))


@app.command()
def encrypt(as_json: AsJson = False) -> None:
    """Encrypt the file with CICLO_DATABASE_KEY. Stop the server first."""
    from core import access, backup

    access.act(None, access.Origin("cli"))
    rows = backup.encrypt()
    if as_json:
        document({"encrypted": True, "rows": rows})
        return
    said = ngettext(
        "The database is encrypted ({n} row).", "The database is encrypted ({n} rows).", rows
    )
    say(said.format(n=number(rows)))
    say(_("Backups made before are not. Without the key nobody opens it, you neither."))


@app.command()
def decrypt(as_json: AsJson = False) -> None:
    """Make the file plain again. Stop the server first, and take the key away afterwards."""
    from core import access, backup

    access.act(None, access.Origin("cli"))
    rows = backup.decrypt()
    if as_json:
        document({"encrypted": False, "rows": rows})
        return
    said = ngettext(
        "The database is plain again ({n} row).", "The database is plain again ({n} rows).", rows
    )
    say(said.format(n=number(rows)))
    say(_("Take CICLO_DATABASE_KEY away before the next start."))
