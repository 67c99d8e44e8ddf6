"""What the demo's citizens write when they want an answer: sentences, names and numbers of ours."""

from numpy.random import Generator

FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ")
MIDDLE = ("Thị", "Văn", "Hữu", "Minh", "Ngọc", "Thanh", "Đức", "Kim", "Quốc", "Thu")
GIVEN = ("An", "Bình", "Chi", "Dũng", "Giang", "Hạnh", "Khánh", "Lan", "Mai", "Nam", "Oanh", "Tâm")
PLACES = ("đường Trần Phú", "thôn Phước Lợi", "tổ dân phố 5", "khu tập thể Bình Khê", "chợ Đầm")

# By type of case: what happened. {code} is a dossier, {day} a day, {money} a sum.
TROUBLES = {
    "delay": (
        "Hồ sơ {code} hẹn trả ngày {day} mà đến nay tôi vẫn chưa nhận được kết quả.",
        "Tôi nộp hồ sơ {code} đã quá hẹn, gọi điện thì được bảo cứ chờ.",
        "Giấy hẹn ghi ngày {day}, tôi đến thì được hẹn lại lần nữa, không ai nói lý do.",
    ),
    "attitude": (
        "Khi tôi hỏi về hồ sơ {code}, người ở quầy trả lời gắt gỏng rồi quay đi.",
        "Ngày {day} tôi chờ từ sáng, đến lượt thì cán bộ bỏ đi nghe điện thoại rất lâu.",
        "Mẹ tôi lớn tuổi không biết điền tờ khai, bị nói nặng lời trước mặt mọi người.",
    ),
    "extra_papers": (
        "Ba lần tôi đến là ba lần phải về lấy thêm một loại giấy.",
        "Bảng niêm yết không ghi giấy xác nhận tạm trú, nhưng quầy bắt phải có mới nhận hồ sơ {code}.",
        "Nộp qua mạng rồi vẫn bị gọi lên nộp lại bản giấy.",
    ),
    "fees": (
        "Tôi bị thu {money} đồng mà không có biên lai cho hồ sơ {code}.",
        "Ngày {day} tôi đóng {money} đồng, nhưng bảng phí ghi số khác.",
    ),
    "procedure": (
        "Quy định bắt công chứng lại giấy đã có trên hệ thống là không cần thiết.",
        "Đề nghị bỏ bước xác nhận ở tổ dân phố khi đăng ký hộ kinh doanh.",
    ),
    "online_service": (
        "Trang web nộp hồ sơ báo lỗi ở bước tải ảnh, tôi thử từ ngày {day} đến nay.",
        "Đã trả tiền qua mạng {money} đồng nhưng hồ sơ {code} vẫn ghi chưa nộp phí.",
    ),
    "facilities": (
        "Phòng chờ không có quạt, ghế hỏng, người già phải đứng.",
        "Bãi gửi xe trước bộ phận một cửa ngập nước mỗi khi mưa.",
    ),
    "other": (
        "Số điện thoại niêm yết gọi không ai nghe máy suốt tuần từ ngày {day}.",
        "Biển chỉ đường đến bộ phận một cửa ở {place} bị cây che khuất.",
    ),
}
WISHES = (
    "Mong cơ quan kiểm tra và trả lời tôi.",
    "Đề nghị cho biết bao giờ xong.",
    "Tôi ở {place}, đi lại rất xa, mong được giải quyết một lần.",
    "Có gì xin gọi số {phone} gặp {name}.",
    "Tôi không muốn làm khó ai, chỉ mong việc này không lặp lại.",
)
# By type: what the agency answers.
ANSWERS = {
    "delay": (
        "Chúng tôi xin lỗi ông/bà vì trả kết quả chậm. Kết quả đã có tại quầy số 1.",
        "Hồ sơ chậm do phải xin ý kiến cơ quan khác; nay đã có ý kiến và kết quả được trả trong tuần này.",
    ),
    "attitude": (
        "Việc ông/bà nêu là đúng. Chúng tôi xin lỗi và đã nhắc nhở người trực quầy hôm đó.",
        "Chúng tôi đã xem lại buổi làm việc và xin lỗi ông/bà. Từ nay có người hướng dẫn riêng cho người cao tuổi.",
    ),
    "extra_papers": (
        "Giấy này không có trong danh mục. Quầy đã yêu cầu sai, chúng tôi xin lỗi và nhận hồ sơ ngay hôm nay.",
        "Chúng tôi đã kiểm tra: bản giấy không cần nộp lại. Ông/bà không phải đến nữa.",
    ),
    "fees": (
        "Khoản thu này theo đúng quy định; biên lai đã được gửi lại cho ông/bà.",
        "Quầy đã thu nhầm mức cũ. Phần thu thừa được trả lại tại quầy số 1, ông/bà mang theo giấy hẹn.",
    ),
    "procedure": (
        "Kiến nghị đã được ghi nhận và gửi đến cơ quan có thẩm quyền sửa quy định.",
        "Bước này theo quy định hiện hành chưa bỏ được; chúng tôi đã đề xuất bỏ trong lần rà soát này.",
    ),
    "online_service": (
        "Lỗi của trang web nộp hồ sơ đã được khắc phục; mời ông/bà nộp lại, chúng tôi sẽ ưu tiên xử lý.",
        "Khoản đã trả được ghi nhận; hồ sơ của ông/bà đang được giải quyết, không phải trả lần nữa.",
    ),
    "facilities": (
        "Phòng chờ đã có thêm ghế và quạt. Mời ông/bà góp ý tiếp nếu còn bất tiện.",
        "Chúng tôi đã báo đơn vị quản lý trụ sở; việc sửa bắt đầu trong tháng này.",
    ),
    "other": (
        "Số điện thoại niêm yết đã được sửa và có người trực cả ngày làm việc.",
        "Chúng tôi đã kiểm tra tại chỗ và cho sửa ngay trong ngày. Cảm ơn ông/bà.",
    ),
}
# By type: what is not as it was before.
CHANGES = {
    "delay": "Hồ sơ cần ý kiến cơ quan khác được gửi đi ngay trong ngày nhận.",
    "attitude": "Mỗi buổi có một người hướng dẫn đứng ở cửa, không kiêm việc khác.",
    "extra_papers": "Đã sửa bảng niêm yết và hướng dẫn lại cho các quầy.",
    "fees": "Bảng phí mới treo ở từng quầy; máy in biên lai đặt ngay chỗ thu tiền.",
    "procedure": "Không thu bản chứng thực của giấy đã có trên hệ thống.",
    "online_service": "Trang web nộp hồ sơ nhận ảnh lớn đến 10 MB.",
    "facilities": "Đã thay 20 ghế và lắp thêm quạt trong phòng chờ.",
    "other": "Đã thay biển chỉ đường và số điện thoại niêm yết.",
}
TITLES = {
    "delay": "Hồ sơ trả chậm",
    "attitude": "Thái độ phục vụ",
    "extra_papers": "Đòi thêm giấy tờ",
    "fees": "Thu phí không rõ",
    "procedure": "Kiến nghị sửa quy định",
    "online_service": "Lỗi nộp hồ sơ trực tuyến",
    "facilities": "Phòng chờ và bãi xe",
    "other": "Việc khác",
}


