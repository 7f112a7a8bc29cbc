"""Assistants: made, edited, chosen for, taken along, removed."""

from streamlit.testing.v1 import AppTest

from core import assistants, chat, registry
from core.db.tables import Assistant
from core.llm import fake
from tests.pages.conftest import Opens, said

PAGE = "pages/manage/assistants.py"


def test_a_new_assistant_needs_a_name_and_opens_for_editing(opens: Opens) -> None:
    app = opens(PAGE)
    app.text_input(key="assistants.name").set_value("Biblioteca")
    app.button(key="assistants.create").click().run()
    made = assistants.default()
    assert made
    assert made.name == "Biblioteca"
    assert app.title[0].value == "Biblioteca"


def test_a_name_that_is_taken_is_told_in_a_sentence(opens: Opens, shop: Assistant) -> None:
    app = opens(PAGE)
    app.text_input(key="assistants.name").set_value("Loja")
    app.button(key="assistants.create").click().run()
    assert "Loja" in app.error[0].value
    assert len(assistants.all()) == 1


def test_every_field_is_saved(opens: Opens, shop: Assistant) -> None:
    app = opens(PAGE, assistant=shop.id)

    def field(name: str) -> str:
        return f"assistants.{name}.{shop.id}"

    app.text_input(key=field("name")).set_value("Loja Azul")
    app.selectbox(key=field("language")).set_value("en")
    app.text_area(key=field("persona")).set_value("You are kind.")
    app.text_area(key=field("rules")).set_value("Be brief.\n\nBe true.")
    app.text_area(key=field("starters")).set_value("When?\nWhere?")
    app.text_area(key=field("rubric")).set_value("Truth: as the documents say\nTone")
    app.button(key=field("save")).click().run()
    saved = assistants.get(shop.id)
    assert (saved.name, saved.language, saved.persona) == ("Loja Azul", "en", "You are kind.")
    assert (saved.rules, saved.starters) == (["Be brief.", "Be true."], ["When?", "Where?"])
    assert saved.rubric == [
        {"name": "Truth", "description": "as the documents say"},
        {"name": "Tone", "description": ""},
    ]
    assert "Salvo." in said(app)


def test_a_chosen_model_stays_until_ciclo_may_choose_again(opens: Opens, shop: Assistant) -> None:
    registry.choose_model(shop.id, "fake:echo")
    app = opens(PAGE, assistant=shop.id)
    assert "Você escolheu echo" in said(app)
    app.button(key=f"assistants.follow.{shop.id}").click().run()
    assert registry.route(shop.id).model.provider == "embedded"
    assert assistants.get(shop.id).follows_ollama


def test_a_deleted_assistant_comes_back_with_undo(opens: Opens, shop: Assistant) -> None:
    app = opens(PAGE, assistant=shop.id)
    app.button(key=f"assistants.delete.{shop.id}").click().run()
    assert assistants.all() == []
    app.button(key="frame.undo").click().run()
    assert [one.id for one in assistants.all()] == [shop.id]


def test_an_exported_assistant_is_imported_with_its_documents(
    opens: Opens, shop: Assistant
) -> None:
    packed = assistants.export_zip(shop.id)
    assistants.remove(shop.id)
    app = opens(PAGE)
    app.file_uploader[0].upload("loja.zip", packed).run()
    assert "“Loja” foi importado" in said(app)
    assert [one.name for one in assistants.all()] == ["Loja"]


def test_a_sample_that_is_not_loaded_is_offered(opens: Opens) -> None:
    app = opens(PAGE)
    slug = assistants.samples()[0].slug
    app.button(key=f"samples.load.{slug}").click().run()
    assert [one.sample for one in assistants.all()] == [slug]
    assert "dados de exemplo" in said(app)


def typed(app: AppTest, one: Assistant, mode: str, **values: str) -> None:
    """Fill the form of a mode ("" for a new one) and save it."""
    for field, value in values.items():
        key = f"assistants.mode.{field}.{mode}.{one.id}"
        box = app.text_input if field == "title" else app.text_area
        box(key=key).set_value(value)
    app.button(key=f"assistants.mode.save.{mode}.{one.id}").click().run()


def test_a_way_of_answering_is_added_with_its_levels(opens: Opens, shop: Assistant) -> None:
    app = opens(PAGE, assistant=shop.id)
    levels = "Básico: explique cada termo\nAvançado: compare: duas leituras"
    typed(app, shop, "", title="Análise literária", prompt="Analise.", levels=levels)
    (mode,) = assistants.get(shop.id).modes
    assert (mode["name"], mode["title"]) == ("analise-literaria", "Análise literária")
    assert mode["levels"] == [
        {"name": "basico", "title": "Básico", "prompt": "explique cada termo"},
        {"name": "avancado", "title": "Avançado", "prompt": "compare: duas leituras"},
    ]


def test_a_way_of_answering_keeps_its_name_when_its_title_changes(
    opens: Opens, shop: Assistant
) -> None:
    assistants.update(shop.id, modes=[{"name": "short", "title": "Curto", "prompt": "Curto."}])
    typed(opens(PAGE, assistant=shop.id), shop, "short", title="Bem curto")
    assert [(m["name"], m["title"]) for m in assistants.get(shop.id).modes] == [
        ("short", "Bem curto")
    ]


def test_a_level_without_words_is_told_and_what_was_typed_stays(
    opens: Opens, shop: Assistant
) -> None:
    app = opens(PAGE, assistant=shop.id)
    typed(app, shop, "", title="Análise", prompt="Analise.", levels="Básico")
    assert app.error
    assert app.text_area(key=f"assistants.mode.levels..{shop.id}").value == "Básico"
    assert assistants.get(shop.id).modes == []


def test_a_deleted_way_of_answering_comes_back_with_undo(opens: Opens, shop: Assistant) -> None:
    assistants.update(shop.id, modes=[{"name": "short", "title": "Curto", "prompt": "Curto."}])
    app = opens(PAGE, assistant=shop.id)
    app.button(key=f"assistants.mode.delete.short.{shop.id}").click().run()
    assert assistants.get(shop.id).modes == []
    app.button(key="frame.undo").click().run()
    assert len(assistants.get(shop.id).modes) == 1


def test_kept_answers_are_forgotten_on_wish(opens: Opens, shop: Assistant) -> None:
    fake.reset()
    registry.choose_model(shop.id, "fake:script")
    fake.queue("Aos sábados a loja abre das 9h às 13h. [1]")
    chat.ask("Quando a loja abre aos sábados?", assistant=shop.id)
    app = opens(PAGE, assistant=shop.id)
    app.button(key=f"assistants.cache.{shop.id}").click().run()
    assert chat.cached(shop.id).entries == 0
    fake.reset()
