"""Letters to the office become cases, against a real IMAP server."""

import asyncio
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st
from imap_tools.message import MailMessage

from app.access import pepper
from app.mailbox import MailboxError, box, check_mailbox, read_mailbox, reading
from app.mailbox.letters import Letter, key_of, read_letter
from app.mailbox.texts import own_words, subject_of
from app.settings import SettingError, Settings
from surveys import reflections
from surveys.accounts import Role
from surveys.days import local_day
from surveys.reflections.mail import list_refused
from surveys.transactions import fetch
from tests.app.files import document, photograph
from tests.app.people import get, make_person, post, sign_in
from tests.app.post_office import USER, PostOffice, letter, mailbox_settings, post_office
from tests.factories import make_agency
from tests.surveys.case_town import Town, bring_in_hand, bring_to_answer, make_town


@pytest.fixture(scope="module")
def server_of_letters(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostOffice]:
    with post_office(tmp_path_factory.mktemp("imap")) as one:
        yield one


@pytest.fixture
def office(server_of_letters: PostOffice) -> PostOffice:
    server_of_letters.empty()
    return server_of_letters


@pytest.fixture
async def town(database: str) -> Town:
    return await make_town()


@pytest.fixture
async def settings(town: Town, tmp_path: Path, office: PostOffice) -> Settings:
    (row,) = await fetch("SELECT code FROM agency WHERE id = $1", town.agency)
    return mailbox_settings(tmp_path, office, imap_agency=row["code"])


async def cases() -> list[dict[str, Any]]:
    return await fetch(
        "SELECT c.id, c.reference, c.agency, c.channel, c.state, k.name, k.mail, k.reply,"
        " k.publication, k.survey, k.notice FROM reflection_case c"
        " JOIN case_contact k ON k.case_id = c.id ORDER BY c.created_at"
    )


async def texts(part: str = "original") -> list[str]:
    rows = await fetch("SELECT text FROM case_text WHERE part = $1 ORDER BY id", part)
    return [row["text"] for row in rows]


async def test_a_letter_that_lay_for_days_has_its_day_and_the_clocks_of_now(
    town: Town, settings: Settings, office: PostOffice
) -> None:
    before = datetime.now(UTC)
    came = before - timedelta(days=12)
    stamp = f"from a.example by b.example; {came:%a, %d %b %Y %H:%M:%S} +0000"
    office.deliver(letter(Received=stamp))
    assert await read_mailbox(settings) == {"opened": 1}
    (case,) = await fetch("SELECT received_on FROM reflection_case")
    assert case["received_on"] == local_day(came)
    starts = await fetch("SELECT started_at FROM case_clock")
    assert starts
    assert all(row["started_at"] >= before for row in starts)


async def test_a_letter_becomes_a_case_and_its_sender_is_told(
    town: Town, settings: Settings, office: PostOffice
) -> None:
    office.deliver(letter())
    assert await read_mailbox(settings) == {"opened": 1}
    (case,) = await cases()
    assert (case["agency"], case["channel"], case["state"]) == (town.agency, "email", "new")
    assert (case["name"], case["mail"]) == ("Trần Thị Bé", "be@example.vn")
    # A letter asks for an answer by letter and agrees to nothing else.
    assert (case["reply"], case["publication"], case["survey"]) == (True, False, False)
    assert case["notice"] == "email"
    assert await texts() == ["Ba lần tôi phải về lấy giấy."]
    rows = await fetch("SELECT event, channel, address, fields FROM outbox_message")
    assert [(row["event"], row["channel"], row["address"]) for row in rows] == [
        ("reflection_by_mail", "mail", "be@example.vn")
    ]
    assert case["reference"] in rows[0]["fields"]
    assert office.flags() == [{"\\Seen"}]


