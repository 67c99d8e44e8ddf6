"""Lists by which names of persons are told from other words.

Surnames and the ways names are built: Lê Trung Hoa (2013), Nhân danh học Việt Nam, NXB Trẻ; names of
the peoples: Viện Dân tộc học (1978, 1984), Các dân tộc ít người ở Việt Nam. Written out by hand;
whatever is missing is added here.
"""

from typing import Final

from analysis.texts.folding import strip_marks
from analysis.texts.words import phrase_set, word_set


def _bare(words: frozenset[str]) -> frozenset[str]:
    return frozenset(strip_marks(word) for word in words)


SURNAMES: Final = word_set("""nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý đào đoàn vương trịnh
    trương đinh lâm phùng mai tô hà tạ cao tăng thái châu quách kiều la lưu chu triệu từ tống lương
    nghiêm tôn thân đậu văn lã khổng khúc nhâm mạc doãn phó thạch kim sơn danh âu bạch cung cù
    diệp đàm đồng giang giáp hầu hứa kha khuất kiên lạc lại liêu liễu lục lữ luyện mã mẫn mẫu mông
    ngọ ngụy nhan nhữ ninh nông ôn phí phương quản quang sầm sử tào thẩm thi thiều tiêu tòng trà
    tri trưng ung uông vi viên xa yên an bế cát chế chúc chung công cổ dư đái đan điền đổng
    hán hàn huề hùng khâu khương lò lù lường lầu lỗ lộc mùa nùng quàng thào thiệu thoại tòng trang
    trình vàng vì vừ vạn vòng sùng giàng hạng cứ chảo cư cầm lèo lừ đèo điêu bá thập thiên đàng đạo
    quảng báo lộ trượng mấu máng pinăng bo katơr chamaléa hờ phàng sồng tráng tẩn phàn chẻo phượng
    lành nhị bành biện bồ cáp cấn chiêm cái chử đôn đới hình hoa kỷ lan lèng lô mộc nghê ngân nhiếp
    nhuyễn ngạc ổn phú quan sái tất tiết tiếp trì tưởng vạn ân ấu vệ viết vĩnh xung tôn huyền vầy
    chìu chống dìu lầm lỷ sẩm tằng voòng trác trầm đàng tán sằn""")
# Surnames, middle and given names that are told from other words by a capital only.
RARE_SURNAMES: Final = word_set("""mang mấu tro patâu pupơr não cà khà bạc khiếu hàng ngạn quế tiên ma khuông thò chang phù chíu
    chềnh""")
# Surnames that are hardly ever another word, in lower case, also without marks.
STRONG: Final = word_set("""nguyễn trần phạm huỳnh vũ võ đặng bùi đỗ ngô dương lê trịnh đinh phùng hoàng phan quách
    trương đoàn tạ doãn nghiêm""")
STRONG_BARE: Final = word_set("nguyen tran pham huynh trinh quach doan le bui ngo vo dinh")
# Without marks these begin a whole name; "vo" is "vợ" as often.
WHOLE_BARE: Final = STRONG_BARE - {"vo"} | {"cao", "truong", "luong"}
PEOPLES: Final = word_set("""niê nie mlô mlo êban eban byă bya kbuôr kbuor ayun ayŭn hwing ktla bkrông bkrong kđoh adrơng
    knul hmok hmŏk enuôl ênuôl ksor siu rmah kpă kpa kpuih rcom rahlan rôman romah rơ rô nay ksơr
    hdơk niêkđăm kđăm yă mdrang ktul krông mjâo êñuôl aliô adrâo cil k'sor kơ liêng lơ mu păng
    ting rơông touneh touprong touneh yang alăng lăng bling bh'riu briu bhnướch zơ râm pơ
    loong coor arất ríah ating hôih clâu tơ ngôl zơrâm pơloong riah arâl bhling thút pênh brêu a_lăng
    chăm néang neáng mohamad mohammad inra ja jaka siu rchâm rơchâm châm rơlan hlan rơmah rmăh""")
