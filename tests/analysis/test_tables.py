import polars as pl

from analysis.tables import to_markdown


def test_numbers_stand_right_and_gaps_stay_empty() -> None:
    frame = pl.DataFrame(
        {
            "agency": ["Bến Gỗ", "A|B"],
            "index": [83.94, None],
            "n": [1200, 7],
            "df": [27.0, float("nan")],
        }
    )
    assert to_markdown(frame).splitlines() == [
        "| agency | index |    n |  df |",
        "| ------ | ----: | ---: | --: |",
        r"| Bến Gỗ |  83.9 | 1200 |  27 |",
        r"| A\|B   |       |    7 |     |",
    ]


def test_decimals_are_those_asked_for() -> None:
    assert "1,234.57" in to_markdown(pl.DataFrame({"x": [1234.567]}), decimals=2)


def test_an_empty_table_keeps_its_head() -> None:
    empty = pl.DataFrame(schema={"agency": pl.String, "n": pl.Int64})
    assert to_markdown(empty) == "| agency | n   |\n| ------ | --: |".replace("n  ", "  n")
