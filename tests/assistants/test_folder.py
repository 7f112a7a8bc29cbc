"""An assistant as a folder, out and in again."""

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import assistants, registry, retrieval
from core.db.tables import Assistant
from core.errors import Conflict, InvalidInput

TOML = """
name = "Loja"
language = "pt-BR"
rules = ["Seja breve."]
"""
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)


@pytest.fixture
def shop(home: Path) -> Assistant:
    """An assistant with every field filled and two documents, one in a folder of its own."""
    made = assistants.create(
        "Loja",
        persona='Fala "assim"\ne \\assado\\.\n',
        rules=["Uma.", "Duas."],
        starters=["Quando abre?"],
        rubric=[{"name": "Clareza", "description": "Lê-se bem."}],
    )
    retrieval.add(made.id, "horarios.md", "A loja abre às 9h.".encode())
    retrieval.add(made.id, "faq/preços.txt", b"Custa R$ 10,00.")
    return made


def zipped(**files: str | bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return packed.getvalue()


def documents(assistant: Assistant) -> dict[str, bytes]:
    rows = retrieval.documents(assistant.id)
    return {row.name: retrieval.content(row.id) for row in rows}


def fields(assistant: Assistant) -> tuple[object, ...]:
    a = assistant
    return (a.name, a.language, a.persona, a.rules, a.starters, a.rubric, a.follows_ollama)


def test_what_goes_out_as_a_folder_comes_in_again(shop: Assistant, tmp_path: Path) -> None:
    folder = assistants.export_folder(shop.id, tmp_path / "out")
    assistants.remove(shop.id)
    back = assistants.import_folder(folder)
    assert fields(back) == fields(shop)
    assert documents(back) == documents(shop)


def test_what_goes_out_as_a_zip_comes_in_again(shop: Assistant) -> None:
    back = assistants.import_zip(assistants.export_zip(shop.id), name="Cópia")
    assert fields(back)[1:] == fields(shop)[1:]
    assert documents(back) == documents(shop)


def test_a_chosen_model_travels_along(shop: Assistant) -> None:
    registry.choose_model(shop.id, "ollama:gemma3", {"temperature": 0.3})
    back = assistants.import_zip(assistants.export_zip(shop.id), name="Cópia")
    route = registry.route(back.id)
    assert (route.name, route.version.parameters) == ("ollama:gemma3", {"temperature": 0.3})
    assert not back.follows_ollama


def test_dates_and_masks_of_documents_travel_along(shop: Assistant) -> None:
    row = retrieval.documents(shop.id)[0]
    retrieval.set_validity([row.id], valid_to=date(2026, 12, 31))
    retrieval.set_masks([row.id], ["phone"])
    back = assistants.import_zip(assistants.export_zip(shop.id), name="Cópia")
    copies = {one.name: one for one in retrieval.documents(back.id)}
    assert (copies[row.name].valid_from, copies[row.name].valid_to) == (None, date(2026, 12, 31))
    assert copies[row.name].masks == ["phone"]
    assert {one.valid_to for one in copies.values() if one.name != row.name} <= {None}


@pytest.mark.parametrize(
    "conditions",
    ["valid_to = 'soon'", "valid_to = 2026-01-01T10:00:00", "masks = ['name']", "owner = 'Ana'"],
)
def test_conditions_that_cannot_be_are_refused_and_nothing_is_imported(
    home: Path, conditions: str
) -> None:
    toml = f'{TOML}\n[documents."a.md"]\n{conditions}\n'
    files = {"assistant.toml": toml, "documents/a.md": "# A\n\nTexto."}
    with pytest.raises(InvalidInput) as refused:
        assistants.import_zip(zipped(**files))
    assert refused.value.field == "documents"
    assert "a.md" in refused.value.message
    assert assistants.all() == []


@pytest.mark.slow
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(persona=WORDS, rule=WORDS)
def test_any_text_survives_the_way_out_and_in(home: Path, persona: str, rule: str) -> None:
    made = assistants.create("Loja", persona=persona, rules=[rule])
    packed = assistants.export_zip(made.id)
    assistants.remove(made.id)
    back = assistants.import_zip(packed)
    assistants.remove(back.id)
    assert (back.persona, back.rules) == (made.persona, made.rules)


def test_a_folder_that_holds_something_is_not_written_into(shop: Assistant, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(InvalidInput) as caught:
        assistants.export_folder(shop.id, tmp_path)
    assert caught.value.code == "not_empty"


def test_a_taken_name_is_a_conflict_and_another_can_be_given(shop: Assistant) -> None:
    packed = assistants.export_zip(shop.id)
    with pytest.raises(Conflict):
        assistants.import_zip(packed)
    assert assistants.import_zip(packed, name="Outra").name == "Outra"


def test_without_documents_it_is_an_assistant_all_the_same(home: Path) -> None:
    assert assistants.import_zip(zipped(**{"assistant.toml": TOML})).rules == ["Seja breve."]


def test_the_folder_may_lie_one_level_down_in_the_zip(home: Path) -> None:
    files = {"loja/assistant.toml": TOML, "loja/documents/a.md": "# A\n\nTexto."}
    assert list(documents(assistants.import_zip(zipped(**files)))) == ["a.md"]


def test_one_bad_document_and_nothing_is_imported(home: Path) -> None:
    files = {"assistant.toml": TOML, "documents/a.md": "Texto.", "documents/b.exe": "MZ"}
    with pytest.raises(InvalidInput):
        assistants.import_zip(zipped(**files))
    assert assistants.all() == []


@pytest.mark.parametrize(
    "toml",
    [
        b"name = ",
        b"\xff\xfe",
        b"language = 'en'",
        b"name = 'x'\nlanguage = 'fr'",
        b"name = 'x'\nrules = 'one'",
        b"name = 'x'\nanswers = 'me'",
        b"name = 'x'\n[answers]\nmodel = 'nope:x'",
        b"name = 'x'\n[answers]\nmodel = 'fake:x'\nparameters = 3",
        b"name = 'x'\n[answers]\nmodel = 'fake:x'\n[answers.parameters]\nheat = 3",
        b"x = " + b"[" * 5000,
        b'name = "x"\nnumber = ' + b"9" * 5000,
        b'name = "x"\n' + b"#" * 1_000_000,  # its first part alone would make sense
    ],
)
def test_a_definition_that_makes_no_sense_is_refused(home: Path, toml: bytes) -> None:
    with pytest.raises(InvalidInput):
        assistants.import_zip(zipped(**{"assistant.toml": toml}))
    assert assistants.all() == []


def test_a_link_out_of_the_folder_is_not_followed(home: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    folder = tmp_path / "in"
    (folder / "documents").mkdir(parents=True)
    (folder / "assistant.toml").write_text(TOML)
    (folder / "documents" / "a.txt").symlink_to(secret)
    assert documents(assistants.import_folder(folder)) == {}


def test_fallbacks_and_rules_travel_along_with_models_for_versions(shop: Assistant) -> None:
    number = registry.version_with_model(shop.id, "ollama:gemma3").number
    rules = [{"if": {"tier": "premium"}, "use": number}]
    routing = {"fallbacks": ["ollama:llama3.2:1b"], "rules": rules, "challenger_share": 0.5}
    assistants.update(shop.id, routing=routing)
    back = assistants.import_zip(assistants.export_zip(shop.id), name="Cópia")
    assert back.routing == {
        "fallbacks": ["ollama:llama3.2:1b"],
        "rules": [{"if": {"tier": "premium"}, "use": "ollama:gemma3"}],
    }


@pytest.mark.parametrize(
    "routing",
    ["fallback = []", "rules = [{if = {tier = 'x'}, use = 7}]", "challenger_share = inf"],
)
def test_a_routing_that_cannot_be_is_refused_and_nothing_is_imported(
    home: Path, routing: str
) -> None:
    files = {"assistant.toml": f"{TOML}\n[routing]\n{routing}\n"}
    with pytest.raises(InvalidInput) as refused:
        assistants.import_zip(zipped(**files))
    assert refused.value.field == "routing"
    assert assistants.all() == []