MIDDLES: Final = word_set("""thị văn hữu đức công quốc đình xuân minh ngọc thanh hoàng kim bảo gia anh thu hồng mỹ như quang
    duy tuấn hải thành trung mạnh thế trọng viết bá đăng nhật phương diệu bích kiều cẩm tuyết thúy
    thùy hoài khánh hạ hà lan mai mộng nguyên phi phúc phước quý sĩ tấn thái thiên thiện tiến trí
    trường tường vĩnh vân yến ánh ái an bình cao chí danh diễm doãn đại đắc đan đông giang hạnh hiền
    hiếu hoa hoàn huệ hùng huy huyền hương khắc khải kiến lệ linh long mậu nam nghĩa nhân nhã ninh
    phan phú quỳnh sơn tâm tân thảo thạch thục thy tiểu tố trà trâm trúc tú uyên việt vũ xuyên tôn nữ
    a sỹ lương bạch thuỳ thuý huỳnh trần lê nguyễn đặng phạm vương hà tất thừa sô chăm kiên đa so""")
GIVEN: Final = word_set("""an anh ánh ân ái bắc bách bạch bằng bảo bé bích biên bình bông bưởi cam cẩm can cảnh cát chánh
    châu chi chí chiến chinh chính chung chương chức công cúc cường danh dân diễm diện diệp diệu dinh
    doanh du dung dũng duy duyên dư dương đài đại đan đang đào đạo đạt đăng đẳng đậu đề điền điệp
    định đoan đoàn đô đông đồng đức gấm giang giao giáp hà hạ hải hàn hạnh hào hảo hân hằng hậu
    hiên hiền hiển hiệp hiếu hiệu hinh hoa hòa hoà hoài hoan hoàn hoàng hội hồng huân huấn huệ huê
    hùng huy huyên huyền huỳnh hưng hương hướng hường hữu hạ khải khang khanh khánh khiêm khiết khoa
    khoan khôi khuê khương kha khê kiên kiệt kiều kim kỳ lai lam lan lài lành lãm lân lâm lập lê lệ
    lên liên liễu liệu linh lĩnh loan long lộc lợi lơ lụa luân luận luyến lư lương lượng lưu ly lý
    mai mận mạnh mẫn mậu mến miên minh mùi muội mừng mười mơ my mỹ na nam nga ngà ngân nghi nghĩa
    nghiêm ngoan ngọc nguyên nguyệt nhã nhàn nhân nhẫn nhật nhi nhị nhiên nhơn nhung như nhựt nhài
    nết ninh nở nữ nương oanh phán phát phấn phi phong phú phúc phụng phước phương phượng phi quân
    quang quảng quế quốc quy quý quyên quyền quyết quỳnh sa sang sáng sanh sao sáu sen sinh soạn son
    sơn sương tài tám tâm tân tấn tèo thạch thái thanh thành thạnh thao thảo thắm thắng thân thận thậm
    thể thêm thi thiên thiện thiệp thiết thịnh thọ thoa thoại thoan thông thơ thơm thu thục thuần
    thuận thủy thuỷ thúy thuý thùy thuỳ thư thức thương thường thưởng thy tiên tiến tiệp tí tín tĩnh
    tính tình toàn toại toan tòng tố tồn trà trai trang trâm trân trầm trí triết triều triệu trinh
    trình trọng trúc trung trực trường trưởng tú tuân tuấn tuất tuệ túy tuyên tuyến tuyền tuyết tùng
    tường tưởng tư tửu tý ty út uy uyên uyển vân vạn văn vàng vi vĩ viên viễn việt vịnh vinh vĩnh
    vũ vui vượng vy vỹ vững xinh xoan xuân xuyến xuyên xứng ý yên yến ba bảy năm tư chín hợi sửu dần
    mão thìn tỵ ngọ mùi thân dậu tuất thoa thìn nụ lựu đượm bền bốn hai nhất phin páo chứ sính dế dợ
    mỷ dua sáy pó mua sử chú ly di vư hoanh khâm hoạt hòe luyện khởi nhường đường quan tòa kha
    vang tựu bảnh bửu cảm cầu chất dần đấu đính đỉnh đới giỏi hạc hiến hoạch hoằng hợp hớn khá khai
    khấu khoát lạc lạng lắm lễ liêm lòng lữ lực mạo miễn nghị ngời nhạc nhạn nhiệm nho nhu niệm phẩm
    phiên phiến phiệt phùng quới rạng rin sĩ sỹ sửa tạo thiềm thời thu thuật thụy toản tơ trạch triển
    truyền trứ tục tý vấn vẹn vệ viết vọng xê xiêm xíu hĩm tũn bin bi tít bống tôm cún na mít su bo
    rớt lượm đực đẹt mót lép tròn ngọt nhỏ lớn bự chót đẹp giàu chút cưng hon mướt""")
