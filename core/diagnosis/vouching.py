"""``ciclo doctor`` on whoever vouches for people: the provider of sign-in, the issuer of signed tokens.

In: the settings. Out: a finding for each issuer that is set, none where none is. Bad is what would fail
when somebody comes; nobody is called whom the settings do not name.
"""

from collections.abc import Iterator

from core.config import Settings, is_loopback, settings
from core.diagnosis.finding import Finding, failed
from core.errors import CicloError
from core.i18n import _
from core.sign_in import oidc
from core.sign_in.issuer import issuer


def issuers() -> Iterator[Finding]:
    """How each issuer stands: reached, called as the settings say, its keys there."""
    known = settings()
    for address in dict.fromkeys(filter(None, (_provider(known), known.jwt_issuer))):
        try:
            oidc.check()
            issuer(address).facts()
            yield Finding("issuer", "good", address)
        except CicloError as error:
            yield failed("issuer", error, address)
    if _provider(known) and not known.public_url and not is_loopback(known.host):
        advice = _("Set CICLO_PUBLIC_URL, below which the provider sends browsers back to.")
        yield Finding("issuer", "bad", _("Nobody could come back from the provider."), advice)


def _provider(known: Settings) -> str:
    return known.oidc_issuer if known.auth == "oidc" else ""
