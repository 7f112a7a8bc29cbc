"""Messages of alerts: sent once they are configured, again where it fails, never more than they may say."""

import email
import email.policy
import hashlib
import hmac
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import assistants, db, i18n
from core.config import settings
from core.db.tables import Alert, AlertRule, Delivery
from core.metrics import keeping
from core.metrics.alerts import checking as alert_checking
from core.metrics.alerts import delivering as deliver
from core.metrics.alerts import lifecycle as alerts
from core.metrics.alerts import mail as deliver_mail
from core.metrics.alerts import rules as alert_rules
from core.metrics.alerts import webhook as deliver_webhook
from core.metrics.alerts.message import Message
from core.metrics.alerts.words import condition, sentence
from tests.metrics.alerting import Hand, answers, clock_in_hand
from tests.metrics.receiving import Received, mail_server, webhook

pytestmark = pytest.mark.slow
Set = Callable[..., None]
HOSTILE = "<script>alert(1)</script> *x* [y](javascript:z) ação"


@pytest.fixture(autouse=True)
def hand() -> Iterator[Hand]:
    with clock_in_hand() as held, i18n.speaking("en"):
        yield held


@pytest.fixture
def configure(home: Path, monkeypatch: pytest.MonkeyPatch) -> Set:
    keeping.forget()

    def configured(**variables: str) -> None:
        for name, value in variables.items():
            monkeypatch.setenv(f"CICLO_{name}", value)
        settings.cache_clear()

    return configured


@pytest.fixture
def hook(configure: Set) -> Iterator[Received]:
    with webhook() as receiver:
        configure(ALERT_WEBHOOK=f"{receiver.url}/s3cret", LANGUAGE="en")
        yield receiver


@pytest.fixture
def post(configure: Set) -> Iterator[Received]:
    with mail_server() as receiver:
        url = receiver.url.replace("://", "://ana:w%40rd@")
        configure(SMTP_URL=url, ALERT_MAIL_TO="ana@example.com, ze@example.com", LANGUAGE="en")
        yield receiver


def speak(channel: str, name: str = "Erros") -> Alert:
    """An alert that is on its way by this channel."""
    shop = assistants.create("Loja")
    alert_rules.create_rule(
        measure="errors", bound=0.1, margin=0.05, hours=1, minimum=10, name=name, channels=[channel]
    )
    answers(shop.id, 5, 5)
    alert_checking.check_due()
    return alerts.alerts()[0].alert


def row() -> Delivery:
    """The delivery that is there."""
    with db.session() as session:
        return session.query(Delivery).order_by(Delivery.created_at).all()[-1]


def told(receiver: Received, n: int = -1) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(receiver.bodies[n])
    return found


def test_nothing_is_sent_that_is_not_configured(configure: Set) -> None:
    speak("webhook")
    with db.session() as session:
        assert session.query(Delivery).count() == 0
    assert deliver.configured() == {"webhook": False, "mail": False}


def test_a_webhook_hears_of_figures_and_ids_and_of_no_words(hook: Received) -> None:
    alert = speak("webhook", HOSTILE)
    assert deliver.send_waiting() == 1
    sent = told(hook)
    assert sent["event"] == "alert.opened"
    assert sent["alert"]["id"] == alert.id
    assert sent["alert"]["value"] == 0.5
    assert set(sent["alert"]["conversations"]) == set(alert.conversations)
    assert sent["rule"]["name"] == " ".join(HOSTILE.split())
    assert "Conversa 1" not in hook.bodies[0].decode()
    assert (row().state, row().tries) == ("sent", 1)
    assert deliver.send_waiting() == 0


def test_a_signature_stands_beside_the_body_where_there_is_a_secret(
    hook: Received, configure: Set
) -> None:
    configure(ALERT_WEBHOOK_SECRET="geheim")
    speak("webhook")
    deliver.send_waiting()
    head = hook.heads[0]
    signed = head["x-ciclo-timestamp"].encode() + b"." + hook.bodies[0]
    expected = hmac.new(b"geheim", signed, hashlib.sha256).hexdigest()
    assert head["x-ciclo-signature"] == f"sha256={expected}"
    assert head["x-ciclo-delivery"] == told(hook)["id"] == row().id


