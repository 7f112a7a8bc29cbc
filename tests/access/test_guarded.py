"""Every verb that changes something says what it takes: walked over the packages, not by heart.

``FREE`` names the verbs that anybody may call, and those that no door calls for a person; ``OWN`` those
that look at whose it is (test_own.py walks these). A new verb is in one of them or carries
``@allowed``; whoever writes one has to say which.
"""

import inspect
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from core import access, i18n
from core.access.guarding import DEED
from core.errors import NotAllowed

# what only reads
READING = {
    "core.assistants": "all by_name_or_id chosen default demo get guidelines"
    " paraphrases questions samples way",
    "core.retrieval": "chunk_count content document documents documents_of each"
    " embedder embedders_used has_dates in_words listed page_of progress"
    " propose_embedders queue search state today unused usage use_of versions weight why",
    "core.registry": "breaker breakers challenger check_rules cost fallbacks history listing memory_uses missing"
    " no_assistant pointed portable route saved silent versions",
    "core.chat": "cached pinned shows_thoughts speakers way_out who_approved",
    "core.diagnosis": "counted health health_here last_migration models outcome plan propose providers"
    " summary",
    "core.demo": "",
    "core.access": "act acting allowed as_person called demand demand_all demand_of_token demand_role demand_unbound"
    " demand_unless_own find known may"
    " hidden may_see on_leave origin people present refusal seen sees sees_all there",
    # words and sums of what the caller has; a flag in hand and what came of it
    "core.feedback": "from_reaction plain said title total what_came_of",
    "core.annotation": "address is_thin",  # of words and of a share that the caller has
    "core.retrieval.memory": "revision",  # a number
    "core.metrics.alerts.lifecycle": "",
    "core.metrics": "measure money reading span view",  # words, and how far the first reading is
    "core.metrics.outcomes": "checked_name",
    "core.sign_in": "cookie_name is_jwt is_token link",  # of the letters that the caller has
    "core.comparison": "assistant_of choices pair resolve"  # names of versions
    " lost under_way"  # of a comparison that the caller has
    " digest doubles of_sample read_and_unused read_file",  # of questions that the caller has, or that came with Ciclo
    "core.metrics.engines": "",
    "core.retrieval.approved": "holds state_in_words",  # of a row that the caller has
    # one's own data (tests/personal/test_packing.py); a name looked up; words and sums of what one has
    "core.personal": "agreements file_name names_of packed split subject told unreached_in_words",
}
# of the background, of the process's end, or done within another verb's transaction
INNER = {
    "core.assistants": "purge",
    "core.retrieval": "close embed_waiting process_waiting purge read_now settle store warm"
    " weigh_anew",
    "core.registry": "begin follow_ollama prompt_changed pull_missing variant version_with_model",
    "core.chat": "close close_abandoned retire_outgrown set_all_apart set_apart sweep sweep_cache wait",
    "core.access": "local_person person set_language set_preferences",  # everybody's own
    "core.sign_in": "by_jwt by_token make_token revoke_token tokens"  # one's own, of others refused inside
    " account end end_all set_password sign_ins"  # the same
    " accept begin first_admin_link nobody_yet sign_in sign_out signed_in sweep",  # before anybody is known
    "core.feedback": "sweep_keys",
    "core.personal": "keep_erasing keep_retention",
    "core.annotation": "focus keep_filled keep_judged put was_sampled",
    "core.comparison": "keep_judging keep_running",
    "core.secrets": "key_lies opens value",
    "core.audit": "did looked plain",
    "core.retrieval.memory": "changed counted forget learn",
    "core.retrieval.approved": "outgrown",
    "core.metrics": "ids_behind keep_current keep_grouped",
    "core.metrics.alerts.rules": "found_rule seen usual",
    "core.metrics.alerts.checking": "check_due event_of",
}
# one's own for everybody, others' for those who may read them
OWN = {
    "core.chat": "answer conversation conversations export_json export_markdown follow messages path"
    " trace",
    "core.feedback": "conversation_rating flags history of told",
    "core.metrics.outcomes": "outcomes",
}
FREE = {
    name: {word for table in (READING, INNER, OWN) for word in table.get(name, "").split()}
    for name in READING.keys() | INNER.keys()
}


def verbs(package: str) -> Iterator[tuple[str, Callable[..., Any]]]:
    """The functions that a package hands out (of a module: those it defines)."""
    module = import_module(package)
    for name, value in vars(module).items():
        ours = inspect.isfunction(value) and value.__module__.startswith(package)
        if ours and not name.startswith("_"):
            yield name, value


GUARDED = [
    pytest.param(verb, vars(verb)[DEED], id=f"{package}.{name}")
    for package in sorted(FREE)
    for name, verb in verbs(package)
    if DEED in vars(verb)
]


@pytest.mark.parametrize("package", sorted(FREE))
def test_a_verb_is_guarded_or_named_as_free(package: str) -> None:
    unguarded = {name for name, verb in verbs(package) if DEED not in vars(verb)}
    assert unguarded == FREE[package]


@pytest.mark.parametrize(("verb", "deed"), GUARDED)
def test_a_guarded_verb_refuses_somebody_without_a_role(
    home: Path, verb: Callable[..., Any], deed: str
) -> None:
    nobody = access.set_roles(access.person("Ana").id, [])
    needed = [
        one
        for one in inspect.signature(verb).parameters.values()
        if one.default is one.empty and one.kind is one.POSITIONAL_OR_KEYWORD
    ]
    with i18n.speaking("en"), access.as_person(nobody), pytest.raises(NotAllowed) as caught:
        verb(*("?" for _one in needed))
    assert access.DEEDS[deed] in caught.value.message


@pytest.mark.slow
def test_the_samples_are_loaded_where_nobody_acts_and_by_an_admin(home: Path) -> None:
    from core import assistants

    slug = assistants.samples()[0].slug
    with access.as_person(access.local_person()):
        assert assistants.load_sample(slug).sample == slug
    assistants.remove_samples()


@pytest.mark.slow
def test_an_asker_may_ask_with_another_model_but_not_make_it_the_champion(home: Path) -> None:
    from core import assistants, chat, registry

    desk = assistants.create("Suporte")
    ana = access.set_roles(access.person("Ana").id, ["viewer"])
    with access.as_person(ana):
        chat.ask("Qual é o horário?", person_id=ana.id, options=chat.Options(model="fake:echo"))
        with pytest.raises(NotAllowed):
            registry.choose_model(desk.id, "fake:echo")
