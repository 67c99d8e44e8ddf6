"""Every text of the kiosk that is not part of a questionnaire, by the key its script uses.

The words in braces are filled in by the kiosk.
"""

# Marks texts that are translated where the reader is known.
N_ = str

TEXTS = {
    "title": N_("Đánh giá mức hài lòng"),
    "languages": N_("Ngôn ngữ"),
    "privacy": N_("Không ghi tên, không ghi số giấy tờ. Cán bộ không biết ai đã chọn gì."),
    "keys": N_("Phím 1 đến {most} để chọn, phím mũi tên để di chuyển, phím Esc để bắt đầu lại."),
}