RARE_MIDDLES: Final = word_set("""thất khả tuệ tịnh lộc lâm nhựt chánh phụng khôi kỳ uy tùng tam nhất nhị sanh thiết hoà hòa đoan
    dạ thơ yên thụy cát mộc khiết dương""")
RARE_GIVEN: Final = word_set("""thuyên rịnh lịch sự nghiệp inh sâm cơ quỳ thới kháng khoái khuyên lạp ngữ nhạ nhuận nhuần
    nhượng phái phổ quyến sắc sim song tam tằm tánh tạng thăng thiềng thiều thỏa thuyết tiếp tiếu
    toán trấn tri trịnh trợ vận vóc xướng ước ưng yểng ảnh chấn chuyên cừ dĩnh dõng dục đàm đãi đảm
    đản đệ đích điềm đình hách hăng hạp hựu khẩn khuông khúc kính ky kiếm lạch lăng lẫm lộ lục lũy
    lượt mách mẹo miêng mong mộng mơi mướp nại nấm nâu nếp ngãi ngạn ngôn ngộ ngừng nhành nhâm nhớ
    nhứt niên phất phu phúng quánh quờn rành rô rợi sam sắt sỏi sung sum tảo tấu tề thà thạc thảng
    thẩm thép thoàn thơi thước tiệm tiễn tịnh tỏ tỏa tràng trạng trắng trâu tràm trữ tuế tùy tuyển
    tựa ưu vện vịt vực vương xệ xích xương yểm yêm pủng kiểng hứng khước lang lắng liệp lường mưu
    ngoạn""")
# Given names, and other syllables, that are everyday words: alone they prove nothing.
COMMON: Final = word_set("""và là của có không được cho tôi đã đi đến ra vào lên xuống về lại này kia đó ấy nào gì sao thì mà
    nhưng những các một hai ba bốn năm sáu bảy tám chín mười ở tại trong ngoài trên dưới từ với để vì do
    bởi nên phải cần muốn đang sẽ vẫn còn cũng rất quá lắm hơn nhất như khi lúc sau trước giờ ngày tháng
    tuần nay mai hôm sáng trưa chiều tối làm nói bảo hỏi trả lời đưa nộp xin gửi nhận lấy thu chi tiền
    phí giấy tờ hồ sơ đơn việc người dân nhà đất xe phường xã huyện tỉnh sở phòng ban quan cơ quầy cửa bộ
    thủ tục chính quyền thanh tình tâm thành tài tiếp tính thời gian hẹn chờ đợi lâu nhanh chậm tốt xấu
    hài lòng thái độ vui vẻ nhiệt hướng dẫn giải quyết đúng dùng hàng hành hiện hiểu biết thấy nghe gọi
    điện thoại mình phản ánh kiến nghị quý lý luôn làng sinh con trình trực yên an bình hòa hiền thương
    mới tạm tuyển ý út định tên sửa quy thêm vui thể thường thông thưởng trưởng công đường hội lợi lực
    đăng đang đại đề đồng đông hợp hậu hiệu hiếu khá khai lắm lành lên giỏi giao lòng lễ mừng nghị ngoan
    nhân nữ phát phong phiên phiền phúc quan quyết sang sao sạch tạo tất tất thân thậm thời thơm thuận
    thật thế toàn trai trung trí trọng truyền vấn viên viết xinh xứng yêu kỹ chưa cả hay nếu hết bị
    cùng theo nữa luận cảm cầu chất chung chức dư dần đấu hạ hòa khởi lai lập liên mến minh ngọ nhi nhu
    phán quang nhẫn sử sơn tân tấn thắng thân tiến tín tình tư vàng văn vạn xuân vọng vững tý nguyên chứ
    di sở lạc giải nhường điền mua chú thức nhờ đó gặp mất ngồi đứng cười tròn ngọt nhỏ lớn chót đẹp giàu chút cáu gắt quát mắng nạt trách""")
