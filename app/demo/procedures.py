"""Administrative procedures of the demo: real names of common ones, codes of our own."""

from typing import NamedTuple

import polars as pl

OLD = "old"
"""Up to 30 June 2025."""
BOTH = "both"

FIELDS = {
    "DAU-TU": "Đầu tư",
    "DAT-DAI": "Đất đai",
    "XAY-DUNG": "Xây dựng",
    "DOANH-NGHIEP": "Đăng ký doanh nghiệp",
    "HO-KINH-DOANH": "Đăng ký hộ kinh doanh",
    "LY-LICH-TU-PHAP": "Lý lịch tư pháp",
    "CHUNG-THUC": "Chứng thực",
    "HO-TICH": "Hộ tịch",
    "GIAO-THONG": "Giao thông vận tải",
    "LAO-DONG": "Lao động, người có công",
    "BAO-TRO": "Bảo trợ xã hội",
    "Y-TE": "Y tế, dược",
    "CONG-THUONG": "Công thương",
    "NONG-NGHIEP": "Nông nghiệp",
    "VAN-HOA": "Văn hóa, thể thao",
    "DU-LICH": "Du lịch",
    "GIAO-DUC": "Giáo dục và đào tạo",
    "KHOA-HOC": "Khoa học và công nghệ",
    "THONG-TIN": "Thông tin và truyền thông",
    "NOI-VU": "Thi đua, khen thưởng",
    "TAI-CHINH": "Tài chính",
    "NGOAI-VU": "Ngoại vụ",
    "DAN-TOC": "Dân tộc",
}


class Procedure(NamedTuple):
    """A procedure, the office of 2021 that handles it, and assumed figures of a quarter."""

    code: str
    name: str
    field: str
    level: str
    working_days: int
    weight: float
    """Results handed over in a quarter of 2021, roughly."""
    online: float
    """How readily people hand it in online, as odds beside the others."""
    office: str = ""
    era: str = BOTH


P = Procedure
PROVINCE, DISTRICT, COMMUNE = "province", "district", "commune"

