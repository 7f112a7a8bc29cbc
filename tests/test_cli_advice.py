"""``ciclo metrics advise``: in words, as a document, with inputs of one's own."""

from tests.conftest import Run


def test_what_pays_is_told_with_the_calculation(ciclo: Run) -> None:
    told = ciclo("metrics", "advise")
    assert told.code == 0
    assert "Nothing can be said yet" in told.out
    assert "Fine-tuning: perhaps" in told.out
    assert "default of the plan" in told.out


def test_an_input_of_ones_own_counts(ciclo: Run) -> None:
    told = ciclo(
        "metrics", "advise", "--set", "conversations=100000", "--set", "hosting=880", "--json"
    )
    assert told.data["payback"]["saving"] == 500
    assert told.data["inputs"][0] == {
        "name": "conversations",
        "value": 100000,
        "default": 1000,
        "source": "own",
        "said": "your own; otherwise 1,000: default of the plan",
        "n": 0,
    }


def test_what_cannot_be_is_named(ciclo: Run) -> None:
    for given, named in (("share", "share"), ("share=2", "2"), ("volume=1", "volume")):
        told = ciclo("metrics", "advise", "--set", given)
        assert told.code == 2
        assert f"“{named}”" in told.err