def test_a_failing_webhook_is_tried_again_under_the_same_id_and_later_each_time(
    hand: Hand, hook: Received
) -> None:
    speak("webhook")
    hook.mode = "500"
    assert deliver.send_waiting() == 0
    assert (row().state, row().error) == ("waiting", "answered:500")
    assert deliver.send_waiting() == 0
    assert len(hook.bodies) == 1  # its pause is not over
    hand.move(seconds=31)
    deliver.send_waiting()
    hook.mode = "204"
    hand.move(seconds=59)
    assert deliver.send_waiting() == 0
    hand.move(seconds=2)
    assert deliver.send_waiting() == 1
    assert {told(hook, n)["id"] for n in range(3)} == {row().id}
    assert len(hook.bodies) == 3


def test_after_so_many_tries_it_is_given_up_and_the_reason_is_told(
    hand: Hand, hook: Received
) -> None:
    alert = speak("webhook")
    hook.mode = "500"
    for _try in range(deliver.TRIES + 3):
        deliver.send_waiting()
        hand.move(hours=2)
    assert len(hook.bodies) == deliver.TRIES
    (sent,) = alerts.alert(alert.id).sent
    assert (sent.state, sent.tries, sent.why) == ("failed", deliver.TRIES, "it answered 500")


def test_no_redirect_is_followed(hook: Received) -> None:
    with webhook() as other:
        hook.mode, hook.elsewhere = "302", other.url
        speak("webhook")
        deliver.send_waiting()
        assert (other.bodies, row().error) == ([], "redirected:302")


