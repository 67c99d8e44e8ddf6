"""What the simulated citizens write: short sentences of our own, by mood.

`LATE` is what people write whose result came after the promised day.
"""

SATISFIED = (
    "Làm nhanh hơn tôi nghĩ.",
    "Cảm ơn cô hướng dẫn ở quầy.",
    "Đúng hẹn, không phải đi lại nhiều.",
    "Cán bộ chỉ dẫn rất kỹ.",
    "Mong giữ được như thế này.",
    "Chỗ chờ mát, sạch sẽ.",
    "Lần này chỉ phải đến một lần.",
    "Tôi lớn tuổi mà được giúp điền tờ khai, rất quý.",
    "Nộp qua mạng tiện hơn trước.",
    "Có tin nhắn báo kết quả nên đỡ phải hỏi.",
    "Giấy tờ trả về không sai chữ nào.",
    "Chờ chưa tới mười phút.",
    "Thái độ vui vẻ, nhẹ nhàng.",
    "Phí được nói rõ từ đầu.",
    "Bảng hướng dẫn dễ đọc.",
    "Xin biểu dương quầy số 1.",
    "Hẹn thứ sáu mà thứ năm đã có.",
    "Gửi bưu điện về tận nhà, rất tiện.",
    "Mọi thứ rõ ràng.",
    "Tốt, không có gì phải góp ý.",
)

NEUTRAL = (
    "Tạm được, nhưng chờ hơi lâu.",
    "Nên có thêm ghế cho người già.",
    "Số thứ tự gọi nhỏ, khó nghe.",
    "Mẫu tờ khai nên có ví dụ.",
    "Buổi sáng đông quá, nên mở thêm quầy.",
    "Trang nộp hồ sơ còn rối.",
    "Cần chỗ gửi xe rộng hơn.",
    "Nên nhận thẻ thanh toán.",
    "Hướng dẫn trên mạng và ở quầy chưa giống nhau.",
    "Nên cho hẹn giờ trước.",
    "Quạt hỏng đã mấy tuần.",
    "Chữ trên bảng hơi nhỏ.",
    "Nên trả lời điện thoại đều hơn.",
    "Bình thường, không hơn không kém.",
)

DISSATISFIED = (
    "Phải đi lại ba lần vì thiếu giấy tờ mà không ai nói trước.",
    "Người tiếp nhận trả lời cộc lốc.",
    "Hỏi mà không ai biết hồ sơ đang ở đâu.",
    "Chờ cả buổi mới tới lượt.",
    "Mỗi lần đến lại thêm một loại giấy.",
    "Không được giải thích vì sao phải bổ sung.",
    "Trang mạng báo lỗi, nộp mãi không được.",
    "Tải giấy tờ lên bị mất, phải làm lại từ đầu.",
    "Phí thu không giống bảng niêm yết.",
    "Giấy in sai, phải chờ sửa.",
    "Góp ý lần trước chưa thấy trả lời.",
    "Gọi số ghi trên giấy hẹn không ai nghe.",
    "Người đến sau được làm trước.",
    "Phòng chờ chật, phải đứng ngoài nắng.",
    "Đến đúng giờ làm việc mà quầy chưa mở.",
    "Hướng dẫn mỗi người một kiểu.",
    "Tôi phải xin nghỉ làm nhiều ngày.",
    "Nhà xa, đi hai lần không gặp được người phụ trách.",
)

LATE = (
    "Trễ hẹn mà không báo trước.",
    "Giấy hẹn ghi một đằng, trả một nẻo.",
    "Hồ sơ đất chờ quá lâu.",
    "Quá hạn cả tuần mới có kết quả.",
    "Trễ thì nên có lời xin lỗi.",
    "Đến ngày hẹn vẫn bảo chờ lãnh đạo ký.",
    "Phải tự hỏi mới biết là trễ.",
    "Vì trễ mà tôi lỡ việc với ngân hàng.",
    "Hẹn lại hai lần rồi mới xong.",
    "Nên nhắn tin khi biết sẽ trễ.",
)