class Writer:
    """Draws from lists quickly: one array of numbers, used up one after another."""

    def __init__(self, rng: Generator) -> None:
        self.rng = rng
        self.numbers: list[int] = []

    def below(self, top: int) -> int:
        """A number from 0 to below `top`."""
        if not self.numbers:
            self.numbers = self.rng.integers(0, 2**31, 8192).tolist()
        return self.numbers.pop() % top

    def pick(self, among: tuple[str, ...]) -> str:
        """One of these."""
        return among[self.below(len(among))]

    def name(self) -> str:
        """A name that nobody may bear."""
        return f"{self.pick(FAMILY)} {self.pick(MIDDLE)} {self.pick(GIVEN)}"

    def phone(self) -> str:
        """A number of the form of a mobile one."""
        return f"+849{self.below(10**8):08}"

    def letter(self, case_type: str, name: str, phone: str) -> str:
        """Two to four sentences of this person."""
        said = [self.pick(TROUBLES[case_type]) for _one in range(1 + self.below(2))]
        said += [self.pick(WISHES) for _one in range(1 + self.below(2))]
        return " ".join(dict.fromkeys(said)).format(
            code=f"H32.{self.below(90) + 10}-{self.below(10**4):04}",
            day=f"{1 + self.below(28)}/{1 + self.below(12)}",
            money=f"{5 * (1 + self.below(60))}.000",
            place=self.pick(PLACES),
            phone="0" + phone[3:],
            name=name,
        )
