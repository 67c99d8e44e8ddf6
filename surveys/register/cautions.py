"""What is odd about rows that may be written nevertheless."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from surveys.register.errors import N_, Sentence
from surveys.register.staging import ask

# More of one kind would hide the others.
_MOST: Final = 20


class Caution(msgspec.Struct, frozen=True):
    """A query for odd rows of `ready`, one sentence a row."""

    text: str
    query: str


_SHARES = Caution(
    N_(
        "Các phần của mã {code} ngày {day} cộng lại là {total}, nhỏ hơn 1; phần còn lại không"
        " được chuyển cho ai."
    ),
    """
    SELECT s.predecessor_code AS code, k.effective_date::text AS day,
        round(k.total::numeric, 4)::text AS total
    FROM share_total k JOIN ready r USING (predecessor, effective_date)
    JOIN stage s ON s.line = r.line
    WHERE k.total < 0.999999 GROUP BY 1, 2, 3 ORDER BY 1, 2
    """,
)
_FUTURE = Caution(
    N_("{rows} hồ sơ có ngày ở tương lai (trước hết là hàng {line}); hãy kiểm tra năm."),
    """
    SELECT count(*)::text AS rows, min(line)::text AS line FROM ready
    WHERE greatest(received_at, returned_at, closed_at) > now() + interval '1 day'
    HAVING count(*) > 0
    """,
)
_OUTSIDE = Caution(
    N_(
        "{rows} hồ sơ được trả kết quả khi cơ quan giải quyết không có hiệu lực (trước hết là"
        " hàng {line}); hãy kiểm tra mã cơ quan."
    ),
    """
    SELECT count(*)::text AS rows, min(r.line)::text AS line
    FROM ready r JOIN agency a ON a.id = r.agency
    WHERE (r.returned_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date < a.valid_from
    OR (r.returned_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date >= a.valid_to
    HAVING count(*) > 0
    """,
)
_TAKEN_BACK = Caution(
    N_(
        "{rows} hồ sơ đã ghi là đã trả kết quả nay không còn ngày trả (trước hết là hàng {line});"
        " hãy kiểm tra cột ngày trả kết quả."
    ),
    """
    SELECT count(*)::text AS rows, min(r.line)::text AS line
    FROM ready r JOIN changed c USING (line) JOIN dossier d ON d.id = c.id
    WHERE d.returned_at IS NOT NULL AND r.returned_at IS NULL HAVING count(*) > 0
    """,
)
_CAUTIONS: Final[Mapping[str, tuple[Caution, ...]]] = {
    "unit-successions": (_SHARES,),
    "agency-successions": (_SHARES,),
    "dossiers": (_FUTURE, _OUTSIDE, _TAKEN_BACK),
}


async def find_cautions(connection: Any, kind: str) -> list[Sentence]:
    """Sentences about odd rows among those that will be written."""
    return [
        Sentence(caution.text, dict(row))
        for caution in _CAUTIONS.get(kind, ())
        for row in await ask(connection, f"{caution.query} LIMIT {_MOST}")
    ]
