"""The recommendation bench on a cinema of our own: what a case is, and that figures follow what a model knows."""

from __future__ import annotations

import json

import pytest

from bench.recommend import CANDIDATES, Case, Films, by_model, listing, score
from bench.recommend_models import guessing, knowing, leaning, repeating
from errors import LLMUnavailable
from llm.scripted import ScriptedLLM

USERS = 60
FILMS = 80


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Films:
    """Sixty users who liked films n to n + 5 and disliked film n + 6; behind the split they disliked film n + 7 first."""
    folder = tmp_path_factory.mktemp("interactions")
    items = ({"id": str(n), "title": f"Film {n:02}", "genres": [f"genre {n // 9}"]} for n in range(FILMS))
    (folder / "movielens_small_items.jsonl").write_text("".join(json.dumps(item) + "\n" for item in items))
    head = "user\titem\trating\ttimestamp\n"
    before = (f"{u}\t{u + n}\t{5 if n < 6 else 2}\t{100 - n}\n" for u in range(1, USERS + 1) for n in range(7))
    after = (f"{u}\t{u + n}\t{1 if n == 7 else 4}\t{200 + n}\n" for u in range(1, USERS + 1) for n in (8, 9, 7))
    (folder / "movielens_small_train.open.tsv").write_text(head + "".join(before))
    (folder / "movielens_small_valid.open.tsv").write_text(head + "".join(after))
    return Films.read(folder)


def test_a_case_is_what_was_liked_in_time_order_and_what_was_liked_next(films: Films) -> None:
    case = next(case for case in films.cases(0, "uniform") if case.id == "0/3")
    assert case.history == ("8", "7", "6", "5", "4", "3")
    assert case.target == "11"
    assert len(set(case.candidates)) == CANDIDATES
    assert set(case.candidates) & {str(3 + n) for n in range(10)} == {"11"}, "the others were rated nowhere"


def test_cases_are_drawn_by_seed_and_the_target_stands_anywhere(films: Films) -> None:
    cases = films.cases(1, "popularity")
    assert cases == films.cases(1, "popularity") != films.cases(2, "popularity")
    places = [case.candidates.index(case.target) for case in cases]
    assert len(set(places)) > CANDIDATES // 2
    taken = {item for liked in films.liked.values() for item in liked}
    assert {item for case in cases for item in case.candidates if item != case.target} <= taken


def test_figures_of_an_order() -> None:
    cases = [Case("a", ("x",), "t", ("t", "b", "c")), Case("b", ("x",), "t", ("a", "b", "t"))]
    row = score(cases, [(0, 1, 2), (0, 1, 2)])
    assert {name: round(value, 4) for name, value in row.items()} == {
        "R@1": 0.5, "R@5": 1.0, "R@10": 1.0, "nDCG@10": 0.75, "se": 0.1768,
    }  # fmt: skip


def test_what_a_model_knows_is_what_it_scores(films: Films) -> None:
    cases = films.cases(0, "uniform")

    def figure(name: str, rounds: int) -> dict[str, float]:
        model = {
            "knows": lambda case: knowing(films.titles[case.target]),
            "guesses": lambda case: guessing(case.id),
            "repeats": lambda case: repeating(),
            "leans": lambda case: leaning(films.titles[case.target], case.id),
        }[name]
        return by_model(films, cases, model, "recency", rounds, at_once=2)

    knows, guesses, repeats = figure("knows", 1), figure("guesses", 1), figure("repeats", 1)
    assert (knows["R@1"], knows["nDCG@10"], knows["numbered"], knows["failed"]) == (1.0, 1.0, 1.0, 0)
    assert guesses["nDCG@10"] < 0.4 > repeats["nDCG@10"], "the mean of a guess is .227"
    assert abs(guesses["listing"]) < 0.2
    assert repeats["listing"] == 1.0
    assert figure("leans", 5)["nDCG@10"] > figure("leans", 1)["nDCG@10"] + 0.05, "rounds mend a lean"


def test_a_model_that_is_away_leaves_the_list(films: Films) -> None:
    cases = films.cases(0, "uniform")[:4]
    away = by_model(films, cases, lambda case: ScriptedLLM({"recommend": [LLMUnavailable("away")]}), "sequential", 1, 1)
    assert (away["failed"], away["numbered"]) == (4, 0.0)
    assert {name: away[name] for name in ("R@1", "nDCG@10")} == {
        name: value for name, value in score(cases, [range(CANDIDATES)] * 4).items() if name in ("R@1", "nDCG@10")
    }


@pytest.mark.parametrize(("answered", "figure"), [((4, 2, 7), 1.0), ((7, 2, 4), -1.0), ((7, 4), -1.0)])
def test_listing_is_the_correlation_with_the_order_shown(answered: tuple[int, ...], figure: float) -> None:
    assert listing(answered, (4, 9, 2, 7)) == figure
