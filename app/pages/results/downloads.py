"""Results as files: CSV that Excel reads, a workbook, and what every column means."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

import xlsxwriter
from litestar import get
from litestar.params import FromPath
from litestar.response import Response, Template

from app.pages.results.published import list_periods, read_period
from app.pages.results.rows import Document
from app.pages.results.words import level_name, measure_name, sort_measures
from app.rendering import _, page
from app.spreadsheets import Value, as_csv
from surveys.errors import NotFoundError

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FIGURE_COLUMNS = (
    "estimate", "lower", "upper", "unweighted", "se", "n", "item_response",
    "rank_low", "rank_high", "ranked", "flag",
)  # fmt: skip
SECOND_COLUMNS = ("estimate", "lower", "upper", "n")


@dataclass(frozen=True)
class Column:
    """A column of the file: its name, what it holds and in what unit."""

    name: str
    meaning: str
    unit: str


def columns() -> list[Column]:
    """The data dictionary, in the order of the columns."""
    points = _("0–100, làm tròn 2 chữ số")
    share = _("0–1, làm tròn 4 chữ số")
    count, words, code = _("số đếm"), _("chữ"), _("mã")
    return [
        Column("period", _("Kỳ công bố, ví dụ 2021-Q1."), code),
        Column("scope", _("agency: một cơ quan; level: cả một cấp; province: toàn tỉnh."), code),
        Column("agency_code", _("Mã cơ quan; trống ở dòng của một cấp hay toàn tỉnh."), code),
        Column("agency_name", _("Tên cơ quan trong kỳ đó."), words),
        Column("level", _("Cấp: province, district, commune hoặc central."), code),
        Column("level_name", _("Tên của cấp."), words),
        Column("parent_code", _("Mã cơ quan cấp trên, nếu có."), code),
        Column("dossiers", _("Số hồ sơ đã trả kết quả trong kỳ mà số liệu này đại diện."), count),
        Column(
            "response_rate",
            _("Số lượt đánh giá gắn với hồ sơ chia cho số hồ sơ đã trả kết quả."),
            share,
        ),
        Column("measure", _("Số liệu: index, overall_rating hoặc factor_…; không trộn vào nhau."),
               code),
        Column("measure_name", _("Tên của số liệu."), words),
        Column("published", _("1: được công bố; 0: không công bố, các ô số để trống."), "0/1"),
        Column("estimate", _("Tỷ lệ hài lòng đã gia quyền theo hồ sơ."), points),
        Column("lower", _("Đầu dưới của khoảng tin cậy 95%."), points),
        Column("upper", _("Đầu trên của khoảng tin cậy 95%."), points),
        Column("unweighted", _("Tỷ lệ hài lòng đếm thẳng, chưa gia quyền."), points),
        Column("se", _("Sai số chuẩn của estimate."), points),
        Column("n", _("Số lượt có câu trả lời hợp lệ cho số liệu này."), count),
        Column("item_response", _("Phần có câu trả lời hợp lệ trong số lượt được hỏi."), share),
        Column("rank_low", _("Hạng tốt nhất còn có thể; 1 là cao nhất."), count),
        Column("rank_high", _("Hạng thấp nhất còn có thể."), count),
        Column("ranked", _("Số cơ quan được xếp hạng."), count),
        Column("flag", _("Lưu ý về độ tin cậy; trống nếu không có."), code),
        Column(
            "unflagged_estimate",
            _("Như estimate, không tính các lượt bị cảnh báo; trống nếu có quá ít lượt như vậy."),
            points,
        ),
        Column("unflagged_lower", _("Đầu dưới của khoảng tin cậy của nó."), points),
        Column("unflagged_upper", _("Đầu trên của khoảng tin cậy của nó."), points),
        Column("unflagged_n", _("Số lượt còn lại khi không tính các lượt bị cảnh báo."), count),
    ]  # fmt: skip


def data_rows(document: Document) -> Iterator[dict[str, Value]]:
    """One row for each agency, level and the province × measure."""
    measures = _measures(document)
    for scope, part in _parts(document):
        level = part.get("level")
        for measure in measures:
            figure = (part.get("measures") or {}).get(measure)
            row: dict[str, Value] = {
                "period": document["period"],
                "scope": scope,
                "agency_code": part.get("code"),
                "agency_name": part.get("name"),
                "level": level,
                "level_name": level_name(level) if level else None,
                "parent_code": part.get("parent"),
                "dossiers": (figure or part).get("dossiers"),
                "response_rate": part.get("response_rate"),
                "measure": measure,
                "measure_name": measure_name(measure),
                "published": int(figure is not None),
            }
            second = (part.get("unflagged") or {}).get(measure) or {}
            row |= {name: (figure or {}).get(name) for name in FIGURE_COLUMNS}
            yield row | {f"unflagged_{name}": second.get(name) for name in SECOND_COLUMNS}


def as_workbook(document: Document) -> bytes:
    """Results and dictionary as an Excel file, numbers as numbers in any country's Excel."""
    target = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        bold = book.add_format({"bold": True})
        names = [column.name for column in columns()]
        data = book.add_worksheet(_("Kết quả"))
        data.write_row(0, 0, names, bold)
        for place, row in enumerate(data_rows(document), start=1):
            data.write_row(place, 0, [row[name] for name in names])
        data.freeze_panes(1, 0)
        data.autofilter(0, 0, place, len(names) - 1)
        data.set_column(3, 3, 40)
        words = book.add_worksheet(_("Từ điển dữ liệu"))
        words.write_row(0, 0, [_("Cột"), _("Ý nghĩa"), _("Đơn vị")], bold)
        for place, column in enumerate(columns(), start=1):
            words.write_row(place, 0, [column.name, column.meaning, column.unit])
        words.set_column(1, 1, 80)
    return target.getvalue()


async def download_file(name: str) -> Response[bytes]:
    """The file of this name: a period with -dictionary.csv, .csv or .xlsx behind it."""
    stem, _dot, kind = name.rpartition(".")
    period = stem.removesuffix("-dictionary")
    document = await read_period(period)
    if kind == "xlsx" and stem == period:
        return _attachment(as_workbook(document), WORKBOOK, f"sipas-{name}")
    if kind != "csv":
        raise NotFoundError(_("Chỉ có tệp .csv và .xlsx. Hãy chọn ở trang tải dữ liệu."))
    if stem == period:
        body = as_csv([column.name for column in columns()], data_rows(document))
    else:
        body = as_csv(["name", "meaning", "unit"], (vars(column) for column in columns()))
    return _attachment(body, "text/csv", f"sipas-{name}")


@get("/download", opt={"public": True}, include_in_schema=False)
async def show_downloads() -> Template:
    """List the files of every published period."""
    return page("results/downloads.html", periods=await list_periods())


@get("/download/dictionary", opt={"public": True}, include_in_schema=False)
async def show_dictionary() -> Template:
    """Say what every column of the files means."""
    return page("results/dictionary.html", columns=columns())


@get("/download/{name:str}", opt={"public": True}, include_in_schema=False)
async def download(name: FromPath[str]) -> Response[bytes]:
    """Hand over one file of a published period."""
    return await download_file(name)


def _parts(document: Document) -> Iterator[tuple[str, Document]]:
    yield "province", document["province"]
    for group in document["groups"]:
        yield "level", group
    for agency in document["agencies"]:
        yield "agency", agency


def _measures(document: Document) -> list[str]:
    return sort_measures(
        {name for _scope, part in _parts(document) for name in part.get("measures") or {}}
    )


def _attachment(body: bytes, media_type: str, name: str) -> Response[bytes]:
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type=media_type, headers=headers)
