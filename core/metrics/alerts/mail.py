"""Mail: one message to the recipients that the operator named, by the operator's server.

Always holds: no header holds a line break, whatever a rule is called; a password goes over TLS alone;
it ends after SECONDS, however slowly the server speaks.
"""

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from threading import Timer
from typing import Any
from urllib.parse import unquote

from core import clock
from core.config import MAIL_SERVER, settings
from core.metrics.alerts.message import Message, NotSent

SECONDS = 30.0
SILENCE = 10.0
PORTS = {"smtp": 25, "smtps": 465}
LONGEST_SUBJECT = 200


def configured() -> bool:
    """Whether the operator has named a server and recipients."""
    return bool(settings().smtp_url.get_secret_value() and settings().alert_recipients)


def send(told: Message) -> None:
    """Send it. Raises NotSent."""
    began = clock.seconds()
    try:
        with _server() as server:
            server.send_message(written(told))
    except smtplib.SMTPNotSupportedError:
        raise NotSent("no_starttls") from None
    except smtplib.SMTPAuthenticationError as error:
        raise NotSent(f"login:{error.smtp_code}") from None
    except smtplib.SMTPRecipientsRefused as error:
        codes = {str(code) for code, _said in error.recipients.values()}
        raise NotSent(f"recipients:{', '.join(sorted(codes))}") from None
    except smtplib.SMTPResponseException as error:
        raise NotSent(f"refused:{error.smtp_code}") from None
    except ssl.SSLError:
        raise NotSent("tls") from None
    except TimeoutError:
        raise NotSent("timed_out") from None
    except (OSError, smtplib.SMTPException):
        late = clock.seconds() - began >= min(SILENCE, SECONDS)  # told as a lost connection, too
        raise NotSent("timed_out" if late else "not_reachable") from None


def written(told: Message) -> EmailMessage:
    """The message as it goes out. Its id is the same in each try."""
    mail = EmailMessage(policy=SMTP)
    recipients = settings().alert_recipients
    sender = (settings().alert_mail_from or recipients[0]).split(",")[0].strip()
    mail["From"] = Address("Ciclo", addr_spec=sender)
    mail["To"] = [Address(addr_spec=one) for one in recipients]
    mail["Subject"] = " ".join(told.title.split())[:LONGEST_SUBJECT]
    mail["Date"] = format_datetime(clock.now())
    mail["Message-ID"] = f"<{told.id}@ciclo.invalid>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(told.text)
    return mail


@contextmanager
def _server() -> Iterator[smtplib.SMTP]:
    """A connection to the operator's server, signed in, with an end."""
    found = MAIL_SERVER.fullmatch(settings().smtp_url.get_secret_value())
    assert found  # the settings were checked
    host, secure = found["host"].strip("[]"), ssl.create_default_context()
    options: dict[str, Any] = {"timeout": SILENCE, "local_hostname": "[127.0.0.1]"}
    server = (
        smtplib.SMTP_SSL(context=secure, **options)
        if found["scheme"] == "smtps"
        else smtplib.SMTP(**options)
    )
    server._host = host  # type: ignore[attr-defined]  # whose certificate it must be
    ended = Timer(SECONDS, _cut, [server])
    ended.daemon = True
    ended.start()
    try:
        code, said = server.connect(host, int(found["port"] or PORTS[found["scheme"]]))
        if code != 220:
            raise smtplib.SMTPConnectError(code, said)
        if found["tls"]:
            server.starttls(context=secure)
        if found["user"]:
            server.login(unquote(found["user"]), unquote(found["password"]))
        yield server
        with suppress(smtplib.SMTPException, OSError):
            server.quit()  # the message is taken already
    finally:
        ended.cancel()
        server.close()


def _cut(server: smtplib.SMTP) -> None:
    with suppress(OSError, AttributeError):
        server.sock.shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]
