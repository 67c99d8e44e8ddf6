"""Where somebody lives: from the house or hamlet up, never a ward or an office alone."""

import re
from collections.abc import Iterator
from typing import Final

from analysis.texts.folding import Folded
from analysis.texts.numbers import Found
from analysis.texts.tokens import NAMED, UPPER

WORD: Final = rf"[{UPPER}][\w']*+"
NAME: Final = rf"(?:{WORD}(?:[ \-]{WORD}){{0,3}}(?: \d{{1,2}}(?!\w))?|\d{{1,2}} [Tt]háng \d{{1,2}}|\d{{1,3}}(?:/\d{{1,2}}|[A-Za-z])?(?!\w)(?: {WORD}){{0,3}})"
LOW: Final = (
    r"(?:[^\W\d]++(?: [^\W\d]++){0,2}(?: \d{1,2})?(?=\s*+(?:[,.;\n\-(]|$))"
    r"|[^\W\d]++(?: [^\W\d]++)?(?= (?:ma|mà|thi|thì|co|có|khong|không|ko|da|đã|nhung|nhưng|bi|bị|nen|va|và|de|để|gan|gần|tu|từ|cho|chưa|chua)(?!\w))"
    r"|\d{1,3}(?:/\d{1,2}|[a-z])?(?!\w))"
)
NUMBER: Final = r"\d{1,4}[A-Za-z]?(?:[ ]?/[ ]?\d{1,4}[A-Za-z]?){0,9}(?:-\d{1,3}[A-Za-z]?)?"
STREET: Final = r"(?:đường|đ\.|phố|ngõ|hẻm|kiệt|ngách|đại lộ|quốc lộ|tỉnh lộ|ql|tl|duong|pho|ngo|hem|kiet|ngach)"
HAMLET: Final = (
    r"(?:tổ dân phố|khu dân cư|ktx|khu phố|tổ|thôn|ấp|xóm|buôn|bản|khóm|kp\.?|tdp|khu tập thể|cụm"
    r"|đội(?= \d)|khối|tiểu khu|làng|bon|plei|chung cư|tòa nhà|cư xá|khu đô thị|ký túc xá|chung cu|cu xa"
    r"|to dan pho|khu dan cu|khu pho|to|thon|ap|xom|buon|khom)"
)
UNIT: Final = (
    r"(?:phường|xã|thị trấn|quận|huyện|thị xã|thành phố|tỉnh|tp\.?|p\.|q\.|h\.|x\.|tx\.?|tt\.?|t\.|p(?=\d)|q(?=\d)"
    r"|phuong|xa|thi tran|quan|huyen|thi xa|thanh pho|tinh)"
)
HOUSE: Final = (
    rf"(?:(?:số nhà|nhà số|căn hộ(?: số)?|căn số|phòng(?= \d{{3,4}})|lô|số|so nha|nha so|can ho(?: so)?|so"
    rf"|(?:{STREET}))[: ]{{1,2}}(?:[A-Z]{{0,2}}[.\-]?)?{NUMBER}|p\. ?\d{{3,4}})"
)
AND: Final = r"\s*+(?:[,\-–]\s*+)?"


def _more(name: str) -> str:
    """What may follow: streets, hamlets and units with their names, and places after a comma."""
    parts = rf"(?:(?i:{STREET}) {NUMBER},? {name}|(?:(?i:{STREET})|(?i:{HAMLET})|(?i:{UNIT}))[ ]?{name})"
    word = WORD if name == NAME else r"[^\W\d]++"
    end = r"(?!\w)" if name == NAME else r"(?=\s*+(?:[,.;\n]|$))"
    town = rf"\s?[,\-–]\s?(?:{NUMBER} )?{word}(?: {word}){{1,2}}{end}"
    return rf"(?:{AND}(?:{parts}|(?i:{HOUSE}))|{town})*"