# fmt: off
PROVINCIAL = (
    P("DT-01", "Cấp giấy chứng nhận đăng ký đầu tư", "DAU-TU", PROVINCE, 15, 60, 3, "SKHDT"),
    P("DT-02", "Điều chỉnh giấy chứng nhận đăng ký đầu tư", "DAU-TU", PROVINCE, 10, 50, 3,
      "SKHDT"),
    P("DT-03", "Cấp giấy chứng nhận đăng ký đầu tư trong khu kinh tế", "DAU-TU", PROVINCE, 15,
      42, 3, "BQLVP"),
    P("DD-01", "Đăng ký, cấp giấy chứng nhận quyền sử dụng đất cho tổ chức", "DAT-DAI",
      PROVINCE, 20, 500, 0.5, "STNMT"),
    P("DD-02", "Đăng ký biến động đất đai do chuyển nhượng, tặng cho, thừa kế", "DAT-DAI",
      PROVINCE, 10, 5200, 1.2, "STNMT"),
    P("DD-03", "Đăng ký biện pháp bảo đảm bằng quyền sử dụng đất", "DAT-DAI", PROVINCE, 1, 3400,
      3, "STNMT"),
    P("DD-04", "Xóa đăng ký biện pháp bảo đảm", "DAT-DAI", PROVINCE, 1, 1900, 3, "STNMT"),
    P("XD-01", "Cấp giấy phép xây dựng công trình", "XAY-DUNG", PROVINCE, 20, 150, 2, "SXD"),
    P("XD-02", "Thẩm định thiết kế xây dựng", "XAY-DUNG", PROVINCE, 20, 120, 2, "SXD"),
    P("XD-03", "Cấp chứng chỉ hành nghề hoạt động xây dựng", "XAY-DUNG", PROVINCE, 20, 330, 4,
      "SXD"),
    P("DN-01", "Đăng ký thành lập doanh nghiệp", "DOANH-NGHIEP", PROVINCE, 3, 950, 30, "SKHDT"),
    P("DN-02", "Đăng ký thay đổi nội dung đăng ký doanh nghiệp", "DOANH-NGHIEP", PROVINCE, 3,
      1900, 30, "SKHDT"),
    P("DN-03", "Thông báo tạm ngừng kinh doanh", "DOANH-NGHIEP", PROVINCE, 3, 650, 30, "SKHDT"),
    P("DN-04", "Đăng ký giải thể doanh nghiệp", "DOANH-NGHIEP", PROVINCE, 5, 200, 15, "SKHDT"),
    P("TP-01", "Cấp phiếu lý lịch tư pháp số 1", "LY-LICH-TU-PHAP", PROVINCE, 10, 2000, 4, "STP",
      OLD),
    P("TP-02", "Cấp phiếu lý lịch tư pháp số 2", "LY-LICH-TU-PHAP", PROVINCE, 10, 300, 4, "STP",
      OLD),
    P("HT-01", "Cấp bản sao trích lục hộ tịch", "HO-TICH", PROVINCE, 1, 25, 2, "STP"),
    P("GT-01", "Đổi giấy phép lái xe", "GIAO-THONG", PROVINCE, 5, 4600, 3, "SGTVT", OLD),
    P("GT-02", "Cấp phù hiệu xe kinh doanh vận tải", "GIAO-THONG", PROVINCE, 2, 850, 6,
      "SGTVT"),
    P("LD-01", "Cấp giấy phép lao động cho người nước ngoài", "LAO-DONG", PROVINCE, 5, 350, 5,
      "SLDTBXH"),
    P("LD-02", "Giải quyết chế độ đối với người có công", "LAO-DONG", PROVINCE, 15, 450, 0.3,
      "SLDTBXH"),
    P("YT-01", "Cấp chứng chỉ hành nghề khám bệnh, chữa bệnh", "Y-TE", PROVINCE, 30, 260, 2,
      "SYT"),
    P("YT-02", "Cấp giấy chứng nhận đủ điều kiện kinh doanh dược", "Y-TE", PROVINCE, 20, 190, 2,
      "SYT"),
    P("CT-01", "Thông báo thực hiện khuyến mại", "CONG-THUONG", PROVINCE, 1, 900, 40, "SCT"),
    P("CT-02", "Cấp giấy phép bán buôn rượu", "CONG-THUONG", PROVINCE, 10, 40, 3, "SCT"),
    P("NN-01", "Cấp giấy chứng nhận kiểm dịch động vật", "NONG-NGHIEP", PROVINCE, 1, 600, 0.5,
      "SNNPTNT"),
    P("NN-02", "Cấp giấy chứng nhận đăng ký tàu cá", "NONG-NGHIEP", PROVINCE, 3, 190, 0.4,
      "SNNPTNT"),
    P("VH-01", "Tiếp nhận thông báo sản phẩm quảng cáo", "VAN-HOA", PROVINCE, 5, 100, 3,
      "SVHTT"),
    P("DL-01", "Cấp thẻ hướng dẫn viên du lịch", "DU-LICH", PROVINCE, 10, 110, 4, "SDL"),
    P("GD-01", "Cấp bản sao văn bằng, chứng chỉ từ sổ gốc", "GIAO-DUC", PROVINCE, 1, 240, 2,
      "SGDDT"),
    P("KC-01", "Cấp giấy phép tiến hành công việc bức xạ", "KHOA-HOC", PROVINCE, 25, 24, 3,
      "SKHCN"),
    P("TT-01", "Cấp giấy phép xuất bản tài liệu không kinh doanh", "THONG-TIN", PROVINCE, 10, 45,
      4, "STTTT"),
    P("NV-01", "Tặng bằng khen của Chủ tịch Ủy ban nhân dân tỉnh", "NOI-VU", PROVINCE, 25, 110,
      2, "SNV"),
    P("TC-01", "Cấp mã số đơn vị có quan hệ với ngân sách", "TAI-CHINH", PROVINCE, 2, 150, 30,
      "STC"),
    P("NG-01", "Cho phép sử dụng thẻ đi lại của doanh nhân APEC", "NGOAI-VU", PROVINCE, 10, 40,
      2, "SNGV"),
    P("DA-01", "Công nhận người có uy tín trong đồng bào dân tộc thiểu số", "DAN-TOC", PROVINCE,
      15, 14, 0.2, "BDT"),
)

