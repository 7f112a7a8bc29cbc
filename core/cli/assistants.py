"""``ciclo assistants``: list, create, export, import, default, model, routing, remove, restore."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from core.cli import terminal
from core.cli.terminal import AsJson, document, fields, say, table
from core.errors import InvalidInput
from core.i18n import _, percent

if TYPE_CHECKING:
    from core.db.tables import Assistant

app = typer.Typer(help="Who answers: persona, rules, documents.", no_args_is_help=True)
Which = Annotated[str, typer.Argument(metavar="ASSISTANT", help="Its id or its name.")]
NAMES = (
    *("id", "name", "language", "persona", "rules", "starters", "is_default"),
    *("follows_ollama", "routing"),
)


@app.command("list")
def listing(as_json: AsJson = False) -> None:
    """Every assistant; * marks the default one."""
    terminal.ready()
    from core import assistants

    rows = assistants.all()
    if as_json:
        document({"data": [shape(row) for row in rows]})
        return
    table(("*" if row.is_default else "", row.name, row.language, row.id) for row in rows)
    if not rows:
        say(_("There is no assistant yet."))


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="1 to 120 characters.")],
    language: Annotated[str, typer.Option(help="pt-BR or en.")] = "pt-BR",
    as_json: AsJson = False,
) -> None:
    """Make an empty assistant."""
    terminal.ready()
    from core import assistants

    _told(assistants.create(name, language), _("Created: {name}"), as_json)


@app.command()
def export(
    which: Which,
    target: Annotated[Path, typer.Argument(help="A new folder, or a file ending in .zip.")],
    as_json: AsJson = False,
) -> None:
    """Write an assistant with its documents into a folder or a zip."""
    terminal.ready()
    from core import assistants

    row = assistants.by_name_or_id(which)
    if target.suffix == ".zip":
        target.write_bytes(assistants.export_zip(row.id))
    else:
        assistants.export_folder(row.id, target)
    if as_json:
        document({"id": row.id, "name": row.name, "path": str(target)})
    else:
        say(_("{name} is in {path}").format(name=row.name, path=target))


@app.command("import")
def bring(
    source: Annotated[Path, typer.Argument(exists=True, help="A folder, or a zip of one.")],
    name: Annotated[str, typer.Option(help="Instead of its own name.")] = "",
    as_json: AsJson = False,
) -> None:
    """Make an assistant from a folder or a zip, and read its documents."""
    terminal.ready()
    from core import assistants, retrieval

    if source.is_dir():
        row = assistants.import_folder(source, name=name)
    else:
        row = assistants.import_zip(source.read_bytes(), name=name)
    retrieval.process_waiting()
    _told(row, _("Imported: {name}"), as_json)


@app.command()
def default(which: Which, as_json: AsJson = False) -> None:
    """Let it answer where no assistant is named."""
    terminal.ready()
    from core import assistants

    row = assistants.set_default(assistants.by_name_or_id(which).id)
    _told(row, _("The default is now: {name}"), as_json)


@app.command()
def model(
    which: Which,
    name: Annotated[
        str, typer.Argument(metavar="PROVIDER:MODEL|best", help="Or the best that Ollama has.")
    ],
    as_json: AsJson = False,
) -> None:
    """Choose the model that answers for it."""
    terminal.ready()
    from core import assistants, registry

    row = assistants.by_name_or_id(which)
    if name == "best":
        registry.follow_again(row.id)
    else:
        registry.choose_model(row.id, name)
    sentence = _("{model} answers for {name}")
    _told(assistants.get(row.id), sentence, as_json, model=registry.route(row.id).name)


@app.command()
def routing(
    which: Which,
    given: Annotated[
        str,
        typer.Argument(metavar="[JSON]", help='As {"fallbacks": ["ollama:llama3.2:1b"]}.'),
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Show, or set, its fallbacks, its rules and the challenger's share."""
    terminal.ready()
    from core import assistants

    row = assistants.by_name_or_id(which)
    if given:
        row = assistants.update(row.id, routing=_parsed(given))
    document(shape(row) if as_json else row.routing)


@app.command()
def challenger(
    which: Which,
    use: Annotated[
        str,
        typer.Argument(metavar="[PROVIDER:MODEL|VERSION|none]", help="Whom it is tried against."),
    ] = "",
    share: Annotated[
        float | None, typer.Option(min=0, max=1, help="Of the askers, who get it from now on.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show, or set, who challenges its champion, and what share of the askers is given it."""
    terminal.ready()
    from core import assistants, registry

    row = assistants.by_name_or_id(which)
    if use == "none":
        registry.withdraw_challenger(row.id)
    elif use:
        registry.challenge(row.id, use)
    if share is not None:
        row = assistants.update(row.id, routing={**row.routing, "challenger_share": share})
    rival = registry.challenger(row.id)
    name = registry.route(row.id, pinned_version_id=rival.id).name if rival else ""
    told = {"version": rival.number if rival else None, "model": name or None}
    share = float(row.routing.get("challenger_share") or 0.0)
    if as_json:
        document({"assistant": row.name, **told, "share": share})
    elif rival is None:
        say(_("{name} has no challenger.").format(name=row.name))
    else:
        said = _("Version {n} ({model}) challenges {name}; {share} of the askers are given it.")
        say(said.format(n=rival.number, model=name, name=row.name, share=percent(share)))
    if name and (warning := registry.silent(name)):
        terminal.note(warning)


@app.command()
def parameters(
    which: Which,
    given: Annotated[
        str, typer.Argument(metavar="[JSON]", help='As {"reasoning": "high"}; null forgets one.')
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Show, or change, how its model is asked: reasoning, temperature, max_tokens..."""
    terminal.ready()
    from core import assistants, registry

    row = assistants.by_name_or_id(which)
    if given:
        registry.set_parameters(row.id, **_named(_parsed(given, "parameters")))
    now = registry.route(row.id).version.parameters
    document({"assistant": row.name, "parameters": now} if as_json else now)


def _named(given: Any) -> dict[str, Any]:
    if not isinstance(given, dict):
        example = '{"reasoning": "high"}'
        raise InvalidInput(_("Name each parameter, as in {example}.").format(example=example))
    return given


def _parsed(given: str, field: str = "routing") -> Any:
    try:
        return json.loads(given)
    except (ValueError, RecursionError) as error:
        sentence = _("That is no JSON: {why}").format(why=error)
        raise InvalidInput(sentence, field=field) from None


@app.command()
def remove(which: Which, as_json: AsJson = False) -> None:
    """Take an assistant away; `restore` brings it back by its id."""
    terminal.ready()
    from core import assistants

    row = assistants.remove(assistants.by_name_or_id(which).id)
    _told(row, _("Removed: {name}"), as_json)


@app.command()
def restore(
    assistant_id: Annotated[str, typer.Argument(metavar="ID")], as_json: AsJson = False
) -> None:
    """Bring a removed assistant back."""
    terminal.ready()
    from core import assistants

    _told(assistants.restore(assistant_id), _("Restored: {name}"), as_json)


def shape(row: "Assistant") -> dict[str, Any]:
    """An assistant as plain data, with the names that the API uses."""
    from core import registry

    return fields(row, *NAMES) | {
        "model": registry.route(row.id).name,
        "is_sample": bool(row.sample),
        "created_at": row.created_at,
    }


def _told(row: "Assistant", sentence: str, as_json: bool, **facts: str) -> None:
    if as_json:
        document(shape(row))
    else:
        say(f"{sentence.format(name=row.name, **facts)}  {row.id}")
