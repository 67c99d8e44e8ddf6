"""Every way in which people write a number, in every sentence that they put it in."""

import pytest

from analysis.texts.personal import find_personal

PHONES = """0912345678|0912 345 678|0912.345.678|091 234 5678|09 1234 5678|(0912) 345 678|+84912345678
+84 912 345 678|+84(0)912345678|84 912345678|0084912345678|0258 3822 229|(0258)3822229|024.3825.1234
0912_345_678|0912,345,678|0912 – 345 – 678|O912345678|o9123456l8|０９１２３４５６７８|0 9 1 2 3 4 5 6 7 8
0912*345*678|0912...345...678|0911.222.333/0988.777.666|không chín một hai ba bốn năm sáu bảy tám
ko chin mot hai ba bon nam sau bay tam|o chin tam hai ba bon nam sau bay tam|không chín 12 345 678
không-chín-một-hai-ba-bốn-năm-sáu-bảy-tám|không chín một, hai ba bốn, năm sáu bảy, tám
không chín tám tám, ba số bảy, ba số sáu|0 chín 1 hai 3 bốn 5 sáu 7 tám
0912'345'678|0912=345=678|0912+345+678|0912→345→678|0912"345"678|[0912][345][678]|0912 / 345 / 678|0912/345678
0;9;1;2;3;4;5;6;7;8|0<9>1<2>3<4>5<6>7<8>|0️⃣9️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣|+84=912=345=678|0258=3822=111"""
# Their own signs are those by which the lists here are cut.
PARTED = ("0|9|1|2|3|4|5|6|7|8", "0|2|5|8|3|8|2|2|1|1|1", "0912|345|678", "0912\n345\n678",
          "0912\n345 678", "0912\r\n345678", "09\n12\n34\n56\n78")  # fmt: skip
PAPERS = """056190001234|056 190 001 234|0561 9000 1234|056.190.001.234|056 1 90 001234|05 6190 001234
056190 001234|225123456|225 123 456|225.123.456|B1234567|C 1234567
không năm sáu một chín không không không một hai ba bốn"""
PLATES = """79A-123.45|79A-12345|79A12345|79A 123.45|79a12345|79-A1 123.45|79A1 12345|79A1-1234|79H1.123.45
79 - A - 123.45|79LD-123.45|79AA 12345|79MĐ1-12345|80-123-NG-01|TM-12-34|79A 123 45|79A_12345"""
MAILS = """an.nguyen@gmail.com|an_nguyen85@yahoo.com.vn|AN.NGUYEN@GMAIL.COM|an.nguyen @ gmail . com
an.nguyen a còng gmail chấm com|an.nguyen a cong gmail cham com|an.nguyen(at)gmail.com|an.nguyen@gmail
an.nguyen[at]gmail[dot]com|an.nguyen at gmail dot com|annguyen85 gmail.com|an.nguyen@gmail,com
an.nguyen＠gmail.com|an.nguyen A CÒNG GMAIL CHẤM COM|an.nguyen@mail.ntu.edu.vn|an.nguyen @gmail com"""
FRAMES = {
    PHONES: ("Số điện thoại của tôi là {}, xin gọi lại.", "sdt {} nha", "so {}"),
    PAPERS: ("CCCD số {} cấp năm 2021.", "cmnd {}", "Giấy tờ của tôi: {}."),
    PLATES: ("Xe {} đậu trước cổng.", "bien so xe cua toi la {} bi giu", "{} chạy ẩu"),
    MAILS: ("Email: {}", "Gửi về {} giúp tôi", "mail em la {} a"),
}
CASES = [
    (frame, one)
    for forms, frames in FRAMES.items()
    for one in forms.replace("\n", "|").split("|")
    for frame in frames
] + [(frame, one) for one in PARTED for frame in ("Số điện thoại: {}.", "gọi theo số {} nhé")]


@pytest.mark.parametrize(("frame", "written"), CASES)
def test_a_number_is_covered_however_it_is_written(frame: str, written: str) -> None:
    text = frame.format(written)
    start = text.index(written)
    hidden = {place for one in find_personal(text) for place in range(one.start, one.end)}
    left = [
        text[place]
        for place in range(start, start + len(written))
        if text[place].isalnum() and place not in hidden
    ]
    assert left == []


@pytest.mark.parametrize(
    "text",
    [
        "Phí 1.500.000 đồng, đã nộp 12.345.678.900 đ ngày 05-03-2026 08:30.",
        "Quyết định 1234/QĐ-UBND và Thông tư 01/2018/TT-VPCP.",
        "Mã hồ sơ 000.00.26.H32-231012-0005, phản ánh PA-20261127-7QK4M.",
        "Gọi 1022 hoặc 1900 1009 hoặc 18001091.",
        "Thửa 345, tờ bản đồ số 12, diện tích 1.250,5 m2.",
        "Từ 8h30 đến 11h00, 2 lần một tuần, 15 ngày làm việc.",
        "Công văn 0345/2025 15 trang, 123/2025/NĐ-CP, hạn 03/05/2026 08:30.",
        "Mở cửa 09:30|10:15|11:45, ngày 03-05-2026|07-05-2026, năm 2019|2020|2021|2022.",
        "Quầy 03|04|05|06|07 nghỉ; điểm 0,5|0,7|0,8|0,9|0,6; từ 03.2026-09.2026.",
        "Kết quả: 09\n10\n08\n07\n09\nNgày 05\n03\n2026\n08:30",
        "Lớp 12A1 năm học 2025 2026 có 45 em.",
    ],
)
def test_numbers_of_things_are_left(text: str) -> None:
    assert find_personal(text) == []
