"""``ciclo models``: which there are, fetching one, whether they work, changing to another."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from core.cli import findings, terminal
from core.cli.terminal import AsJson, document, fields, note, say, table
from core.i18n import _, money, number, percent, seconds

if TYPE_CHECKING:
    from core.diagnosis import Health, Known, Pulling

app = typer.Typer(help="The models that answer.", no_args_is_help=True)
PROVIDER = ("name", "prefix", "ready", "missing", "hint")
FACTS = ("provider", "name", "status", "size", "parameters", "context_tokens", "thinks")
PRICES = ("price_in", "price_out", "origin", "in_memory")
USE = ("assistant_id", "assistant", "role", "number")
RATE = (
    *("version_id", "assistant", "number", "model", "answers", "as_fallback", "failed"),
    *("calls", "failed_calls", "failure_rate", "codes"),
)
BROKEN = ("version_id", "assistant", "number", "model", "state", "failures", "rests_for")
Name = Annotated[str, typer.Argument(metavar="NAME", help="As Ollama calls it: llama3.2.")]


@app.command("list")
def listing(as_json: AsJson = False) -> None:
    """Every provider and model, with size, context, price, and who uses it."""
    terminal.ready()
    from core import diagnosis

    providers, known = diagnosis.providers(), diagnosis.models()
    if as_json:
        told = [fields(one, *PROVIDER) for one in providers]
        document({"providers": told, "models": [shape(one) for one in known]})
        return
    for one in providers:
        say(f"{'+' if one.ready else '?'} {one.prefix.rstrip(':/')}  {one.hint}".rstrip())
    say()
    table(_row(one) for one in known)


@app.command()
def servers(
    add: Annotated[str, typer.Option(metavar="NAME=URL", help="Name one, or move it.")] = "",
    remove: Annotated[str, typer.Option(metavar="NAME", help="Forget one.")] = "",
    as_json: AsJson = False,
) -> None:
    """Servers that speak OpenAI's protocol: those named in the settings, and those entered here."""
    terminal.ready()
    from core import llm

    if add:
        name, _sign, url = add.partition("=")
        llm.add_server(name, url)
    if remove:
        llm.remove_server(remove)
    here = llm.entered()
    known = [
        {"name": n, "url": url, "entered": here.get(n) == url} for n, url in llm.servers().items()
    ]
    document({"data": known}) if as_json else table((one["name"], one["url"]) for one in known)


@app.command()
def pull(name: Name, as_json: AsJson = False) -> None:
    """Fetch a model into Ollama. Ctrl+C keeps what came; the next pull goes on from there."""
    terminal.ready()
    from core import diagnosis

    last = pulled(diagnosis.pull(name))
    if as_json:
        document({"name": last.name, "bytes": last.total, "seconds": round(last.seconds, 1)})
        return
    said = _("{name} is there: {size} in {time}.")
    say(said.format(name=last.name, size=size(last.total), time=seconds(last.seconds)))


@app.command()
def check(as_json: AsJson = False) -> None:
    """Try every model that an assistant names: champion, challenger, fallbacks and rules."""
    terminal.ready()
    from core import diagnosis

    findings.show(diagnosis.check(), as_json)


@app.command()
def health(as_json: AsJson = False) -> None:
    """Servers, loaded models, breakers, and failures of the last hour by version."""
    terminal.ready()
    from core import diagnosis

    told = diagnosis.health_here()
    document(health_shape(told)) if as_json else _tell(told)


@app.command()
def register(
    name: Annotated[str, typer.Argument(metavar="PROVIDER:MODEL")],
    price_in: Annotated[
        float | None, typer.Option(help="US dollars a million tokens read.")
    ] = None,
    price_out: Annotated[
        float | None, typer.Option(help="US dollars a million tokens written.")
    ] = None,
    context: Annotated[int | None, typer.Option(help="Tokens of its window.")] = None,
    origin: Annotated[str | None, typer.Option(help="Where it came from.")] = None,
    as_json: AsJson = False,
) -> None:
    """Register a model that exists elsewhere, or say what one costs and where it came from."""
    terminal.ready()
    from core import registry

    row = registry.describe_model(
        name, price_in=price_in, price_out=price_out, context_tokens=context, origin=origin
    )
    if as_json:
        known = ("provider", "name", "price_in", "price_out", "context_tokens", "origin")
        document(fields(row, *known))
        return
    say(_("Registered: {model}").format(model=f"{row.provider}:{row.name}"))