COMMON_BARE: Final = (
    _bare(COMMON)
    | word_set("""dung dang phuong hang hanh hien kien lam ly nam ngan ngoc nhung phong quy tai tan thao tien tinh
    trang tru tuyen thu thanh huong hoa ha duc dao hai hong khanh loi tam thang trinh tuc van son mai
    ba tu muoi sau bay chin lan bang cam chinh cuc cung dat dau den dinh doan han hao hoi hop kha ki
    linh loan luc luong man moi nga nghi nhan nhat nho no phat phuc qua quen quoc sa sen so ta thi tho
    thuong to ty vi vo yeu bich canh chau chuong cuong danh dien giang hau lap lich nay cung mau so bi ma sinh hoi ve""")
)
TITLES: Final = word_set("""ông bà anh chị em cô chú bác cậu mợ dì thím cụ cháu con thầy bé cu mẹ má ba bố cha vợ chồng dượng
    ngài mệ thằng lão mụ sếp mr mrs ms miss mister dr madam a c e ô b ah bs ths ts gs pgs ks ls đc
    đ/c ac bx oong""")
SHORT: Final = word_set("a c e ô b o ac bs ths ts gs pgs ks ls")
TITLES_BARE: Final = _bare(TITLES) - {"duong"}
CLEAR_BARE: Final = word_set("ong anh em bac thim sep mr mrs ms miss")
# Without marks and capitals these are mostly other words: có, chỉ, ba, bộ, cầu, thấy, chú.
VAGUE_BARE: Final = word_set("co chi ba chu bac")
# A title with what follows makes another word; both without marks.
TITLE_WORDS: Final = phrase_set("""co quan|co so|co the|co hoi|co che|co ban|co cau|co giao|co gai|co tinh|co nhan|co phan|chi tiet
    chi nhanh|chi phi|chi thi|chi cuc|chi bo|chi dao|chi so|chi tra|chi em|chi co|chi la|ba con|ba lan
    ba noi|ba ngoai|anh huong|anh em|anh chi|anh ruot|bac si|bac bo|bac sy|chu tich|chu y|chu nha
    chu dong|chu ho|chu so|chu dau|chu nhat|chu quan|thay doi|thay vi|thay the|em trai|em gai|em be
    ong ba|con so|con dau|con trai|con gai|con duong|con nguoi|bo phan|bo mon|bo tai|bo cong|bo luat
    bo sung|bo qua|bo tien|ban ngay|ban dem|ban do|ban hanh|ban tay|cau hoi|cau tra|cu tri|cu phap
    me con|me chong|bo me|cha me|vo chong|chong vo|di chuyen|di lai|di dong|em chong|anh quoc
    ba me|ba ma|co khi|co lai|co gang|co hieu|co dau|co luc|co van|co do|bac thang|ban quan|ban tin
    ban be|ban than|thang nam|thang long|thang bang|thang ba|thang tu|con cho|e ngai|a dua""")