@pytest.mark.parametrize("channel", ["webhook", "mail"])
def test_whoever_is_silent_is_left_after_a_while(
    channel: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver = request.getfixturevalue({"webhook": "hook", "mail": "post"}[channel])
    receiver.mode = "silent"
    monkeypatch.setattr(deliver_webhook, "SECONDS", 0.2)
    monkeypatch.setattr(deliver_mail, "SILENCE", 0.2)
    speak(channel)
    deliver.send_waiting()
    assert row().error == "timed_out"


def test_a_mail_server_that_never_ends_is_cut_off(
    post: Received, monkeypatch: pytest.MonkeyPatch
) -> None:
    post.mode = "drip"
    monkeypatch.setattr(deliver_mail, "SECONDS", 0.4)
    speak("mail")
    deliver.send_waiting()
    assert row().error == "timed_out"


@pytest.mark.parametrize("channel", ["webhook", "mail"])
def test_nobody_there_is_told_so(channel: str, configure: Set) -> None:
    gone = "127.0.0.1:9"
    configure(
        ALERT_WEBHOOK=f"http://{gone}/x", SMTP_URL=f"smtp://{gone}", ALERT_MAIL_TO="ana@example.com"
    )
    speak(channel)
    deliver.send_waiting()
    assert row().error == "not_reachable"


def test_a_mail_reaches_its_recipients_with_figures_and_no_words(post: Received) -> None:
    alert = speak("mail", HOSTILE)
    assert deliver.send_waiting() == 1
    mail = email.message_from_bytes(post.bodies[0], policy=email.policy.default)
    assert mail["Subject"] == f"Alert: {HOSTILE}"
    assert mail["To"] == "ana@example.com, ze@example.com"
    assert mail["Message-ID"] == f"<{row().id}@ciclo.invalid>"
    text = mail.get_content()
    assert alert.conversations[0] in text
    assert "50.0%" in text
    assert "Conversa 1" not in text
    assert post.heads[0]["auth"].startswith("AUTH PLAIN ")


@pytest.mark.parametrize(
    ("mode", "error"),
    [("no_login", "login:535"), ("no_recipient", "recipients:550"), ("refuse", "refused:554")],
)
def test_a_refusal_of_the_mail_server_is_told(post: Received, mode: str, error: str) -> None:
    post.mode = mode
    speak("mail")
    deliver.send_waiting()
    assert (row().error, post.bodies) == (error, [])


def test_a_server_without_starttls_gets_neither_password_nor_mail(
    post: Received, configure: Set
) -> None:
    configure(SMTP_URL=post.url.replace("://", "://ana:word@") + "?starttls")
    speak("mail")
    deliver.send_waiting()
    assert (row().error, post.heads, post.bodies) == ("no_starttls", [], [])


@given(st.text(max_size=300))
def test_no_name_of_a_rule_makes_a_header(name: str) -> None:
    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setenv("CICLO_ALERT_MAIL_TO", "ana@example.com")
        settings.cache_clear()
        stack.callback(settings.cache_clear)
        said = Message("1", "opened", f"Alert: {name}\r\nBcc: eve@example.com", "x", {})
        try:
            raw = deliver_mail.written(said).as_bytes()
        except UnicodeError:  # half a character, which no rule's name has
            return
        assert email.message_from_bytes(raw, policy=email.policy.default)["Bcc"] is None


def test_one_whose_sender_was_killed_is_sent_after_its_lease(hand: Hand, hook: Received) -> None:
    speak("webhook")
    assert deliver._claimed(row().id)  # and then the process dies
    assert deliver.send_waiting() == 0
    hand.move(seconds=91)
    assert deliver.send_waiting() == 1
    assert len(hook.bodies) == 1


def test_two_senders_send_it_once(hook: Received) -> None:
    speak("webhook")
    assert [deliver._claimed(row().id) for _sender in range(2)] == [True, False]


def test_the_end_is_not_told_before_the_beginning(hand: Hand, hook: Received) -> None:
    alert = speak("webhook")
    hook.mode = "500"
    deliver.send_waiting()
    hand.move(seconds=1)
    alerts.resolve(alert.id)
    assert deliver.send_waiting() == 0
    hook.mode = "200"
    hand.move(seconds=60)
    assert [deliver.send_waiting(), deliver.send_waiting()] == [1, 1]
    assert [told(hook, n)["event"] for n in range(3)] == [
        "alert.opened",
        "alert.opened",
        "alert.resolved",
    ]


def test_what_is_not_configured_any_more_is_given_up(hook: Received, configure: Set) -> None:
    alert = speak("webhook")
    configure(ALERT_WEBHOOK="")
    deliver.send_waiting()
    (sent,) = alerts.alert(alert.id).sent
    assert (sent.state, sent.why) == ("failed", "it is not configured any more")


def test_neither_address_nor_secret_comes_into_the_log_or_an_error(
    hook: Received, configure: Set, caplog: pytest.LogCaptureFixture
) -> None:
    configure(ALERT_WEBHOOK_SECRET="geheim")
    hook.mode = "500"
    alert = speak("webhook")
    with caplog.at_level(logging.DEBUG, logger="ciclo"):
        deliver.send_waiting()
    shown = [record.__dict__ for record in caplog.records if record.name.startswith("ciclo")]
    said = str(shown) + str(alerts.alert(alert.id)) + repr(settings())
    assert shown
    assert not any(word in said for word in ("s3cret", "geheim", hook.url))


def test_messages_are_in_the_language_of_the_house(hook: Received, configure: Set) -> None:
    speak("webhook", "Meus erros")
    configure(LANGUAGE="pt-BR")
    deliver.send_waiting()
    assert told(hook)["title"] == "Alerta: Meus erros"


@pytest.mark.parametrize("language", ["pt-BR", "en"])
@pytest.mark.parametrize("kind", alert_rules.KINDS)
@pytest.mark.parametrize("side", alert_rules.SIDES)
def test_every_kind_of_rule_has_its_words(home: Path, language: str, kind: str, side: str) -> None:
    made = alert_rules.create_rule(measure="cost_answer", bound=0.2, kind=kind, side=side)
    assert isinstance(made, AlertRule)
    alert = Alert(value=0.5, n=31, bound=0.2, before=0.25, before_n=32)
    with i18n.speaking(language):
        assert condition(made)
        assert "31" in sentence(made, alert)
