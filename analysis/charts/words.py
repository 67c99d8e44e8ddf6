"""The words on a chart; the Vietnamese ones are the default, a page may pass its own."""

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