DISTRICT_LEVEL = (
    P("DD-11", "Cấp giấy chứng nhận quyền sử dụng đất lần đầu", "DAT-DAI", DISTRICT, 30, 1400,
      0.3),
    P("DD-12", "Chuyển mục đích sử dụng đất", "DAT-DAI", DISTRICT, 15, 1800, 0.5),
    P("DD-13", "Tách thửa, hợp thửa đất", "DAT-DAI", DISTRICT, 15, 2200, 0.5),
    P("DD-14", "Đính chính giấy chứng nhận đã cấp", "DAT-DAI", DISTRICT, 10, 900, 0.5),
    P("XD-11", "Cấp giấy phép xây dựng nhà ở riêng lẻ", "XAY-DUNG", DISTRICT, 15, 1500, 3),
    P("HK-11", "Đăng ký thành lập hộ kinh doanh", "HO-KINH-DOANH", DISTRICT, 3, 780, 8),
    P("HK-12", "Đăng ký chấm dứt hoạt động hộ kinh doanh", "HO-KINH-DOANH", DISTRICT, 3, 200, 6),
    P("HT-11", "Thay đổi, cải chính, bổ sung thông tin hộ tịch", "HO-TICH", DISTRICT, 3, 330, 2),
    P("HT-12", "Đăng ký kết hôn có yếu tố nước ngoài", "HO-TICH", DISTRICT, 15, 60, 0.5),
    P("CH-11", "Chứng thực bản sao từ bản chính giấy tờ nước ngoài", "CHUNG-THUC", DISTRICT, 0,
      430, 0.01),
    P("CH-12", "Chứng thực chữ ký người dịch", "CHUNG-THUC", DISTRICT, 1, 260, 0.01),
    P("BT-11", "Quyết định trợ cấp xã hội hằng tháng", "BAO-TRO", DISTRICT, 10, 340, 0.3),
    P("GD-11", "Cho phép cơ sở giáo dục mầm non hoạt động", "GIAO-DUC", DISTRICT, 15, 45, 1),
    P("VH-11", "Cấp giấy phép kinh doanh dịch vụ karaoke", "VAN-HOA", DISTRICT, 5, 16, 1),
)

COMMUNE_LEVEL = (
    P("CH-21", "Chứng thực bản sao từ bản chính", "CHUNG-THUC", COMMUNE, 0, 33500, 0.05),
    P("CH-22", "Chứng thực chữ ký", "CHUNG-THUC", COMMUNE, 0, 8800, 0.05),
    P("CH-23", "Chứng thực hợp đồng, giao dịch về tài sản", "CHUNG-THUC", COMMUNE, 2, 3600, 0.1),
    P("HT-21", "Đăng ký khai sinh", "HO-TICH", COMMUNE, 1, 4700, 6),
    P("HT-22", "Đăng ký kết hôn", "HO-TICH", COMMUNE, 1, 1700, 3),
    P("HT-23", "Đăng ký khai tử", "HO-TICH", COMMUNE, 1, 1600, 3),
    P("HT-24", "Cấp giấy xác nhận tình trạng hôn nhân", "HO-TICH", COMMUNE, 3, 5900, 6),
    P("HT-25", "Cấp bản sao trích lục hộ tịch", "HO-TICH", COMMUNE, 1, 3600, 5),
    P("DD-21", "Xác nhận hồ sơ đăng ký đất đai tại cấp xã", "DAT-DAI", COMMUNE, 10, 5700, 0.3),
    P("DD-22", "Xác nhận tình trạng sử dụng đất", "DAT-DAI", COMMUNE, 3, 1000, 0.5),
    P("DD-23", "Hòa giải tranh chấp đất đai", "DAT-DAI", COMMUNE, 30, 300, 0.05),
    P("BT-21", "Trợ cấp xã hội hằng tháng", "BAO-TRO", COMMUNE, 7, 1300, 0.3),
    P("BT-22", "Xác định mức độ khuyết tật", "BAO-TRO", COMMUNE, 15, 850, 0.2),
    P("BT-23", "Hỗ trợ chi phí mai táng", "BAO-TRO", COMMUNE, 3, 600, 0.4),
    P("LD-21", "Xác nhận hồ sơ người có công", "LAO-DONG", COMMUNE, 5, 1500, 0.3),
    P("NN-21", "Đăng ký kê khai chăn nuôi", "NONG-NGHIEP", COMMUNE, 5, 420, 0.3),
)
# fmt: on


def list_procedures() -> pl.DataFrame:
    """Procedures with the columns of procedures.csv and the assumed figures of the demo.

    Districts ended on 1 July 2025; what they did stands once more at the level of communes,
    with the code's ending X and the era `new`: an assumption.
    """
    then = [row._replace(era=OLD) for row in DISTRICT_LEVEL]
    heirs = [row._replace(code=f"{row.code}X", level=COMMUNE, era="new") for row in then]
    rows = [*PROVINCIAL, *then, *COMMUNE_LEVEL, *heirs]
    frame = pl.DataFrame(rows, schema=list(Procedure._fields), orient="row")
    return frame.with_columns(
        code=pl.format("DEMO-{}", "code"),
        field_name=pl.col("field").replace_strict(FIELDS),
        weight=pl.col("weight").cast(pl.Float64),
    ).rename({"field": "field_code"})
