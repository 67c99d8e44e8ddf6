"""One case from end to end: written, answered, published without names, reopened, settled.

Two people who never meet: a citizen on a phone who fears being ignored, and an official with a
ringing telephone who fears writing something wrong in public. Between them a real mail server.
"""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from app.access import pepper
from app.delivery import Sender, SmtpChannel, SmtpConfig
from app.floods import letters
from app.settings import Settings
from surveys.messages import Origin
from surveys.transactions import fetch
from tests.app.case_desk import make_desk
from tests.app.gateways import MailServer, mail_server
from tests.journeys.browser import DESK, PHONE, visit
from tests.journeys.conftest import check, enter

pytestmark = pytest.mark.browser

PLAINT = (
    "Tôi là Trần Thị Bé, số điện thoại 0912 345 678. Ba lần cán bộ Nguyễn Văn Hùng bảo tôi về "
    "lấy thêm giấy tờ mà không ghi vào phiếu."
)
ADDRESS = "be.tran@example.vn"
TITLE = "Đòi thêm giấy tờ ngoài quy định"
MOVES = [
    "receive", "take", "submit", "answer", "publish", "reopen", "take", "submit", "answer", "settle",
]  # fmt: skip


@pytest.fixture
async def mails() -> AsyncIterator[MailServer]:
    letters.buckets.clear()
    async with mail_server() as server:
        yield server


class Post:
    """What the worker does with messages, and the letters that came of it."""

    def __init__(self, mails: MailServer, server: str, var: Path) -> None:
        self.mails = mails
        # The citizen is told at night too: a test may run at any hour.
        settings = Settings(var=var, quiet_hours="00:00-00:00")
        config = SmtpConfig(
            host="127.0.0.1", port=mails.port, sender="SIPAS <no-reply@example.vn>", security="none"
        )
        origin = Origin(pepper(settings), server)
        self.sender = Sender(
            settings, {"mail": SmtpChannel(config)}, origin, lambda: datetime.now(UTC), worker="it"
        )

    async def deliver(self) -> str:
        """Send what is due; the text of the letter that reached the citizen last."""
        before = len(self.mails.mails)
        while await self.sender.send_due():
            pass
        assert len(self.mails.mails) == before + 1
        letter = self.mails.mails[-1]
        assert letter["to"] == ADDRESS
        body = letter.get_body()
        assert body is not None
        return str(body.get_content())

    async def link(self) -> str:
        """The link to the case in the letter that is due."""
        text = await self.deliver()
        assert "0912" not in text
        assert "Hùng" not in text
        found = re.search(r"https?://\S+/p/[\w-]+", text)
        assert found, text
        return found[0]


async def write(page: Page) -> str:
    """The citizen writes; returns the access code."""
    await page.goto("/reflect")
    await page.get_by_label("Phản ánh").check()
    await page.get_by_label("Gửi tới cơ quan nào?").fill("nha trang")
    await page.get_by_role("button", name="Tìm cơ quan").click()
    await expect(page.get_by_text("Đã chọn cơ quan này.")).to_be_visible()
    await page.get_by_label("Chuyện gì đã xảy ra").fill(PLAINT)
    await page.get_by_label("Họ và tên").fill("Trần Thị Bé")
    await page.get_by_label("Thư điện tử").first.fill(ADDRESS)
    await page.get_by_label("Dùng thông tin liên hệ").check()
    await page.get_by_label("Công khai nội dung").check()
    await page.get_by_role("radio", name="Thư điện tử").check()
    await page.get_by_role("button", name="Gửi", exact=True).last.click()
    await expect(page.get_by_role("heading", name="Đã gửi")).to_be_visible()
    return await page.locator(".code").inner_text()


async def answer(page: Page, text: str) -> None:
    """The official writes and sends an answer to the case that is open."""
    await page.get_by_label("Trả lời người gửi").fill(text)
    await page.get_by_label("Đã thay đổi", exact=True).check()
    await page.get_by_label("Nếu có: thay đổi điều gì").fill("Danh mục giấy tờ dán ở quầy số 3.")
    await page.get_by_role("button", name="Lưu, xem lại lần cuối rồi gửi").click()
    await page.get_by_role("button", name="Gửi trả lời cho người dân").click()
    await expect(page.get_by_role("status")).to_have_text("Đã xong: gửi trả lời.")


async def confirm(page: Page, part: str) -> None:
    """Keep a covered text, read it again, and say so."""
    card = page.locator(f"#{part}")
    await card.get_by_role("button", name="Lưu bản đã che").click()
    await card.get_by_label("Tôi đã đọc hết").check()
    await card.get_by_role("button", name="Xác nhận").click()
    await expect(card.get_by_text("đã đọc lại và xác nhận")).to_be_visible()


