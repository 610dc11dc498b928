"""Linear models: weights summed, thresholds kept."""

import math

import pytest

from pipelines.demand.comparisons import PAIRS
from pipelines.demand.judging import ANSWERS, FLAGS, POSTS
from pipelines.demand.learnt.linear import LinearModel, linear_model

MODEL = LinearModel(
    {
        "labels": ["pain", "praise"],
        "bias": [-1000, 500],
        "enough": [250, -500],
        "weights": {"en:slow": [2000, -1000], "en:lovely": [-500, 3000], "score use": [100, 200]},
    }
)


def near(margins: dict[str, float]) -> dict[str, float]:
    return {label: round(value, 4) for label, value in margins.items()}


def test_weights_are_summed_over_the_bias() -> None:
    assert near(MODEL.margins(["en:slow", "en:lovely"])) == {"pain": 0.5, "praise": 2.5}


def test_what_stands_twice_counts_once() -> None:
    assert MODEL.margins(["en:slow"] * 5) == MODEL.margins(["en:slow"])


def test_values_weigh_their_features() -> None:
    assert near(MODEL.margins([], {"score use": 3.0})) == {"pain": -0.7, "praise": 1.1}


@pytest.mark.parametrize("there", [[], ["en:unheard"]])
def test_unknown_features_say_nothing(there: list[str]) -> None:
    assert near(MODEL.margins(there, {"score none": 2.0})) == {"pain": -1.0, "praise": 0.5}


def test_a_weight_is_what_a_feature_adds() -> None:
    assert MODEL.weight("en:lovely", "praise") == 3.0
    assert MODEL.weight("en:unheard", "praise") == 0.0
    assert MODEL.enough == {"pain": 0.25, "praise": -0.5}


def test_the_models_hold_what_is_asked_of_them() -> None:
    posts, pairs = linear_model(POSTS), linear_model(PAIRS)
    assert {*FLAGS, *ANSWERS, "barrier", "stage none", "barrier price"} <= set(posts.labels)
    assert set(pairs.labels) == {"BETTER", "WORSE", "NONE"}
    assert all(math.isfinite(value) for value in posts.margins(["en:slow"]).values())


def test_a_model_that_is_not_there_says_so() -> None:
    with pytest.raises(FileNotFoundError):
        linear_model("nowhere")
