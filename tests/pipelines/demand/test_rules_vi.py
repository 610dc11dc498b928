"""The Vietnamese rules on texts nobody tuned them on: each kind of complaint, praise, seller's
voice, barrier, switch and wish, and the words that look like one and are none.

What is asked for here is what the rules alone make of a post, before anything learnt weighs it.
"""

import pytest

from pipelines.demand.by_rules import Verdict, decide
from pipelines.demand.reader import DemandReader


@pytest.fixture(scope="module")
def reader() -> DemandReader:
    return DemandReader()


def _read(reader: DemandReader, text: str) -> Verdict:
    return decide(reader.weigh(text, "vi"))


@pytest.mark.parametrize(
    "text",
    [
        "Bún nguội ngắt, thịt thì dai nhách, trả 55k mà tiếc đứt ruột",
        "Áo mỏng dính, giặt nước đầu đã phai màu",
        "Mua nồi cơm chưa được 2 tháng đã tịt ngòi",
        "Gọi tổng đài cả buổi không ai nghe máy, hỏi thì đùn đẩy qua lại",
        "Nhắn shop đổi hàng thì bị block luôn",
        "Hứa giao thứ hai mà 6 ngày sau mới tới, hộp móp méo",
        "Nhân viên mặt nặng mày nhẹ, trả lời cộc lốc",
        "Gara này chặt chém, thay cái bóng đèn cũng vẽ bệnh ra",
        "Bôi kem này 3 hôm là nổi mẩn đỏ, rát cả mặt",
        "Máy sấy kêu như máy cày, nóng hầm hập",
        "Học phí cứ lên vùn vụt mà thầy dạy qua loa",
        "Một sao. Lần đầu cũng là lần cuối",
        "kem nay boi xong noi man do ca mat, phi tien",
        "Ngân hàng trừ phí 88k mà không thông báo gì",
    ],
)
def test_complaints(reader: DemandReader, text: str) -> None:
    assert _read(reader, text).flags["pain"]


@pytest.mark.parametrize(
    "text",
    [
        "Nước lèo đậm đà, bánh mì giòn rụm, giá sinh viên",
        "Giày êm ru, form chuẩn, đi cả ngày không đau chân",
        "Tủ lạnh nhà mình chạy 9 năm chưa sửa lần nào",
        "Còn đòi hỏi gì nữa với giá này",
        "Bác sĩ nhẹ tay, tư vấn kỹ lắm",
        "Đóng gói cẩn thận, giao nhanh, sẽ ủng hộ dài dài",
        "Từ hôm có máy rửa chén nhàn hẳn, tiết kiệm thời gian",
        "Vải y hình, mặc tôn dáng",
        "Quán này không gian đẹp, đồ uống vừa miệng",
        "xe chay 7 nam van ngon lanh, chua hong lan nao",
    ],
)
def test_praise(reader: DemandReader, text: str) -> None:
    assert _read(reader, text).flags["praise"]


@pytest.mark.parametrize(
    "text",
    [
        "Nhận thiết kế logo, sửa tới khi ưng, giá từ 200k. Ai cần ib em nhé",
        "Phòng trọ mới xây, giờ giấc tự do, wc riêng, 2tr5 chưa điện nước",
        "Lớp tiếng Hàn khai giảng ngày 5, học thử 1 buổi free, phụ huynh đăng ký sớm giúp em",
        "Mật ong nhà làm 300k một lít, bà con ai lấy em chở tới nhà",
        "Combo mùa hè mua 2 tặng 1, chỉ còn 5 suất cuối",
        "Thu mua đồ gỗ cũ giá cao, đến tận nhà",
        "sang lai quan tra sua gap gia 70tr, ai quan tam lien he",
    ],
)
def test_sellers(reader: DemandReader, text: str) -> None:
    verdict = _read(reader, text)
    assert verdict.flags["seller"]
    assert verdict.stage == "none"
    assert not verdict.flags["praise"]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("price", "Thích con xe đó lắm mà 90 củ thì em chịu"),
        ("too_cheap", "Đồng hồ hiệu mà có 400k, rẻ giật mình nên sợ hàng nhái"),
        ("trust", "Thấy quảng cáo hay mà review toàn seeding nên chưa dám chốt"),
        ("understanding", "Nghe tư vấn cả buổi vẫn mù mờ, không hiểu gói này khác gì gói kia"),
        ("not_compared", "Chưa kịp xem hết các hãng khác nên để so giá đã"),
        ("missing_feature", "Có bản màu xanh thì em lấy liền"),
        ("quality", "Nhìn đẹp mà em sợ dùng vài tháng là bong tróc"),
        ("switching_cost", "Dùng quen rồi nên ngại đổi, sợ mất dữ liệu"),
        ("availability", "Gọi mấy cửa hàng đều hết size của em"),
        ("authority", "Em ưng rồi mà vợ chưa gật"),
        ("timing", "Để qua Tết rồi tính, giờ chưa vội"),
        ("other", "Chung cư em chưa cho lắp trạm sạc nên đành thôi"),
    ],
)
def test_what_holds_buyers_back(reader: DemandReader, kind: str, text: str) -> None:
    assert _read(reader, text).barrier == kind