async def test_a_letter_is_taken_once_whatever_happens_to_its_mark(
    settings: Settings, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    same = letter()
    office.deliver(same, same)

    def fall_over(*_given: object, **_named: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(box.Box, "mark", fall_over)
        with pytest.raises(RuntimeError):
            await read_mailbox(settings)
    assert len(await cases()) == 1
    assert await read_mailbox(settings) == {"known": 2}
    office.mark_unread(1)
    assert await read_mailbox(settings) == {"known": 1}
    assert len(await cases()) == 1
    assert len(await fetch("SELECT id FROM outbox_message")) == 1
    assert await read_mailbox(settings) == {}


async def test_the_address_says_which_agency(
    town: Town, settings: Settings, office: PostOffice
) -> None:
    tagged, named = await make_agency(code="H32.15"), await make_agency(code="H32.16")
    more = mailbox_settings(
        settings.var,
        office,
        imap_agency=settings.imap_agency,
        imap_addresses="so16@tinh.example.vn=H32.16",
    )
    office.deliver(
        letter(to="phananh+h32.15@tinh.example.vn"),
        letter(to="ai.do@example.vn", cc="Sở 16 <So16@tinh.example.vn>"),
        letter(to="phananh+khong-co@tinh.example.vn"),
        letter(to="", delivered_to="phananh+H32.16@tinh.example.vn"),
    )
    assert await read_mailbox(more) == {"opened": 4}
    assert [case["agency"] for case in await cases()] == [tagged, named, town.agency, named]


async def test_without_an_agency_a_letter_is_flagged_and_listed(
    town: Town, settings: Settings, office: PostOffice
) -> None:
    lost = mailbox_settings(settings.var, office)
    office.deliver(letter())
    assert await read_mailbox(lost) == {"refused": 1}
    assert office.flags() == [{"\\Seen", "\\Flagged"}]
    rows = await fetch("SELECT outcome, sender, case_id FROM mailbox_letter")
    assert rows == [{"outcome": "no_agency", "sender": "B…@Example.vn", "case_id": None}]
    # Somebody sets the agency right and marks the letter as unread.
    office.mark_unread(1)
    assert await read_mailbox(settings) == {"opened": 1}
    assert await reflections_refused() == []


async def reflections_refused() -> list[str]:
    return [row["outcome"] for row in await list_refused()]


@pytest.mark.parametrize(
    "heads",
    [
        {"auto_submitted": "auto-replied"},
        {"precedence": "bulk"},
        {"list_id": "<dien-dan.example.vn>"},
        {"x_autoreply": "yes"},
        {"return_path": "<>"},
        {"from": "MAILER-DAEMON@example.vn"},
        {"from": "no-reply@example.vn"},
        {"from": f"Phản ánh <{USER}>"},
        {"content_type": "multipart/report; report-type=delivery-status; boundary=x"},
    ],
    ids=lambda heads: next(iter(heads)),
)
async def test_what_a_machine_wrote_is_left_alone(
    settings: Settings, office: PostOffice, heads: dict[str, str]
) -> None:
    office.deliver(letter(None if "content_type" in heads else "Tôi đang nghỉ phép.", **heads))
    assert await read_mailbox(settings) == {"automatic": 1}
    assert await cases() == []
    assert await fetch("SELECT id FROM outbox_message") == []
    assert office.flags() == [{"\\Seen"}]


async def opened_by_mail(settings: Settings, office: PostOffice) -> dict[str, Any]:
    office.deliver(letter())
    await read_mailbox(settings)
    return (await cases())[0]


REPLY = """Tôi gửi thêm ngày đã đến: 12/11.

--\x20
Trần Thị Bé, 0912 345 678

Vào Th 6, 27 thg 11, 2026 vào lúc 09:00 Phản ánh
<phananh@tinh.example.vn> đã viết:
> UBND phường đã nhận thư của bạn là phản ánh {reference}.
"""


async def test_a_reply_from_the_same_address_is_added_without_what_it_quotes(
    settings: Settings, office: PostOffice
) -> None:
    case = await opened_by_mail(settings, office)
    reply = letter(REPLY.format(reference=case["reference"]), in_reply_to="<x@y>")
    office.deliver(reply)
    assert await read_mailbox(settings) == {"added": 1}
    assert len(await cases()) == 1
    assert await texts("addition") == ["Tôi gửi thêm ngày đã đến: 12/11."]
    office.mark_unread(2)
    assert await read_mailbox(settings) == {"known": 1}
    assert len(await texts("addition")) == 1


async def test_a_stranger_who_names_a_case_adds_nothing_to_it_unless_the_code_is_told(
    town: Town, settings: Settings, office: PostOffice
) -> None:
    made = await reflections.open_case(
        reflections.NewCase(
            kind="reflection",
            text="Chờ lâu.",
            agency=town.agency,
            channel="phone",
            person=reflections.Person(phone="0912345678"),
            consents=reflections.Consents(reply=True),
        ),
        pepper(settings),
    )
    strange = letter(f"Tôi cũng vậy, như {made.reference}.", **{"from": "la@example.vn"})
    office.deliver(strange)
    assert await read_mailbox(settings) == {"opened": 1}
    code = "-".join(made.code[at : at + 4] for at in (0, 4, 8))
    told = letter(f"Mã tra cứu: {code}. Thêm ảnh.", **{"from": "bạn@example.vn"})
    told.replace_header("From", "ban@example.vn")
    told.replace_header("Subject", f"Re: {made.reference}")
    office.deliver(told)
    assert await read_mailbox(settings) == {"added": 1}
    assert len(await texts("addition")) == 1


async def test_a_reply_to_an_answered_case_needs_a_person(
    town: Town, settings: Settings, office: PostOffice
) -> None:
    case = await opened_by_mail(settings, office)
    await bring_in_hand(case["id"], town)
    await bring_to_answer(case["id"], town)
    office.deliver(letter("Chưa được.", subject=f"Re: {case['reference']}"))
    assert await read_mailbox(settings) == {"refused": 1}
    assert await reflections_refused() == ["answered"]
    assert await texts("addition") == []
    # Its citizen gets the link once more, and a machine that replies to that gets nothing.
    again = "SELECT address FROM outbox_message WHERE unique_key LIKE '%again%'"
    assert await fetch(again) == [{"address": "be@example.vn"}]
    office.deliver(letter("Tôi vắng mặt.", subject=f"Re: {case['reference']}"))
    await read_mailbox(settings)
    assert len(await fetch(again)) == 1


async def test_a_reply_to_a_case_that_was_not_accepted_gets_the_link_to_reopen_it(
    town: Town, settings: Settings, office: PostOffice
) -> None:
    case = await opened_by_mail(settings, office)
    await reflections.refuse(case["id"], "Việc của tòa án.", town.clerk)
    again = "SELECT event, address, fields FROM outbox_message WHERE unique_key LIKE '%again%'"
    assert await fetch(again) == []
    for words in ("Tôi không đồng ý.", "Tôi vắng mặt."):
        office.deliver(letter(words, subject=f"Re: {case['reference']}"))
        assert await read_mailbox(settings) == {"refused": 1}
    assert await reflections_refused() == ["answered", "answered"]
    (told,) = await fetch(again)
    assert (told["event"], told["address"]) == ("reflection_not_accepted", "be@example.vn")
    assert "Việc của tòa án." in told["fields"]
    assert str(case["id"]) in told["fields"]


async def test_two_programs_that_read_at_once_add_a_letter_once(
    settings: Settings, office: PostOffice
) -> None:
    case = await opened_by_mail(settings, office)
    office.deliver(letter("Thêm một ý.", subject=f"Re: {case['reference']}"))
    counts = await asyncio.gather(*(read_mailbox(settings) for _one in range(4)))
    assert sum(one.get("added", 0) for one in counts) == 1
    assert await texts("addition") == ["Thêm một ý."]


async def test_files_of_a_letter_are_checked_like_any_others(
    settings: Settings, office: PostOffice
) -> None:
    sent = letter()
    sent.add_attachment(photograph(), "image", "jpeg", filename="đơn của Bé.jpg")
    sent.add_attachment(document(), "application", "pdf", filename="đơn.pdf")
    sent.add_attachment(b"MZ\x90", "application", "octet-stream", filename="anh.jpg.exe")
    sent.add_attachment(b"PNG of a logo", "image", "png", disposition="inline", cid="<logo@x>")
    office.deliver(sent)
    assert await read_mailbox(settings) == {"opened": 1}
    (case,) = await cases()
    seen = await reflections.citizen_view(case["id"])
    assert [(file["label"], file["media_type"]) for file in seen.attachments] == [
        ("anh-1.jpg", "image/jpeg"),
        ("tai-lieu-2.pdf", "application/pdf"),
    ]
    assert [(event["name"], event["detail"].get("count")) for event in seen.events][-1] == (
        "files_refused",
        1,
    )
    office.mark_unread(1)
    assert await read_mailbox(settings) == {"known": 1}
    assert len((await reflections.citizen_view(case["id"])).attachments) == 2


async def test_what_cannot_be_taken_waits_for_a_person(
    settings: Settings, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "largest", lambda _settings: 50_000)
    office.deliver(
        letter("   ", subject="Trống"),
        letter("x" * 20_001),
        letter(from_="", **{"from": "không có địa chỉ"}),
        letter("y" * 60_000),
    )
    assert await read_mailbox(settings) == {"refused": 4}
    assert sorted(await reflections_refused()) == ["empty", "no_sender", "too_large", "too_long"]
    assert await cases() == []


async def test_one_sender_opens_ten_cases_a_day_by_mail(
    settings: Settings, office: PostOffice
) -> None:
    office.deliver(*(letter(f"Thư số {number}") for number in range(11)))
    assert await read_mailbox(settings) == {"opened": 10, "refused": 1}
    assert await reflections_refused() == ["too_many"]


async def test_html_and_old_charsets_are_read(settings: Settings, office: PostOffice) -> None:
    html = letter(None)
    html.set_content(
        "<html><head><style>p{}</style></head><body><p>Chờ <b>ba</b> giờ.</p>"
        "<script>x()</script><div>Mời xem &amp; trả lời.</div></body></html>",
        subtype="html",
    )
    old = letter(None)
    raw = bytes(old) + (
        b"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=windows-1258\r\n"
        b"Content-Transfer-Encoding: 8bit\r\n\r\nCh\xf5\xcc l\xe2u qu\xe1.\r\n"
    )
    office.deliver(html, raw.replace(b"\n\n", b"\n", 1))
    assert await read_mailbox(settings) == {"opened": 2}
    found = await texts()
    assert found[0] == "Chờ ba giờ.\n\nMời xem & trả lời."
    assert found[1] == "Chờ lâu quá."


async def test_a_forwarded_letter_keeps_what_it_forwards(
    settings: Settings, office: PostOffice
) -> None:
    whole = "---------- Forwarded message ---------\nTừ: Quầy 1\nVui lòng bổ sung giấy tờ."
    office.deliver(letter(whole, subject="Fwd: giấy tờ", references="<a@b>"))
    assert await read_mailbox(settings) == {"opened": 1}
    assert await texts() == [whole]


async def test_broken_letters_keep_nobody_waiting(settings: Settings, office: PostOffice) -> None:
    office.deliver(
        b"From: =?utf-8?b?####?= <a@example.vn>\r\nDate: never\r\n"
        b"Content-Type: multipart/mixed\r\n\r\nkhong co ranh gioi\r\n",
        b"Content-Type: text/plain; charset=khong-co\r\n\r\n\xff\xfe\x00",
        b"From: a@example.vn\r\nContent-Type: text/plain; charset=utf-7\r\n\r\n+2AA- nua chu",
        letter(),
    )
    counts = await read_mailbox(settings)
    assert sum(counts.values()) == 4
    assert "? nua chu" in await texts()
    assert "Ba lần tôi phải về lấy giấy." in await texts()
    assert all("\\Seen" in flags for flags in office.flags())


async def test_a_wrong_password_or_no_server_is_told_in_one_line(
    settings: Settings, office: PostOffice
) -> None:
    wrong = mailbox_settings(settings.var, office, imap_password="wrong")
    with pytest.raises(MailboxError, match="hộp thư"):
        await read_mailbox(wrong)
    nobody = mailbox_settings(settings.var, office, imap_port=1)
    with pytest.raises(MailboxError):
        await read_mailbox(nobody)


def test_a_password_does_not_travel_in_the_open() -> None:
    check_mailbox(Settings())
    check_mailbox(Settings(imap_host="mail.example.vn"))
    for wrong in ("none", "ssl"):
        with pytest.raises(SettingError, match="SIPAS_IMAP_SECURITY"):
            check_mailbox(Settings(imap_host="mail.example.vn", imap_security=wrong))


async def test_the_office_sees_what_needs_a_person_and_ticks_it_off(
    client: httpx.AsyncClient, settings: Settings, office: PostOffice
) -> None:
    office.deliver(letter("   "))
    await read_mailbox(settings)
    await make_person(Role.ANALYST)
    await sign_in(client, Role.ANALYST)
    page = await get(client, "/office/mailbox")
    assert "Thư không có nội dung" in page.text
    assert "B…@Example.vn" in page.text
    assert "Be@" not in page.text
    (row,) = await fetch("SELECT id FROM mailbox_letter")
    answer = await post(client, f"/office/mailbox/{row['id']}/done")
    assert answer.status_code == 303
    assert "Không có thư nào cần người xem." in (await get(client, "/office/mailbox")).text
    assert (await post(client, f"/office/mailbox/{row['id']}/done")).status_code == 404


def test_a_letter_without_a_message_id_has_a_key_of_its_own() -> None:
    def key(made: EmailMessage) -> str:
        return key_of(MailMessage.from_bytes(bytes(made)))

    one, other = letter(message_id=""), letter(message_id="", subject="Khác")
    assert key(one) == key(one)
    assert key(one) != key(other)


def make_certificate(path: Path) -> None:
    """A key and a certificate for this machine, signed by nobody but itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    shown = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(shown + made.public_bytes(serialization.Encoding.PEM))


async def test_a_server_that_nobody_vouches_for_gets_no_password(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pem = tmp_path / "localhost.pem"
    make_certificate(pem)
    with post_office(tmp_path, certificate=pem) as safe:
        wish = mailbox_settings(
            tmp_path,
            safe,
            imap_host="localhost",
            imap_security="starttls",
            imap_agency=settings.imap_agency,
        )
        with pytest.raises(MailboxError, match="certificate"):
            await read_mailbox(wish)
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))
        assert await read_mailbox(wish) == {}


async def test_other_jobs_go_on_while_a_letter_is_read(
    settings: Settings, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone_on = threading.Event()

    def read_slowly(message: MailMessage) -> Letter:
        assert gone_on.wait(10)
        return read_letter(message)

    async def other_job() -> None:
        while not gone_on.is_set():
            await asyncio.sleep(0.5)
            gone_on.set()

    monkeypatch.setattr(reading, "read_letter", read_slowly)
    office.deliver(letter())
    read, _done = await asyncio.gather(read_mailbox(settings), other_job())
    assert read == {"opened": 1}


@cache
def whole_letter() -> bytes:
    made = letter("Chờ lâu quá.\n> hôm qua", in_reply_to="<a@b>")
    made.add_attachment(b"x" * 50, "image", "png", filename="ảnh.png")
    made.set_boundary("ranh-gioi")
    return bytes(made)


@given(st.dictionaries(st.integers(0, 2000), st.integers(0, 255), min_size=1, max_size=30))
def test_a_mangled_letter_is_read_or_refused_and_fits_the_database(wounds: dict[int, int]) -> None:
    raw = bytearray(whole_letter())
    for at, value in wounds.items():
        raw[at % len(raw)] = value
    message = MailMessage.from_bytes(bytes(raw))
    assert len(key_of(message)) == 64
    try:
        found = read_letter(message)
    except Exception:  # noqa: BLE001 - the reader of the mailbox flags such a letter
        return
    for said in (found.text, found.whole, found.subject, found.name, found.sender):
        assert "\0" not in said
        said.encode()


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("Đồng ý.\n\nOn Fri, 27 Nov 2026 at 09:00, SIPAS <a@b.vn> wrote:\n> cũ", "Đồng ý."),
        ("Đồng ý.\n\n-----Original Message-----\nFrom: a", "Đồng ý."),
        ("Đồng ý.\n\nTừ: SIPAS <a@b.vn>\nĐã gửi: Thứ Sáu\nĐến: Bé\ncũ", "Đồng ý."),
        ("Đồng ý.\n________________________________\nTừ: a", "Đồng ý."),
        ("Vào ngày 27/11 tôi đã viết đơn: chưa ai trả lời.", None),
        ("Từ: nhà tôi đến phường: 3 km.\nTôi đi ba lần.", None),
        ("Vào cổng phía sau, tôi gặp bảo vệ, người này viết: không tiếp.", None),
    ],
)
def test_what_a_reply_quotes_is_cut_and_what_it_says_is_not(text: str, own: str | None) -> None:
    assert own_words(text) == (own or text)


@pytest.mark.parametrize(
    ("subject", "own"),
    [
        ("Re: Fwd: Chờ lâu", "Chờ lâu"),
        ("RE[2]:Trả lời :  Chuyển tiếp: FW: Chờ lâu", "Chờ lâu"),
        ("  re:re:re: Tr: re", "re"),
        ("Re: ", ""),
        ("Treo biển: chờ lâu", "Treo biển: chờ lâu"),
        ("Chờ lâu. Re: hôm qua", "Chờ lâu. Re: hôm qua"),
    ],
)
def test_a_subject_is_what_was_written_first(subject: str, own: str) -> None:
    assert subject_of(subject) == own


def test_a_subject_of_nothing_but_answers_takes_no_time() -> None:
    begun = time.process_time()
    subject_of("re:" * 400_000)
    assert time.process_time() - begun < 1