TIMES: Final = word_set("ngày năm tháng tuần giờ quý đêm")
# In the dictionary too, of tales (the moon is "chị Hằng"), but mostly persons.
NAMES_FIRST: Final = phrase_set("chị hằng|bà nguyệt|bà phước|cô miên|cô lữ|bác lãm")
ROLES: Final = tuple(
    sorted(
        phrase_set("""cán bộ|công chức|viên chức|chuyên viên|nhân viên|giám đốc|phó giám đốc|chủ tịch|phó chủ tịch
    trưởng phòng|phó phòng|phó trưởng phòng|trưởng thôn|trưởng ấp|trưởng bản|tổ trưởng|tổ phó|bí thư
    phó bí thư|công an|công an viên|cảnh sát|đại úy|thượng úy|trung úy|thiếu úy|đại uý|thượng uý|trung uý|thiếu uý|thiếu tá|trung tá
    thượng tá|đại tá|bác sĩ|y tá|điều dưỡng|luật sư|địa chính|tư pháp|hộ tịch|kế toán|bảo vệ|thư ký
    chánh văn phòng|phó chánh văn phòng|đồng chí|lãnh đạo|tiếp dân|một cửa|lễ tân|thủ quỹ|chủ nhà
    hàng xóm|già làng|kiểm lâm|thanh tra|chánh thanh tra|cộng tác viên|hướng dẫn viên|tiếp nhận
    trưởng ban|phó ban|trưởng khoa|hiệu trưởng|hiệu phó|giáo viên|chủ hộ|bệnh nhân|học sinh|sinh viên
    trưởng công an|phó công an|cán bộ địa chính|cán bộ tư pháp|cán bộ tiếp nhận|cô giáo|thầy giáo
    người yêu|con trai|con gái|em trai|em gái|anh trai|chị gái|bà nội|ông nội|bà ngoại|ông ngoại
    mẹ chồng|mẹ vợ|bố chồng|bố vợ|ba chồng|chị dâu|anh rể|con dâu|con rể|bà xã|ông xã|vợ tôi|chồng tôi
    mẹ tôi|bố tôi|ba tôi|má tôi|cha tôi|con tôi|cháu tôi|phó|trưởng|người dân|công dân|thường trực
    trực ban|phụ trách|kỹ sư|thạc sĩ|tiến sĩ|đội trưởng|đội phó|hạt trưởng|chủ quán|chủ trọ|văn thư|bưu tá|thủ kho|chủ nhiệm
    phó chủ nhiệm|nhân chứng|chủ đò|lái xe|tài xế|thú y|hộ sinh|trạm trưởng|trạm phó|đội viên|chấp hành viên|công chứng viên
    y sĩ|dược sĩ|nữ hộ sinh|giám định viên|thẩm phán|trợ lý|điều tra viên|kiểm sát viên|thợ điện|kiến trúc sư|phụ xe
    người thuê|người bán|người mua|bên bán|bên mua|người giao|người trực|chủ đất|chủ xe|chủ nợ|chủ thầu|môi giới""")
    )
)
INTRODUCERS: Final = tuple(
    sorted(
        phrase_set("""tên tôi là|tên em là|tên là|tôi tên là|tôi tên|em tên là|em tên|cháu tên|họ tên|họ và tên|họ tên là
    ký tên|kí tên|người gửi|người viết|người làm đơn|người viết đơn|người đứng đơn|người phản ánh
    người khai|người nộp|người nộp hồ sơ|người kiến nghị|người kêu cứu|người yêu cầu|người ký|người ủy quyền
    người được ủy quyền|người đại diện|chủ tài khoản|chủ tk|chủ stk|chủ thẻ|tên tài khoản|tên tk|chủ hộ|chủ đất|tôi là|em là|cháu là|mình là
    con là|tui là|tui tên|mình tên|tên|tên thật|đứng tên|mang tên|bút danh|facebook|fb|zalo|face
    kính gửi ông|kính gửi bà|người nhận|người chuyển|người thụ hưởng|đại diện|ủy quyền cho|đại diện là|gọi là|tên gọi|là tên|k tên|tên của
    thay mặt|gặp|nick|nick zalo|nick fb|tên zalo|tên facebook""")
    )
)
PLACES: Final = word_set("""phường xã thôn ấp buôn bản làng sóc huyện quận tỉnh đường phố ngõ hẻm kiệt trường chợ cầu sông núi
    đèo hồ chùa đình miếu quán ga cảng đảo vịnh biển suối tp tp. tx tt ubnd hđnd công_ty cty tnhh trấn
    thành_phố thị_xã thị_trấn bệnh_viện khách_sạn nhà_hàng nhà_thờ siêu_thị công_viên quảng_trường
    đại_lộ quốc_lộ khu_phố chung_cư toà_nhà tòa_nhà trung_tâm bến_xe sân_bay khu_đô_thị ngân_hàng
    doanh_nghiệp cửa_hàng trường_học thpt thcs tượng_đài bảo_tàng khu xóm khóm tổ tên_đường giải vùng
    miền khu_vực lăng thành tượng đền hãng thương_hiệu số_nhà giải_thưởng học_viện đại_học ngã_tư
    ngã_ba vòng_xoay nghĩa_trang khu_du_lịch lễ_hội hợp_tác_xã htx đô_thị tiểu_học trung_học mầm_non cơ_sở cổ_phần trạm hội quỹ chi_nhánh đa_khoa sư_phạm cư dự_án tập_đoàn ban_quản""")
