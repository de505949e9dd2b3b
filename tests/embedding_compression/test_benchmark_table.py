"""What benchmarks/embedding_compression.py says of its rows."""

import pytest

from tests.source_tree import benchmark_script


@pytest.fixture(scope="module")
def script():
    with benchmark_script("embedding_compression_table") as script:
        yield script


def row(perplexity, **glue):
    scores = {task: list(values) for task, values in glue.items()}
    return {"rank": 4, "perplexity": perplexity, "cosine_distance": 0.25, "l2": 0.5, "glue": scores}


def rows(first, second):
    return {
        "original": row(10.0, A=[0.9, 0.7], B=[0.5]),
        "2.5-svd-0": row(40.0, A=[0.6, 0.6], B=[0.5]),
        "2.5-cosine-0": row(first, A=[0.8, 0.6], B=[0.4]),
        "2.5-cosine-1": row(second),
    }


@pytest.mark.parametrize(
    ("first", "second", "verdict"),
    [
        (20.0, 40.0, "lower than SVD's with some seeds, higher with others (0.75 times)"),
        (10.0, 30.0, "lower than SVD's with every seed (0.50 times)"),
        (50.0, 70.0, "higher than SVD's with every seed (1.50 times)"),
    ],
)
def test_the_verdict_follows_from_the_rows(script, first, second, verdict):
    text = script.table(rows(first, second))
    assert f"Ratio 2.5: the perplexity of the cosine loss is {verdict}; GLUE" in text
    assert "+0.0 points on average, better on 1 of 2 tasks." in text  # 70 and 40, 60 and 50


def test_rows_by_hand(script):
    lines = script.table(rows(20.0, 40.0)).split("\n")
    assert lines[0].endswith("| cosine distance | L2 | A | B | average |")
    assert lines[2] == "| 1 |  | the whole table |  | 10.0 | 0 | 0 | 80.0 ± 14.1 | 50.0 | 65.0 |"
    own = "| 2.5 | 4 | autoencoder, cosine loss | 2 | 30.0 ± 14.1 | 0.250 | 0.500 |"
    assert lines[3] == f"{own} 70.0 ± 14.1 | 40.0 | 55.0 |"
    assert lines[4].startswith("| 2.5 | 4 | SVD | 1 | 40.0 | 0.250")


def test_wnli_stands_in_no_average(script):
    scored = {"original": row(10.0, A=[0.9], WNLI=[0.1])}
    assert script.table(scored).split("\n")[2].endswith("| 90.0 | 10.0 | 90.0 |")


def test_a_row_without_all_tasks_is_not_compared(script):
    partial = rows(20.0, 40.0)
    del partial["2.5-svd-0"]["glue"]["B"]
    text = script.table(partial)
    assert "GLUE" not in text
    assert "| 70.0 ± 14.1 | 40.0 | 55.0 |" in text
