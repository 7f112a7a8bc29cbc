"""The name of the cookie that keeps a sign-in, which the API's doors and the pages both read."""

SECURE = (
    "__Host-ciclo"  # browsers take a cookie of such a name by HTTPS alone, from this host alone
)
PLAIN = "ciclo_"  # and the port: servers of one machine share their cookies


def cookie_name(encrypted: bool, port: int | None) -> str:
    """The name on a connection of this kind, to this port (None: the usual one)."""
    return SECURE if encrypted else f"{PLAIN}{port or ''}"