def pulled(progress: "Any") -> "Pulling":
    """Follow a pull on the terminal to its end."""
    last: Pulling | None = None
    try:
        for last in progress:
            terminal.progress(_pulling(last))
    except KeyboardInterrupt:
        terminal.progress("")
        note(_("Stopped. What came is kept; pull it again to go on from there."))
        raise terminal.stop(terminal.INTERRUPTED) from None
    finally:
        terminal.progress("")
    assert last
    return last


def shape(one: "Known") -> dict[str, Any]:
    """A model as plain data, with the names that the API uses."""
    used = [fields(use, *USE) for use in one.used_by]
    return fields(one, *FACTS, *PRICES) | {"used_by": used}


def health_shape(told: "Health") -> dict[str, Any]:
    """The health as plain data, with the names that the API uses."""
    return {
        "servers": [fields(one, "name", "url", "version", "error", "hint") for one in told.servers],
        "loaded": [fields(one, "name", "size", "in_gpu", "until") for one in told.loaded],
        "breakers": [fields(one, *BROKEN) for one in told.breakers],
        "versions": [fields(one, *RATE) for one in told.rates],
        **fields(told, "minutes", "answers", "fallbacks"),
    }


def size(n: float) -> str:
    """Bytes as people read them."""
    return f"{number(n / 1e9, 1)} GB" if n >= 1e9 else f"{number(n / 1e6)} MB"


def _pulling(one: "Pulling") -> str:
    parts = [one.name, one.status, percent(one.share), f"{size(one.done)}/{size(one.total)}"]
    if one.speed:
        parts.append(f"{size(one.speed)}/s")
    if one.left is not None:
        parts.append(_("{time} left").format(time=seconds(one.left)))
    return "  ".join(parts if one.total else parts[:2])


def _row(one: "Known") -> tuple[str, ...]:
    parameters = f"{number(one.parameters, 1)} B" if one.parameters else ""
    context = number(one.context_tokens) if one.context_tokens else ""
    price = ""
    if one.price_in or one.price_out:
        price = f"{money(one.price_in, 'USD')}/{money(one.price_out, 'USD')}"
    thinks, used = _("thinks") if one.thinks else "", ", ".join(_use(u) for u in one.used_by)
    stored = size(one.size) if one.size else ""
    mark = "+" if one.status == "ready" else "!" if one.used_by else "?"
    return (mark, one.full, _status(one), stored, parameters, context, thinks, price, used)


def _status(one: "Known") -> str:
    if one.status == "ready" and one.in_memory:
        return _("loaded")
    return {
        "ready": _("ready"),
        "missing": _("not installed"),
        "not_reachable": _("not reachable"),
        "not_ready": _("its provider is not ready"),
    }[one.status]


def _use(use: Any) -> str:
    roles = {
        "champion": _("champion"),
        "challenger": _("challenger"),
        "fallback": _("fallback"),
        "rule": _("rule"),
    }
    return f"{use.assistant} ({roles[use.role]}{f' {use.number}' if use.number else ''})"


def _tell(told: "Health") -> None:
    for one in told.servers:
        said = one.version or f"{one.error} {one.hint}"
        say(f"{'!' if one.error else '+'} {one.name}  {one.url}  {said}")
    for model in told.loaded:
        until = f"→ {model.until:%H:%M}" if model.until else ""
        say(f"  {_('loaded')}: {model.name}  {size(model.size)}  {until}".rstrip())
    for broken in told.breakers:
        say(
            _("! {model} ({assistant}): {n} failures, {state}, {time} to rest").format(
                model=broken.model,
                assistant=broken.assistant,
                n=number(broken.failures),
                state=_breaker(broken.state),
                time=seconds(broken.rests_for),
            )
        )
    n, given = number(told.answers), number(told.fallbacks)
    say(_("Last hour: {n} answers, {given} of them by a fallback.").format(n=n, given=given))
    table(_rate(one) for one in told.rates)


def _breaker(state: str) -> str:
    words = {"open": _("left alone"), "half_open": _("being tried again")}
    return words.get(state, _("still asked"))


def _rate(one: Any) -> tuple[str, ...]:
    share = "" if one.failure_rate is None else percent(one.failure_rate)
    codes = ", ".join(f"{code} {n}" for code, n in one.codes.items())
    calls = _("{failed} of {n} calls failed").format(
        failed=number(one.failed_calls), n=number(one.calls)
    )
    return (one.assistant, f"v{one.number}", one.model, calls, share, codes)