ORGANS: Final = word_set("""trung_tâm chủ_tịch giám_đốc công_an cán_bộ ủy_ban uỷ_ban phó_chủ phó_giám phó_trưởng phó_chánh phó_bí phó_ban bộ_phận tổ_trưởng
    văn_phòng trưởng_phòng phó_phòng nhân_viên chuyên_viên công_chức viên_chức một_cửa phòng_tài sở_tư
    sở_nội sở_xây sở_y sở_giáo bí_thư nhà_nước công_dân chính_phủ quốc_hội tòa_án viện_kiểm thanh_tra
    đảng_ủy hội_đồng đồng_chí công_ty doanh_nghiệp ngân_hàng bệnh_viện bảo_hiểm tổng_đài cảnh_sát
    thiếu_úy trung_úy thượng_úy đại_úy thiếu_uý trung_uý thượng_uý đại_uý thiếu_tá trung_tá thượng_tá đại_tá
    chánh_văn thanh_niên hội_phụ hội_nông hội_cựu
    hội_chữ hội_liên ban_dân mặt_trận việt_nam dịch_vụ hành_chính thành_phố thị_xã thị_trấn hồ_sơ trân_trọng kính_gửi kính_đơn
    giấy_phép chứng_nhận chứng_minh căn_cước hộ_khẩu số_điện điện_thoại địa_chỉ ký_tên họ_tên""")
LONE_STOP: Final = word_set("""huế vinh hà hải nam bắc đông tây trung tân phú an bình mỹ nga nhật hàn anh đức pháp lào thái việt
    kinh tết xuân thu đảng luật hạ mường nùng tày dao chăm hoa khmer y a bố cha con trời phật chúa điều
    khoản mục phần chương nghị quyết quyền thông công hội sở thanh đại trường bộ đoàn nhân ba tư năm sáu
    bảy tám chín sáng chiều lý ban quốc quan trưởng phòng viên tỉnh đình giang đồng quảng hòa lâm sao
    trang tòa tổ vàng sen hai một bốn mười nhất tình tính do vì thi duy""")
# Before a name, and after one: what makes an everyday word a name.
BEFORE: Final = word_set("""gặp của nhờ với cho là do bởi hỏi gọi tên cùng cảm ơn ảnh thấy biết nhắc gửi tố cáo khen chê nghe
    theo bị được mời và bạn liên hệ kiện trách giúp phê bình đề nghị""")