def _rules(name: str) -> tuple[re.Pattern[str], ...]:
    small = rf"(?:(?i:{HAMLET})(?: số| so)? ?{name})"
    unit = rf"(?:(?i:{UNIT})[ ]?{name})"
    road = rf"(?i:{STREET})[ ]?{name}"
    more = _more(name)
    place = rf"(?:(?i:{HOUSE})(?:,? {name})?|{NUMBER}(?:(?i: {STREET})? {name}|,? {small})|{small}|{road}|{unit})"
    told = (
        r"(?i:địa chỉ(?: (?:nhà|tôi|em|của tôi|thường trú|liên hệ|hiện tại|nhận)){0,5}|đ/c|dia chi(?: nha)?"
        r"|hộ khẩu(?: thường trú)?|ho khau(?: thuong tru)?|thường trú|tạm trú|thuong tru|tam tru|trú|cư trú|cư ngụ|ngụ"
        r"|nhà (?:tôi|em|cháu|mình|ở)|nha (?:toi|em|o)|nơi ở|chỗ ở|quê quán|nguyên quán|đang ở|sống ở)"
        r"(?i:[ :]++(?:ở|tại|là|số|o|tai|la|hiện|nay|nhà|của)){0,5}[ :]++"
    )
    return (
        re.compile(rf"{told}({place}{more})"),
        re.compile(rf"(?<![\w/])((?i:{HOUSE})(?:,? (?:(?i:{STREET}) )?{name})?{more})"),
        re.compile(rf"(?<![\w/.,])({NUMBER} (?i:{STREET}) {name}{more})"),
        re.compile(rf"(?<![\w])({small}{AND}(?:{unit}|{small}){more})"),
        re.compile(rf"(?:(?i:ở|tại|nhà|số|o|tai|nha|so)[: ]++|[,:(] ?|^)({NUMBER} {name}{more})"),
        re.compile(
            rf"(?<![\w/])([A-Za-z]?\d{{1,4}}[A-Za-z]?(?:/\d{{1,4}}){{1,9}}[A-Za-z]? (?:{small}|{name}){more})"
        ),
    )


CAPITAL: Final = _rules(NAME)
LOWER: Final = _rules(LOW)[:4]
# A number after "số" that is one of a paper, a counter, a law.
NOT_HOUSE: Final = re.compile(
    r"(?i)^(?:số|so|phòng|lô)[: ]+\d+[a-z]?$|^(?:số|so) \d+(?:/\d{4})?(?:/[A-ZĐ]|-[A-ZĐ]{2})"
    r"|^(?:đường|phố|đại lộ|quốc lộ|tỉnh lộ|ql|tl|duong|pho)[ .]?[\d/]+[a-z]?$|^[\d /.\-]+$"
    r"|^(?:tổ|to|khu|đội|khối|làng) (?:công|tiếp|chức|chuc|vực|vuc|trưởng|phó|một)"
)
# A code is longer than a number of a house: "số H32" of "H32.40-250911".
GOES_ON: Final = re.compile(r"/|[.\-]\d")
# In lower case "số 12 ạ" is a house only where a street or a place follows.
BARE_NUMBER: Final = re.compile(rf"^(?:số|so) {NUMBER}(?: (?!{STREET}|{HAMLET}|{UNIT})[^\W\d]++)?$")
BEFORE: Final = re.compile(
    r"(?i)(?:cửa|quầy|phòng|bàn|thứ tự|bản đồ|tờ|thửa|mẫu|công văn|quyết định|điều|khoản|văn bản|ô|bước"
    r"|trụ sở|trụ sở tại|bão|hồ sơ|lượt|tuyến|dịch|quý|lớp|khóa|đợt|biên lai|hóa đơn|biên nhận|thông báo"
    r"|cua|quay|phong|ban|thu tu|ban do|thua|mau|cong van|quyet dinh|dieu|khoan|van ban) ?$"
)
# More signs than the longest of these words has.
NEAR: Final = 16


def find_addresses(folded: Folded) -> Iterator[Found]:
    """Places, kinds and rules. Lines without capitals are read by commas instead."""
    place = 0
    for line in folded.text.split("\n"):
        few = sum(one.isupper() for one in line) <= 1 and NAMED not in line
        low = few or line.isupper()
        shown = line.lower() if low else line
        for number, rule in enumerate(LOWER if low else CAPITAL):
            for match in rule.finditer(shown):
                found = match[1].rstrip(" ,-")
                paper = NOT_HOUSE.search(found) or GOES_ON.match(shown, match.end(1))
                if low and BARE_NUMBER.search(found):
                    continue
                first = match.start(1)
                if not (paper or BEFORE.search(shown, max(0, first - NEAR), first)):
                    yield (
                        place + first,
                        place + first + len(found),
                        "address",
                        f"address_{number + 1}",
                    )
        place += len(line) + 1