async def receive(page: Page) -> None:
    """The official finds the case in the inbox, reads it and gives it a title."""
    await page.goto("/cases?scope=agency")
    await page.get_by_role("row").nth(1).get_by_role("link").first.click()
    await expect(page.get_by_text("Ba lần cán bộ")).to_be_visible()
    await page.get_by_label("Tiêu đề", exact=True).fill(TITLE)
    await page.get_by_role("button", name="Tiếp nhận", exact=True).click()
    await expect(page.get_by_role("status")).to_have_text("Đã xong: tiếp nhận.")


async def take(page: Page) -> None:
    """The official takes the open case in hand."""
    await page.locator("#moves details", has_text="Nhận xử lý").first.evaluate(
        "it => it.open = true"
    )
    await page.get_by_role("button", name="Nhận xử lý").click()
    await expect(page.get_by_role("status")).to_have_text("Đã xong: nhận xử lý.")


async def publish(page: Page) -> None:
    """The official covers what names people, reads it again, and publishes."""
    await page.get_by_role("link", name="Che thông tin và công khai").click()
    await check(page)
    await confirm(page, "question")
    await confirm(page, "answer")
    await confirm(page, "explanation")
    await page.locator("#publish").get_by_role("button", name="Công khai").click()
    await expect(page.get_by_role("status")).to_contain_text("Đã công khai.")


async def read_publicly(page: Page) -> None:
    """Anybody finds the answer by words without marks, and nobody's name in it."""
    await page.goto("/answers?words=giay+to")
    await page.get_by_role("link", name=TITLE).click()
    shown = await page.locator("main").inner_text()
    assert "Danh mục giấy tờ dán ở quầy số 3." in shown
    assert "lấy thêm giấy tờ mà không ghi vào phiếu" in shown
    for secret in ("Bé", "0912", "345 678", "Hùng", ADDRESS, "binh"):
        assert secret not in shown
    await check(page)


async def reopen(page: Page) -> None:
    """The citizen is not content."""
    await page.get_by_text("Đã trả lời nhưng chưa thỏa đáng").click()
    await page.get_by_label("Vì sao chưa thỏa đáng?").fill("Tôi vẫn chưa có kết quả.")
    await page.get_by_role("button", name="Gửi và mở lại vụ việc").click()
    await expect(page.get_by_role("heading", name="Bạn đã mở lại")).to_be_visible()


async def settle(page: Page) -> None:
    """The citizen is content now, and says how content."""
    await expect(page.get_by_text("Kết quả đã trả sáng nay.")).to_be_visible()
    await page.get_by_label("Hài lòng", exact=True).check()
    await page.get_by_role("button", name="Gửi đánh giá về câu trả lời").click()
    await page.get_by_role("button", name="Đã thỏa đáng").click()
    await expect(page.get_by_role("heading", name="Đã thỏa đáng")).to_be_visible()


async def test_a_voice_is_heard_answered_published_and_settled(
    browser: Browser, server: str, mails: MailServer, tmp_path: Path
) -> None:
    await make_desk()
    post = Post(mails, server, tmp_path)
    async with (
        visit(browser, server, PHONE) as citizen,
        visit(browser, server, DESK) as official,
        visit(browser, server, PHONE) as stranger,
    ):
        assert re.fullmatch(r"[A-Z0-9-]{12,16}", await write(citizen))
        await enter(official, server, "binh")
        await receive(official)
        assert "sẽ trả lời trước ngày" in await post.deliver()
        case = official.url.split("?")[0]
        await take(official)
        await answer(official, "Chúng tôi xin lỗi bà Trần Thị Bé. Giấy tờ của bà đã đủ.")
        link = await post.link()
        await publish(official)
        assert await post.link() == link
        await read_publicly(stranger)
        await citizen.goto(link)
        await reopen(citizen)
        await official.goto(case)
        await expect(official.get_by_text("Tôi vẫn chưa có kết quả.")).to_be_visible()
        await take(official)
        await answer(official, "Kết quả đã trả sáng nay. Chúng tôi xin lỗi lần nữa.")
        await citizen.goto(await post.link())
        await settle(citizen)
    (row,) = await fetch("SELECT state FROM reflection_case")
    assert row["state"] == "settled"
    rows = await fetch("SELECT verdict, level FROM case_answer ORDER BY turn")
    assert [tuple(one.values()) for one in rows] == [("not_settled", None), ("settled", 4)]
    names = await fetch("SELECT name FROM case_event ORDER BY id")
    assert [one["name"] for one in names if one["name"] in MOVES] == MOVES