AFTER: Final = word_set("""ở nói bảo hướng tiếp làm trả hẹn cán công nhân đã thì có rất không ko yêu đòi hỏi đưa ngồi phụ trực
    nhận quát mắng la cười gọi giải tư địa kế một bên tại ký kí chưa lại là kêu thu xử ghi thái cứ toàn
    đang vẫn gợi nhũng vòi gây từ nhắn chỉ cho giúp hành kiểm trưởng phó giữ tự hay luôn hứa thông đuổi
    cáu dọa tỏ bắt bộ hàng địa kế chuyên văn quầy ơi ký họp đi đứng cầm lấy sai nhiệt tận ghê lịch thật quá hôm sáng chiều sinh sđt số cccd vô""")
# What persons do, and hardly anything else.
ACTS: Final = word_set("""nói bảo hỏi hẹn gọi nhắn đáp kêu hứa gắt quát mắng chửi cười khóc ngồi đứng đón dẫn cầm nghỉ cáu quên
    đòi nhờ mở tắt cúp tra xem ghi ký kí kiểm hướng giải trả tiếp trực phụ tư bưu đưa nhận báo khuyên dặn
    than kể khai viết đọc nghe biết hiểu cho bận vắng thắc từ đang còn cũng lại thì đã sẽ vẫn cứ chưa không
    rất ngắt chỉ xin thu nộp bán làm đều chứng ạ ơi hả tới đến cùng đánh chạy bị được phòng đội bên""")
# Behind these stands whoever the sentence tells of.
LEADS: Final = word_set(
    "thì rồi khi lúc bảo chuyển lần sao mà nhà có nhưng nghe đưa cho thế hôm đó nếu vì nên còn"
)
# Given names that open sentences as everyday words before a verb.
OPENING: Final = word_set("""lượt sửa chung ngừng viết bán sao như nhờ mời thường thể thì mà toàn quyết định quy tính tình tự tư hai ba bốn năm sáu bảy
    tám chín mười nhất lên xuống là hay mới cho được đã đang sẽ thêm tiếp luôn cả thu chi gửi nhận
    trình lập báo bảo xin vào ra sau trước sáng chiều tối nay cũng vẫn vừa việc do đề đó giao hướng
    phí tạm phản lưu soạn thư kỳ chỉ cầu sự tổ hợp mong kính khai trường nghi đội bản nhà hình cơ
    bé ảnh anh chị con em ông bà chúc kể khi lịch đối lúc từ điện điều khuyên khúc khẩn hiểu mến
    mừng thấy thưởng chuyển họ hàng quỹ luật thôn xã cụ""")
# Of these, given names all the same before a word of speech.
NAMES_TOO: Final = word_set(
    "thu chi thư toàn kỳ quyết hướng nhất nghi thưởng mừng mến khuyên nhờ trình công"
)
SPEECH: Final = word_set("nói bảo hẹn hứa gắt quát mắng cười đáp kêu")
# "Bà Tư", "chú Út": named by the order of birth, unless a thing is counted.
ORDERS: Final = word_set(
    "hai ba tư năm sáu bảy tám chín mười út cả tu nam sau bay tam chin muoi ut"
)
# Titles of officials within which a full name stands further behind: "Chủ tịch UBND xã".
HEADS_OF: Final = frozenset(ROLES) | word_set("trưởng phó")
COUNTED: Final = word_set("""ngày lần tháng giờ người triệu trăm nghìn ngàn tuổi năm tờ cái bộ lượt phút mươi cháu con anh chị
    em đứa vị cửa quầy bà ông cô tiếng hôm tuần loại bản giấy thứ câu ngay lan thang gio nguoi trieu
    tram nghin ngan tuoi nam to cai bo luot phut muoi chau dua vi cua quay ba tieng hom tuan loai ban
    giay thu cau qua do nay kia""")
