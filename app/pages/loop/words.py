"""What the figures of cases are called, and the definition that stands under each."""

from typing import Any

from litestar import Response

from app.loops import LoopTable, csv_rows, ratio_rows
from app.rendering import _
from app.spreadsheets import as_csv
from surveys.errors import NotFoundError

COLUMNS = ("period", "agency_code", "agency_name", "measure", "count", "n", "estimate", "lower", "upper")  # fmt: skip
RATIO_COLUMNS = ("period", "agency_code", "agency_name", "ratio", "total", "lower", "upper")
# In a file's name, what follows the period: the three ratios never stand beside the shares.
RATIOS = "-qd766"


def measure_names() -> dict[str, str]:
    """Names of the figures, in the order in which they are shown."""
    return {
        "in_time": _("Trả lời đúng hạn"),
        "settled": _("Người gửi xác nhận thỏa đáng"),
        "reopened": _("Người gửi mở lại"),
        "made": _("Đã thay đổi cách làm"),
        "planned": _("Hứa thay đổi"),
        "transferred": _("Chuyển cơ quan khác"),
    }


def definitions() -> dict[str, str]:
    """What is divided by what."""
    return {
        "in_time": _(
            "Vụ việc mà mọi lần phải trả lời đều không quá hạn, chia cho mọi vụ việc đã xong hoặc"
            " đã quá hạn. Thông báo không tiếp nhận cũng là xong. Người gửi mở lại, hoặc câu trả"
            " lời bị trả lại, thì lần trả lời sau cũng phải đúng hạn. Vụ còn trong hạn và vụ chuyển"
            " đi trong hạn không tính."
        ),
        "settled": _(
            "Vụ việc mà lời cuối của người gửi là «thỏa đáng», chia cho các vụ đã trả lời mà người"
            " gửi đã nói hoặc đã hết thời gian nói, và các vụ không được tiếp nhận mà người gửi mở"
            " lại. Im lặng không tính là thỏa đáng."
        ),
        "reopened": _(
            "Vụ việc mà người gửi nói «chưa thỏa đáng» ít nhất một lần, kể cả khi không được tiếp"
            " nhận; cùng mẫu số."
        ),
        "made": _("Câu trả lời cho biết đã thay đổi điều gì, chia cho mọi vụ đã trả lời."),
        "planned": _("Câu trả lời cho biết sẽ thay đổi điều gì, chia cho mọi vụ đã trả lời."),
        "transferred": _("Vụ việc chuyển đi vì không thuộc thẩm quyền, chia cho mọi vụ đã nhận."),
        "minutes": _(
            "Trung vị giờ làm việc từ khi nhận đến khi trả lời, không kể lúc chờ người gửi bổ sung:"
            " một nửa số vụ nhanh hơn, một nửa chậm hơn."
        ),
    }


def ratio_names() -> dict[str, tuple[str, str]]:
    """The three ratios of Decision 766 with their formulas."""
    return {
        "in_time": (
            _("Xử lý phản ánh, kiến nghị đúng hạn"),
            _("xử lý đúng hoặc trước hạn ÷ tổng số đã xong hoặc quá hạn"),
        ),
        "content": (
            _("Hài lòng về xử lý phản ánh, kiến nghị"),
            _("(tổng số − không hài lòng, mở lại hoặc quá hạn) ÷ tổng số"),
        ),
        "dossiers": (
            _("Hài lòng về giải quyết thủ tục hành chính"),
            _("(tổng hồ sơ − hồ sơ không hài lòng, có phản ánh hoặc quá hạn) ÷ tổng hồ sơ"),
        ),
    }


def describe(table: LoopTable) -> dict[str, Any]:
    """What both pages show of a table."""
    return {
        "table": table,
        "names": measure_names(),
        "definitions": definitions(),
        "ratio_names": ratio_names(),
    }


def read_name(name: str) -> str:
    """The name of a file without its ending; raises NotFoundError for another kind of file."""
    if not name.endswith(".csv"):
        raise NotFoundError(_("Không có tệp nào như vậy."))
    return name.removesuffix(".csv")


def as_file(table: LoopTable, name: str) -> Response[bytes]:
    """The file of this name: figures, or the three ratios."""
    if name.endswith(RATIOS):
        body = as_csv(RATIO_COLUMNS, ratio_rows(table))
    else:
        body = as_csv(COLUMNS, csv_rows(table))
    headers = {"content-disposition": f'attachment; filename="sipas-phan-anh-{name}.csv"'}
    return Response(body, media_type="text/csv", headers=headers)
