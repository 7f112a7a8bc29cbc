"""The webhook: one POST of JSON to the address that the operator named.

Always holds: no redirect is followed; it ends after SECONDS, however slowly the other side speaks; what
it answers is not read beyond its status; the body is signed where there is a secret.
"""

import asyncio
import hashlib
import hmac
import json
from typing import Any

from core import __version__, clock
from core.config import settings
from core.metrics.alerts.message import Message, NotSent

SECONDS = 20.0


def configured() -> bool:
    """Whether the operator has named an address."""
    return bool(settings().alert_webhook.get_secret_value())


def send(told: Message) -> None:
    """Send it. Raises NotSent."""
    body = json.dumps(told.facts, ensure_ascii=False).encode()
    try:
        status = asyncio.run(_posted(settings().alert_webhook.get_secret_value(), body, told))
    except TimeoutError:
        raise NotSent("timed_out") from None
    if 300 <= status < 400:
        raise NotSent(f"redirected:{status}")
    if not 200 <= status < 300:
        raise NotSent(f"answered:{status}")


def headers(body: bytes, told: Message) -> dict[str, str]:
    """What stands beside the body: its id, the same in each try, when, and the signature:
    "sha256=" and the HMAC-SHA256 of the timestamp, a dot, and the body, in hexadecimal."""
    at = str(int(clock.now().timestamp()))
    found = {
        "content-type": "application/json; charset=utf-8",
        "user-agent": f"Ciclo/{__version__}",
        "x-ciclo-delivery": told.id,
        "x-ciclo-event": f"alert.{told.event}",
        "x-ciclo-timestamp": at,
    }
    if secret := settings().alert_webhook_secret.get_secret_value():
        signed = hmac.new(secret.encode(), at.encode() + b"." + body, hashlib.sha256)
        found["x-ciclo-signature"] = f"sha256={signed.hexdigest()}"
    return found


async def _posted(url: str, body: bytes, told: Message) -> int:
    """The status of the answer; its body stays unread."""
    import httpx

    options: dict[str, Any] = {
        "follow_redirects": False,
        "timeout": SECONDS / 2,
        "trust_env": False,
    }
    try:
        async with (
            asyncio.timeout(SECONDS),
            httpx.AsyncClient(**options) as client,
            client.stream("POST", url, content=body, headers=headers(body, told)) as answer,
        ):
            return answer.status_code
    except httpx.TimeoutException:
        raise NotSent("timed_out") from None
    except httpx.TransportError as error:
        raise NotSent("tls" if "CERTIFICATE" in str(error).upper() else "not_reachable") from None