# Everyday words of two syllables that stand behind titles: "anh em công nhân".
NO_NAMES: Final = phrase_set(
    "công nhân|công an|thanh tra|thanh niên|hội viên|đoàn viên|an ninh|tư pháp|bình dân|thành viên|bé|con|em|anh|chị|cháu|nhỏ|lớn"
)
SURE_AFTER: Final = word_set("noi bao hen quat mang tiep tra rat phu ngoi la nhiet goi hua")
SMALL_BARE: Final = word_set("chau be cu me thang thim mr ms bs")
SURE_PAIRS: Final = frozenset(
    (
        "tu phap",
        "dia chinh",
        "ke toan",
        "truong thon",
        "thu tien",
        "thu phi",
        "van thu",
        "bo phan",
        "hang xom",
        "mot cua",
        "cong an",
    )
)
OFFICES_AFTER: Final = word_set("quay phong bo cua mot ubnd xa phuong trung so ban")
FOREIGN_STOP: Final = word_set("""zalo facebook google maps vneid internet banking mobile smart microsoft word excel samsung galaxy
    iphone ipad apple viettel vinaphone mobifone vietcombank agribank bidv techcombank sacombank tv qr
    code online web website app store play portal wifi pdf email gmail sms otp vssid etc chrome windows
    android honda yamaha toyota momo shopee grab covid open311 scan photocopy photo copy video camera
    form vnpt fpt evn usb id pin call center hotline marketing email pro plus vietnam airlines vinhomes
    vinpearl vin group resort hotel coffee cafe mall plaza city tower karaoke sipas par index paypal
    file link fanpage youtube tiktok instagram messenger windows office server visa mastercard atm xml
    html api csv json ok okay hi hello dear thanks thank you mr mrs ms miss dr mb bank acb shb vpbank vietinbank tpbank hdbank ocb lotus big mart khmer odk collect
    coop lotte winmart kiot bluetooth gps gis vilis lis kpi iso http https www com vn ubnd hdnd""")
# Surnames that begin names of places as well: "An Khánh Tây".
OF_PLACES: Final = word_set(
    "an bình vĩnh phú hà thái kim hoa quảng cam đông sơn ninh lạc viên trung công chung bắc tây nam"
)
PAST_PEOPLE: Final = frozenset(("hồ chí minh", "ho chi minh"))
# Told from other words even in lower case; the second line are surnames of two words.
PEOPLES_SURE: Final = _bare(
    word_set("""niê mlô êban byă kbuôr ayun hwing ktla bkrông kđoh adrơng knul hmok enuôl ksor siu rmah kpă kpuih rcom
    rahlan rôman niêkđăm kđăm mdrang ktul mjâo aliô adrâo touneh touprong chamaléa katơr pinăng alăng
    néang rchâm rơchâm briu zơrâm pơloong mohamad""")
)
PEOPLES_PAIRS: Final = phrase_set(
    "ro cham|ko lieng|lo mu|zo ram|po loong|a lang|to ngol|bo bo|pi nang|ta yen|ka thi|buon ya"
)
# The others are written without tones.
PEOPLES_TONED: Final = phrase_set("tà yên|ka thị")
HMONG: Final = word_set(
    "sùng giàng vàng thào lầu mùa lý hạng cứ chảo vừ sình má hờ thò ly tráng ma phàng sung giang"
)
PEOPLES_BARE: Final = _bare(PEOPLES) - {"nay", "sa", "so", "mu", "ja", "yang"}
SURNAMES_BARE: Final = _bare(SURNAMES)
GIVEN_BARE: Final = _bare(GIVEN)
MIDDLES_BARE: Final = _bare(MIDDLES)
# Without marks only these; "cho" is "chợ" and "cho", "pho" is "phố" and "phó".
PLACES_BARE: Final = word_set(
    "phuong xa thon huyen tinh duong ubnd tp tx tt hem tnhh cty thpt thcs buon"
)
BEFORE_BARE: Final = _bare(BEFORE)
AFTER_BARE: Final = _bare(AFTER)