@pytest.mark.parametrize(
    ("status", "old", "new", "text"),
    [
        ("done", "Netlink", "Vinaphone", "Nhà em hủy Netlink lắp Vinaphone được 3 tháng rồi"),
        ("considering", None, "Azura", "Hosting sập hoài, đang tính dọn sang Azura"),
        ("done", None, "Honda", "Từ ngày đổi qua Honda thì khỏi lo hỏng vặt"),
        ("considering", None, "Bamboo", "Delay 4 tiếng. Lần sau bay Bamboo"),
    ],
)
def test_switches(reader: DemandReader, status: str, old: str | None, new: str, text: str) -> None:
    switch = _read(reader, text).switch
    assert switch is not None
    assert (switch.status, switch.from_brand, switch.to_brand) == (status, old, new)


@pytest.mark.parametrize(
    "text",
    [
        "Giá mà app cho xuất file excel",
        "Shop ơi thêm size cho người mập đi ạ",
        "Sao hãng không làm bản tiếng Việt nhỉ",
        "Chẳng thấy ai bán loại ghế cho người già cả",
        "Nên bổ sung thanh toán bằng thẻ",
    ],
)
def test_suggestions(reader: DemandReader, text: str) -> None:
    assert _read(reader, text).flags["suggestion"]


@pytest.mark.parametrize(
    ("name", "answer", "text"),
    [
        ("budget", "yes", "Cần mua máy ảnh dưới 10 triệu, mọi người gợi ý giúp"),
        ("budget", "no", "Muốn học lắm mà tài chính eo hẹp quá"),
        ("authority", "yes", "Em chủ quán cafe, em tự quyết được"),
        ("authority", "no", "Phải xin ý kiến sếp đã"),
        ("need", "no", "Nhà mình chưa cần đâu"),
    ],
)
def test_answers(reader: DemandReader, name: str, answer: str, text: str) -> None:
    assert _read(reader, text).answers[name] == answer


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("pain", "Theo Tổng cục Thống kê, giá quạt tăng nhẹ do nắng nóng"),
        ("pain", "vo minh moi lam xong cai nha, tien dien thang nay 500k"),
        ("pain", "Máy chạy cả ngày không nóng, không lag"),
        ("praise", "Tình yêu là thứ không mua được bằng tiền"),
        ("praise", "Hai cái này khác nhau chỗ nào hay là giống nhau vậy mọi người"),
        ("seller", "Tổng đài bảo mở khóa máy phải lên cửa hàng, mất 2 ngày"),
        ("seller", "Shop kia bán đôi này 300k mà keo bung hết"),
        ("poor_fit", "Máy này có chống nước không ạ"),
        ("suggestion", "Thủ tướng yêu cầu bố trí thêm xe buýt dịp Tết"),
        ("objection", "Mình mua rồi, đẹp, chạy êm"),
    ],
)
def test_traps(reader: DemandReader, label: str, text: str) -> None:
    assert not _read(reader, text).flags[label]


@pytest.mark.parametrize(
    "text",
    [
        "Em đang bật công tắc chuyển sang chế độ tối",
        "Máy cắt cỏ Honda GX35 giá bao nhiêu",
        "co giao de thuong, be thich di hoc",
        "quang cao qua nhieu ma may van muot",
    ],
)
def test_no_switch_and_no_barrier(reader: DemandReader, text: str) -> None:
    verdict = _read(reader, text)
    assert verdict.switch is None
    assert verdict.barrier is None


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("switching_cost", "Tính dọn web qua bên khác mà chuyển cũng mệt"),
        ("trust", "Chuyển khoản trước thì chị ngại lắm"),
        ("timing", "Hết học kỳ mới tính mua"),
        ("availability", "Tìm cả tháng chưa mua được đôi này"),
        ("authority", "Còn phải chờ vợ gật mới chốt được"),
        ("price", "Mắc vậy trời, tiền lấy đâu ra"),
    ],
)
def test_barriers_in_other_words(reader: DemandReader, kind: str, text: str) -> None:
    assert _read(reader, text).barrier == kind
