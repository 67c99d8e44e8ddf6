"""The words on a chart: Vietnamese unless a page passes the English ones or its own."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """Every text that a chart adds by itself."""

    decimal: str = ","
    thousands: str = "."
    weighted: str = "Có trọng số"
    unweighted: str = "Không trọng số"
    interval: str = "Khoảng tin cậy 95 %"
    reference: str = "Chung"
    withheld: str = "không công bố"
    rank_set: str = "Các thứ hạng có thể"
    rank_point: str = "Thứ hạng theo ước lượng"
    better: str = "Hài lòng trở lên"
    before: str = "Trước khi cân"
    after: str = "Sau khi cân"
    target: str = "Tổng thể"
    weight_axis: str = "Trọng số so với trung bình"
    weight_facts: str = (
        "Cỡ mẫu hiệu dụng {effective} trên {count} phiếu. Trọng số lớn nhất bằng {largest} lần "
        "trung bình; 1 % phiếu nặng nhất giữ {top} tổng trọng số."
    )
    count_axis: str = "Số phiếu"
    mean: str = "Trung bình"
    propensity_axis: str = "Xác suất tham gia ước lượng"
    volunteers: str = "Người tự nguyện đánh giá"
    population: str = "Tổng thể (mẫu xác suất)"
    without_overlap: str = "Không có người tự nguyện tương tự"
    importance: str = "Mức ảnh hưởng"
    performance: str = "Mức hài lòng"
    improve_first: str = "Cần cải thiện trước"
    keep_up: str = "Tiếp tục phát huy"
    watch: str = "Theo dõi"
    maintain: str = "Duy trì"

    def number(self, value: float, decimals: int = 1) -> str:
        """A number as it is written on the chart."""
        swap = str.maketrans({",": self.thousands, ".": self.decimal, "-": "−"})
        return f"{value:,.{decimals}f}".translate(swap)

    def percent(self, share: float, decimals: int = 0) -> str:
        """A share from 0 to 1 as a percentage."""
        return f"{self.number(100 * share, decimals)} %"


VIETNAMESE = Words()
ENGLISH = Words(
    decimal=".",
    thousands=",",
    weighted="Weighted",
    unweighted="Unweighted",
    interval="95 % interval",
    reference="All",
    withheld="not published",
    rank_set="Possible ranks",
    rank_point="Rank by the estimate",
    better="Satisfied or better",
    before="Before weighting",
    after="After weighting",
    target="Population",
    weight_axis="Weight against the mean",
    weight_facts=(
        "Effective size {effective} of {count} answers. The largest weight is {largest} times the "
        "mean; the heaviest 1 % hold {top} of the total weight."
    ),
    count_axis="Number of answers",
    mean="Mean",
    propensity_axis="Estimated probability of taking part",
    volunteers="Volunteers",
    population="Population (probability sample)",
    without_overlap="No volunteers like these",
    importance="Importance",
    performance="Satisfied",
    improve_first="Improve first",
    keep_up="Keep up",
    watch="Watch",
    maintain="Maintain",
)
