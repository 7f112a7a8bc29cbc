"""The pages before sign-in as HTML: whole without a script, in the language of the present context.

Takes what is to be said and what was typed, gives a document. Always holds: everything that comes from
outside is escaped; no password ever comes back; each field says to password managers what it is.
"""

from dataclasses import dataclass, field
from html import escape

from core import i18n
from core.errors import CicloError
from core.i18n import _
from core.sign_in import Purpose
from core.sign_in.passwords import LEAST

FILES = "/login/files"
DOCUMENT = """<!doctype html>
<html dir="ltr" lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · Ciclo</title>
<link rel="icon" href="{files}/mark.svg">
<link rel="stylesheet" href="{files}/sign_in.css">
</head>
<body>
<main>
<img class="mark" src="{files}/logo.svg" alt="Ciclo">
<h1>{title}</h1>
{body}
</main>
<nav aria-label="{languages}">{switch}</nav>
</body>
</html>
"""


@dataclass(frozen=True)
class Field:
    """One line of a form. ``fixed``: shown, not to be changed; ``error`` stands where the field is."""

    name: str
    label: str
    kind: str = "text"
    complete: str = ""
    value: str = ""
    hint: str = ""
    fixed: bool = False
    first: bool = False


@dataclass(frozen=True)
class Form:
    """A form of one page: where it goes, its lines, what its button says, and what went wrong."""

    action: str
    fields: list[Field]
    button: str
    error: CicloError | None = None
    hidden: dict[str, str] = field(default_factory=dict)


def document(title: str, body: str, here: str) -> str:
    """A whole page; ``here`` is its own address, for the other language."""
    return DOCUMENT.format(
        language=i18n.language(),
        title=escape(title),
        files=FILES,
        body=body,
        languages=escape(_("Language")),
        switch=_switch(here),
    )


def form(shown: Form) -> str:
    """A form with its error on top, where screen readers hear it first."""
    bad = getattr(shown.error, "field", "") if shown.error else ""
    lines = [_line(one, one.name == bad) for one in shown.fields]
    hidden = [
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in shown.hidden.items()
    ]
    top = told(shown.error.message, shown.error.hint, wrong=True) if shown.error else ""
    return (
        f'{top}<form method="post" action="{escape(shown.action)}">{"".join(hidden)}'
        f'{"".join(lines)}<button type="submit">{escape(shown.button)}</button></form>'
    )


def told(message: str, hint: str = "", *, wrong: bool = False) -> str:
    """A sentence that stands out; ``wrong`` ones are read out at once."""
    kind = 'class="told wrong" role="alert"' if wrong else 'class="told" role="status"'
    return f"<p {kind}><strong>{escape(message)}</strong> {escape(hint)}</p>"


def paragraph(text: str) -> str:
    """A quiet sentence."""
    return f'<p class="quiet">{escape(text)}</p>'


def button(label: str, href: str) -> str:
    """A way on."""
    return f'<a class="button" href="{escape(href)}">{escape(label)}</a>'


def sign_in_fields(login: str) -> list[Field]:
    """Login and password; the cursor stands in the first that is empty."""
    return [
        Field("login", _("Login"), complete="username", value=login, first=not login),
        Field(
            "password",
            _("Password"),
            kind="password",
            complete="current-password",
            first=bool(login),
        ),
    ]


def link_fields(purpose: Purpose, typed: dict[str, str]) -> list[Field]:
    """What a one-time link asks for: a name and a login where they are not known, a new password twice."""
    fixed = bool(purpose.login)
    login = purpose.login or typed.get("login", "")
    hint = "" if fixed else _("What you sign in with, such as your e-mail address.")
    lines = [
        Field("login", _("Login"), complete="username", value=login, hint=hint, fixed=fixed),
        Field(
            "password",
            _("New password"),
            kind="password",
            complete="new-password",
            hint=_("At least {least} characters; several words are best.").format(least=LEAST),
        ),
        Field("again", _("The same password again"), kind="password", complete="new-password"),
    ]
    if purpose.kind == "first_admin":
        lines.insert(0, Field("name", _("Your name"), complete="name", value=typed.get("name", "")))
    return lines


def _line(one: Field, bad: bool) -> str:
    told_by = f' aria-describedby="{one.name}-hint"' if one.hint else ""
    marks = "".join(
        f" {mark}"
        for mark, holds in (
            ("readonly", one.fixed),
            ('aria-invalid="true"', bad),
            ("autofocus", one.first),
        )
        if holds
    )
    hint = f'<p class="hint" id="{one.name}-hint">{escape(one.hint)}</p>' if one.hint else ""
    plain = ' autocapitalize="none" spellcheck="false"' if one.name == "login" else ""
    return (
        f'<label for="{one.name}">{escape(one.label)}</label>'
        f'<input id="{one.name}" name="{one.name}" type="{one.kind}" required maxlength="1024"'
        f' autocomplete="{one.complete}" value="{escape(one.value)}"{plain}{told_by}{marks}>{hint}'
    )


def _switch(here: str) -> str:
    sign = "&" if "?" in here else "?"
    return " ".join(
        f'<a href="{escape(f"{here}{sign}lang={code}")}" lang="{code}" hreflang="{code}"'
        f"{' aria-current=' + chr(34) + 'true' + chr(34) if code == i18n.language() else ''}>"
        f"{escape(name)}</a>"
        for code, name in i18n.LANGUAGES.items()
    )
