"""The review desk and its list of items without a browser: who is asked for a name, where links lead,
what is like an item, whose answer is known."""

from typing import Any

from streamlit.testing.v1 import AppTest

from core import access, annotation, assistants, chat
from core.db.tables import Assistant, Queue
from tests.annotation.conftest import conversations
from tests.pages.conftest import Opens, elements, keys

PAGE = "pages/loop/annotation.py"


def test_where_people_have_names_nothing_is_claimed_before_one_is_picked(
    opens: Opens, shop: Assistant
) -> None:
    queue = filled(shop, "Fila", 1)
    ana, viewer = (access.person(name) for name in ("Ana *Maria*", "Só olha"))
    access.set_roles(viewer.id, ["viewer"])
    app = opens(PAGE, queue=queue.id)
    assert annotation.progress(queue.id).held == 0
    assert f"review.who.{viewer.id}" not in keys(app)
    app.button(key=f"review.who.{ana.id}").click().run()
    assert desk_of(app)["person"] == ana.id
    assert annotation.claim_next(queue.id, access.local_person().id) is None


def test_whoever_goes_on_without_a_name_gets_the_item(opens: Opens, shop: Assistant) -> None:
    queue = filled(shop, "Fila", 1)
    access.person("Ana")
    app = opens(PAGE, queue=queue.id)
    app.button(key="review.who.nobody").click().run()
    assert desk_of(app)["person"] == access.local_person().id
    assert annotation.progress(queue.id).held == 1


def test_a_link_to_an_item_of_another_queue_goes_over_to_that_queue(
    opens: Opens, shop: Assistant
) -> None:
    first, second = (filled(shop, name, 1) for name in ("Uma", "Outra"))
    item = annotation.items(second.id)[0]
    for query in ({"queue": first.id}, {}):
        app = opens(PAGE, item=item.id, **query)
        assert desk_of(app)["item"] == item.id
        assert app.selectbox[0].value == second.id
        assert app.query_params["queue"] in (second.id, [second.id])
    assert annotation.progress(first.id).held == 0


def test_queues_of_one_name_are_told_by_their_assistants_first(
    opens: Opens, shop: Assistant
) -> None:
    other = assistants.create("Livraria")
    for assistant, name in ((shop, "Amostra"), (other, "Amostra"), (shop, "Fila")):
        annotation.create_queue(assistant.id, name)
    told = opens(PAGE).selectbox[0].options
    assert sorted(told) == ["Fila · Loja", "Livraria · Amostra", "Loja · Amostra"]


def test_a_link_to_an_item_that_is_gone_says_so_and_takes_no_other(
    opens: Opens, shop: Assistant
) -> None:
    queue = filled(shop, "Fila", 2)
    item = annotation.items(queue.id)[0]
    annotation.remove(item.id)
    for wanted, words in ((item.id, "This item was taken out"), ("nirgends", "There is no item")):
        app = opens(PAGE, "en", queue=queue.id, item=wanted)
        empty = desk_of(app)["empty"]
        assert empty["title"].startswith(words)
        assert [name for name, _label, _key in empty["acts"]] == ["look"]
    assert annotation.progress(queue.id).held == 0


def test_an_answer_after_another_puts_no_words_into_the_askers_mouth(
    opens: Opens, shop: Assistant
) -> None:
    talk = two_answers(shop.id)
    queue = annotation.create_queue(shop.id, "Fila", random_share=0)
    annotation.add(queue.id, [talk])
    desk = desk_of(opens(PAGE, queue=queue.id))
    told = [(turn["question"], turn["asked"], turn["focus"]) for turn in desk["turns"]]
    assert told == [("Abre hoje?", True, False), ("", False, True)]
    assert "Abre hoje?" in desk["announce"]
    table = elements(opens(PAGE, queue=queue.id, view="items"))[-1]
    assert table["rows"][0]["cells"][1]["text"] == "Abre hoje?"
    assert table["heads"][3]["side"] == "short"  # how it stands is not broken into two lines


def test_items_like_one_are_listed_with_how_alike_they_are_and_a_link(
    opens: Opens, shop: Assistant
) -> None:
    queue = filled(shop, "Fila", 2)
    one, other = annotation.items(queue.id)
    app = opens(PAGE, queue=queue.id, view="items")
    app.selectbox(key="annotation.items.one").set_value(one.id).run()
    app.button(key="annotation.items.alike").click().run()
    (row,) = elements(app)[-1]["rows"]
    assert row["cells"][1]["go"]["query"]["item"] == other.id
    assert "de semelhança" in row["cells"][2]["text"]
    app.button(key="annotation.alike.back").click().run()
    assert len(elements(app)[-1]["rows"]) == 2


def test_a_known_answer_stands_in_the_list_of_items_and_nowhere_on_the_desk(
    opens: Opens, shop: Assistant
) -> None:
    queue = filled(shop, "Fila", 1)
    item = annotation.items(queue.id)[0]
    before = desk_of(opens(PAGE, queue=queue.id))
    app = opens(PAGE, queue=queue.id, view="items")
    app.selectbox(key="annotation.items.one").set_value(item.id).run()
    app.button(key="annotation.items.known").click().run()
    key = f"annotation.decision.{item.id}"
    app.radio(key=f"{key}.verdict").set_value("rejected")
    app.text_input(key=f"{key}.note").set_value("olhe a nota fiscal")
    app.button(key=f"{key}.send").click().run()
    assert annotation.item(item.id).known["verdict"] == "rejected"
    assert desk_of(opens(PAGE, queue=queue.id)) == before
    app = opens(PAGE, queue=queue.id, view="items")
    assert "olhe a nota fiscal" in elements(app)[-1]["rows"][0]["cells"][1]["note"]
    app.selectbox(key="annotation.items.one").set_value(item.id).run()
    app.button(key="annotation.items.forget").click().run()
    assert annotation.item(item.id).known == {}


def filled(shop: Assistant, name: str, n: int) -> Queue:
    """A queue with so many items."""
    made = annotation.create_queue(shop.id, name, random_share=0)
    annotation.add(made.id, conversations(shop.id, n))
    return made


def desk_of(app: AppTest) -> dict[str, Any]:
    """What the desk was given."""
    return next(one for one in elements(app) if "empty" in one)


def two_answers(assistant_id: str) -> str:
    """A conversation in which one question got two answers in a row."""
    talk = chat.create(assistant_id).id
    said = [("user", "Abre hoje?"), ("assistant", "Abre."), ("assistant", "Até as 18h.")]
    chat.record(talk, [chat.Said(role, text) for role, text in said])
    return talk
