"""Files as people send them, made here: photographs with a place in them, PDFs that act."""

from io import BytesIO
from typing import Any

import pikepdf
from PIL import Image

# The test file of the makers of scanners, in two pieces so that no scanner finds this file.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}" + rb"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
MAKER = b"May anh cua Be"


def picture(kind: str = "JPEG", size: tuple[int, int] = (64, 48), **given: Any) -> bytes:
    """Dark above and light below, so that one sees how it is turned."""
    image = Image.new("RGB", size, "white")
    image.paste("black", (0, 0, size[0], size[1] // 2))
    made = BytesIO()
    image.save(made, kind, **given)
    return made.getvalue()


def photograph() -> bytes:
    """As a telephone takes it: lying on its side, with the place, the maker and a comment."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = MAKER.decode()
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (12.0, 14.0, 20.0)
    return picture(exif=exif.tobytes(), comment=b"Tran Thi Be")


def document(*, owner: str = "", user: str = "") -> bytes:
    """A PDF with a script, a program inside, a link that starts another, and its maker's name."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page()
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    pdf.Root.AA = pikepdf.Dictionary(WC=pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="x()"))
    pdf.attachments["evil.exe"] = b"MZ evil"
    launch = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="calc.exe")
    leap = pikepdf.Dictionary(S=pikepdf.Name.GoTo, D=pikepdf.Array([page.obj, pikepdf.Name.Fit]))
    page.obj.Annots = pikepdf.Array(
        [
            _note(pdf, "/Link", A=launch),
            _note(pdf, "/Link", A=leap),
            _note(pdf, "/FileAttachment", FS=pikepdf.Dictionary(F="evil.exe")),
        ]
    )
    shot = photograph()
    image = pikepdf.Stream(
        pdf,
        shot,
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=64,
        Height=48,
        ColorSpace=pikepdf.Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=pikepdf.Name.DCTDecode,
    )
    page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=image))
    pdf.docinfo["/Author"] = "Tran Thi Be"
    made = BytesIO()
    locked = pikepdf.Encryption(owner=owner, user=user) if owner else False
    pdf.save(made, encryption=locked)
    return made.getvalue()


def _note(pdf: pikepdf.Pdf, kind: str, **more: Any) -> Any:
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name(kind), Rect=[0, 0, 9, 9], **more
    )
    return pdf.make_indirect(note)
