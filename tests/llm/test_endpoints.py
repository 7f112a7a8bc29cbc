"""Which providers can be used, what they lack, what they offer; and where servers get their keys."""

from pathlib import Path

import pytest

from core.config import Settings, settings
from core.errors import InvalidInput, ModelFailed
from core.llm import endpoints, models, open_model, providers, split
from core.llm.endpoints import Provider
from tests.llm.conftest import KEY, Outside


def line(prefix: str) -> Provider:
    return next(each for each in providers() if each.prefix == prefix)


def test_without_a_key_a_provider_says_which_variable_it_misses(home: Path) -> None:
    openai = line("openai:")
    assert (openai.ready, openai.missing) == (False, "key")
    assert "OPENAI_API_KEY" in openai.hint
    with pytest.raises(ModelFailed) as caught:
        open_model("openai:gpt-4o")
    assert (caught.value.code, caught.value.hint) == ("no_key", openai.hint)


@pytest.mark.parametrize("name", ["openai:x", "anthropic:x", "google:x", "openai-compatible:lab/x"])
def test_without_its_package_a_provider_says_how_to_install_it(
    home: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("CICLO_SERVERS", "lab=http://127.0.0.1:9/v1")
    monkeypatch.setattr(endpoints, "find_spec", lambda package: None)
    settings.cache_clear()
    with pytest.raises(ModelFailed) as caught:
        open_model(name)
    assert caught.value.code == "not_installed"
    extra = {"openai-compatible": "openai"}.get(split(name)[0], split(name)[0])
    assert extra in caught.value.hint.rpartition(" ")[2]
    assert line(name.rpartition("x")[0]).missing == "package"


def test_a_server_of_this_machine_needs_no_key(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CICLO_OPENAI_URL", "http://127.0.0.1:8000/v1")
    settings.cache_clear()
    assert line("openai:").ready


def test_named_servers_are_ready_each_under_its_name_with_its_own_key(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CICLO_SERVERS", "lab=http://10.0.0.5:8000/v1/, my-azure=https://x.y/v1")
    monkeypatch.setenv("MY_AZURE_API_KEY", KEY)
    settings.cache_clear()
    assert line("openai-compatible:lab/").ready
    assert line("openai-compatible:my-azure/").ready
    lab, model = endpoints.endpoint("openai-compatible", "lab/org/model")
    assert (lab.url, model) == ("http://10.0.0.5:8000/v1", "org/model")
    assert lab.key.get_secret_value() == ""
    azure, _model = endpoints.endpoint("openai-compatible", "my-azure/x")
    assert azure.key.get_secret_value() == KEY
    assert KEY not in repr(azure) + repr(azure.key)


def test_a_server_that_nobody_named_is_told_with_those_that_are(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CICLO_SERVERS", "lab=http://127.0.0.1:9/v1")
    settings.cache_clear()
    with pytest.raises(ModelFailed) as caught:
        open_model("openai-compatible:lap/x")
    assert caught.value.code == "not_configured"
    assert "'lap'" in caught.value.message
    assert "lab" in caught.value.hint


@pytest.mark.parametrize("name", ["openai-compatible:x", "openai-compatible:lab/", "openai:"])
def test_a_model_without_its_server_is_no_name(home: Path, name: str) -> None:
    with pytest.raises(InvalidInput):
        split(name)


def test_a_key_may_stand_in_the_env_file_and_the_environment_wins(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = home / "written.env"
    file.write_text("OPENAI_API_KEY=sk-from-the-file\n")
    monkeypatch.setitem(Settings.model_config, "env_file", file)
    assert endpoints.variable("OPENAI_API_KEY") == "sk-from-the-file"
    monkeypatch.setenv("OPENAI_API_KEY", " sk-from-outside ")
    assert endpoints.variable("OPENAI_API_KEY") == "sk-from-outside"


def test_a_provider_tells_the_models_it_offers(outside: Outside) -> None:
    server = "lab" if outside.provider == "openai-compatible" else ""
    offered = models(outside.provider, server)
    assert [model.name for model in offered] == sorted(outside.fake.models)
    if outside.provider == "openai-compatible":
        assert offered[0].context_tokens == 32_768
    assert KEY in str(outside.fake.headers[-1])


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("denied", "refused"),
        ("down", "busy"),
        ("html", "bad_answer"),
        ("redirect", "bad_answer"),
        ("html_502", "not_reachable"),
    ],
)
def test_a_list_that_does_not_come_is_one_of_our_failures(
    outside: Outside, fault: str, code: str
) -> None:
    outside.fake.fault = fault
    with pytest.raises(ModelFailed) as caught:
        models(outside.provider, "lab" if outside.provider == "openai-compatible" else "")
    assert caught.value.code == code
    assert KEY not in f"{caught.value.message} {caught.value.hint} {caught.value.__cause__}"


@pytest.mark.parametrize("raw", [b"[]", b"{}", b'{"data": 3}', b"\xff", b""])
def test_a_list_that_is_none_is_a_bad_answer(lab: Outside, raw: bytes) -> None:
    lab.fake.raw, lab.fake.raw_type = raw, "application/json"
    with pytest.raises(ModelFailed) as caught:
        models("openai-compatible", "lab")
    assert caught.value.code == "bad_answer"


def test_lines_without_a_name_are_left_out_of_a_list(lab: Outside) -> None:
    lab.fake.raw, lab.fake.raw_type = b'{"data": [1, {}, null, {"id": "a"}]}', "application/json"
    assert [model.name for model in models("openai-compatible", "lab")] == ["a"]


def test_our_own_models_are_offered_too(home: Path) -> None:
    assert [model.name for model in models("embedded")] == ["quotes"]
    assert models("fake") == []
