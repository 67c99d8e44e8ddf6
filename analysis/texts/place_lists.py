"""Names of places, and of the dead after whom streets, schools and hospitals are named."""

from typing import Final

from analysis.texts.folding import strip_marks
from analysis.texts.words import phrase_set, word_set

COUNTRIES: Final = phrase_set("""việt nam|hàn quốc|trung quốc|nhật bản|đài loan|hoa kỳ|campuchia|thái lan|bắc kinh|triều tiên
    ấn độ|hồng kông|ma cao|phi líp pin|mỹ|anh quốc|châu âu|châu á|đông nam á|biển đông""")
# Provinces before and after the mergers, with the larger towns.
PROVINCES: Final = phrase_set("""hà nội|hải phòng|đà nẵng|cần thơ|hồ chí minh|sài gòn|huế|thừa thiên huế|an giang|bà rịa|vũng tàu
    bạc liêu|bắc giang|bắc kạn|bắc ninh|bến tre|bình dương|bình định|bình phước|bình thuận|cà mau|cao bằng
    đắk lắk|đắk nông|điện biên|đồng nai|đồng tháp|gia lai|hà giang|hà nam|hà tĩnh|hải dương|hậu giang
    hòa bình|hoà bình|hưng yên|khánh hòa|khánh hoà|kiên giang|kon tum|lai châu|lạng sơn|lào cai|lâm đồng
    long an|nam định|nghệ an|ninh bình|ninh thuận|phú thọ|phú yên|quảng bình|quảng nam|quảng ngãi|quảng ninh
    quảng trị|sóc trăng|sơn la|tây ninh|thái bình|thái nguyên|thanh hóa|thanh hoá|tiền giang|trà vinh
    tuyên quang|vĩnh long|vĩnh phúc|yên bái|nha trang|cam ranh|cam lâm|diên khánh|ninh hòa|ninh hoà|vạn ninh
    khánh vĩnh|khánh sơn|trường sa|hoàng sa|phan rang|phan thiết|tuy hòa|quy nhơn|đà lạt|bảo lộc|biên hòa
    buôn ma thuột|hội an|tam kỳ|long xuyên|mỹ tho|rạch giá|phú quốc|hạ long|thủ đức|việt trì|thanh bình""")
