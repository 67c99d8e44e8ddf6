"""Examples that the documentation of the JSON interface shows."""

from typing import Any, Final

FIGURE: Final[dict[str, Any]] = {
    "estimate": 83.94,
    "lower": 80.1,
    "upper": 87.0,
    "unweighted": 85.1,
    "se": 1.76,
    "n": 383,
    "dossiers": 1234,
    "item_response": 0.97,
    "rank_low": 3,
    "rank_high": 9,
    "ranked": 150,
    "flag": "",
}

UNRANKED: Final[dict[str, Any]] = FIGURE | {"rank_low": None, "rank_high": None, "ranked": None}

ONE_AGENCY: Final[dict[str, Any]] = {
    "code": "KH-STP",
    "name": "Sở Tư pháp",
    "level": "province",
    "parent": None,
    "dossiers": 1234,
    "hidden": False,
    "response_rate": 0.3104,
    "measures": {"index": FIGURE, "factor_access": None},
}

HIDDEN_AGENCY: Final[dict[str, Any]] = {
    "code": "KH-X017",
    "name": "UBND xã Sơn Thái",
    "level": "commune",
    "parent": None,
    "dossiers": None,
    "hidden": True,
    "response_rate": None,
    "measures": {"index": None, "factor_access": None},
}

NOTICE: Final[dict[str, Any]] = {
    "kind": "corrected",
    "text": "Kết quả của kỳ này đã được tính lại và thay thế.",
    "at": "2021-05-03T02:00:00+00:00",
}

_RUN: Final = "6f8bd3c8-6c60-4a0e-9f2c-3f1d2f6c7a10"
_DAYS: Final = {"period": "2021-Q1", "first": "2021-01-01", "last": "2021-03-31"}
_PUBLISHED: Final = "2021-04-20T02:00:00+00:00"
_ALL: Final = {"agencies": 164, "shown": 150, "dossiers": 113375, "measures": {"index": UNRANKED}}

PERIODS: Final[dict[str, Any]] = {
    "periods": [
        _DAYS
        | {
            "questionnaire": "counter",
            "state": "published",
            "run": _RUN,
            "published_at": _PUBLISHED,
        }
    ]
}

PERIOD: Final[dict[str, Any]] = _DAYS | {
    "run": _RUN,
    "published_at": _PUBLISHED,
    "withdrawn": False,
    "simulated": True,
    "notices": [NOTICE],
    "questionnaire": {"key": "counter", "version": 1},
    "recipe": {"aggregation": "pooled_answers", "satisfied_from": 4, "version": "1"},
    "input_hash": "b3c1" * 16,
    "code_version": "0.1.0",
    "minimum": 10,
    "province": _ALL,
    "groups": [{"level": "province"} | _ALL],
    "agencies": [ONE_AGENCY, HIDDEN_AGENCY],
    "unlinked": [
        {
            "agency": "KH-STP",
            "ratings": 42,
            "estimate": 81.3,
            "lower": 70.2,
            "upper": 89.0,
            "days": 17,
        }
    ],
}

AGENCY: Final[dict[str, Any]] = {
    "period": "2021-Q1",
    "simulated": True,
    "notices": [],
    "agency": ONE_AGENCY,
    "trend": [
        _DAYS
        | {
            "agencies": ["KH-STP"],
            "combined": False,
            "estimated": False,
            "assumed": False,
            "breaks": [],
            "dossiers": 1234,
            "measures": {"index": FIGURE},
        }
    ],
}