# Behind a word for a street or a house these are no persons, however many stand in a row.
FAMOUS: Final = phrase_set("""hồ chí minh|trần phú|lê lợi|lê lai|lê duẩn|nguyễn huệ|nguyễn trãi|nguyễn du|hùng vương|an dương vương
    lý thường kiệt|lý thái tổ|lý tự trọng|lý nam đế|lý chính thắng|trần hưng đạo|trần nhật duật|trần quang khải
    trần bình trọng|trần quốc toản|trần nhân tông|trần quý cáp|trần cao vân|trần khánh dư|trần não|trần quang diệu
    trần nguyên hãn|trần đại nghĩa|trần văn ơn|lê thánh tôn|lê thánh tông|lê đại hành|lê hồng phong|lê quý đôn
    lê văn tám|lê thanh nghị|lê văn sỹ|lê chân|lê hoàn|lê trọng tấn|lê đức thọ|lê văn lương|lê văn hưu
    lê văn việt|lê văn duyệt|nguyễn thị minh khai|minh khai|nguyễn thị định|nguyễn thiện thuật|nguyễn trung trực
    nguyễn tri phương|nguyễn bỉnh khiêm|nguyễn đình chiểu|nguyễn công trứ|nguyễn khuyến|nguyễn văn trỗi
    nguyễn văn cừ|nguyễn văn linh|nguyễn chí thanh|nguyễn hữu cảnh|nguyễn hữu thọ|nguyễn lương bằng
    nguyễn thái học|nguyễn tất thành|nguyễn ái quốc|nguyễn viết xuân|nguyễn xí|nguyễn xiển|nguyễn cảnh chân
    nguyễn khánh toàn|nguyễn phong sắc|nguyễn gia thiều|nguyễn thượng hiền|nguyễn đức cảnh|nguyễn văn cao
    nguyễn kiệm|nguyễn oanh|nguyễn siêu|nguyễn trường tộ|nguyễn hiền|nguyễn an ninh|nguyễn bặc
    ngô quyền|ngô gia tự|ngô thì nhậm|ngô đức kế|ngô mây|đinh tiên hoàng|đinh bộ lĩnh|đinh công tráng
    phan bội châu|phan chu trinh|phan châu trinh|phan đình phùng|phan đình giót|phan đăng lưu|phan thanh giản
    phan huy ích|phan huy chú|phan kế bính|hoàng hoa thám|hoàng văn thụ|hoàng diệu|hoàng quốc việt|hoàng cầu
    hoàng văn thái|huỳnh thúc kháng|võ thị sáu|võ văn kiệt|võ nguyên giáp|võ trứ|võ văn tần|bùi thị xuân
    bùi huy bích|bùi viện|bùi hữu nghĩa|đặng tất|đặng dung|đặng thùy trâm|đặng văn bi|đào duy từ|đào duy anh
    đào tấn|đoàn thị điểm|đoàn trần nghiệp|đoàn kết|mạc đĩnh chi|mạc thị bưởi|mai thúc loan|mai chí thọ|mai xuân thưởng
    tô hiến thành|tô hiệu|tô vĩnh diện|tôn đức thắng|tôn thất thuyết|tôn thất tùng|trương định|trương công định
    trương hán siêu|trương vĩnh ký|phạm văn đồng|phạm ngọc thạch|phạm hùng|phạm ngũ lão|phạm hồng thái
    phạm thế hiển|phù đổng|thái phiên|thi sách|thích quảng đức|tuệ tĩnh|tản đà|tăng bạt hổ|trường chinh
    trịnh hoài đức|trịnh phong|trưng trắc|trưng nhị|hai bà trưng|bà triệu|yết kiêu|dã tượng|yersin|pasteur
    bế văn đàn|bạch đằng|bạch mai|chu văn an|cao bá quát|cao thắng|cao bá đạt|cù chính lan|dương đình nghệ
    dương quảng hàm|hà huy tập|hàn thuyên|hồ xuân hương|hồ tùng mậu|hải thượng lãn ông|kim đồng|khúc thừa dụ
    la văn cầu|lạc long quân|lương định của|lương thế vinh|lương văn can|lương ngọc quyến|nơ trang long
    ông ích khiêm|phùng hưng|phùng khắc khoan|quang trung|quách thị trang|sương nguyệt anh|tạ quang bửu
    vạn kiếp|văn cao|văn tiến dũng|vũ trọng phụng|xuân diệu|xuân thủy|xô viết nghệ tĩnh|út tịch|lam sơn
    điện biên phủ|chi lăng|đống đa|thống nhất|tô ngọc vân|thủ khoa huân|tống duy tân|trần mai ninh|hoàng sa""")
# Words before a name that stands for a street, a school or a house.
NAMED_AFTER: Final = word_set("""đường phố ngã hẻm ngõ trường cầu chợ viện quốc_lộ công_viên quảng_trường tuyến thpt thcs bến khu
    cổng phường đại_lộ vòng_xoay giao nút lộ rạp tượng đền chùa""")
# What stands before names of places, days, peoples and tongues written with a capital.
BEFORE_PLACES: Final = word_set(
    "ở tại về quê từ vào ra đến tới sang qua đi lên xuống khắp gần khỏi bên ngoài trong quanh dân"
)
BEFORE_OTHERS: Final = word_set("""thứ chủ tháng người tiếng nước tịch tộc quý tết mùa gốc phía hướng miền vùng quỹ điểm mục bảng hạng
    lớp khối nhóm loại tổ họ dịp lễ rằm mồng năm khoản điều chương phần mẫu đạo""")
PROVINCES_BARE: Final = frozenset(strip_marks(one) for one in PROVINCES | COUNTRIES)
