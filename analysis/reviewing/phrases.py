"""What ``review`` says, in the languages of its users."""

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.newmarket.phrases import user_language

__all__ = ["Forms", "Phrases", "counted", "phrases", "user_language"]

Forms = tuple[str, ...]
"""A text with a number: one form for all, or that for one and that for any other number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """All texts of one language. ``{...}`` are filled in by the callers; those with several forms
    by :func:`counted`.
    """

    tiers: Mapping[int | None, str]
    insufficient: str
    complement: str
    flags: Mapping[str, str]
    intro: Forms
    head: str
    pages: Forms
    no_reasons: str
    change: str
    if_yes: str
    if_no: str
    both: str
    named: str
    times: Forms
    places: Forms
    authors: Forms
    lists: Forms
    provisional: str
    keys: str
    keys_candidate: str
    prompt: str
    why: str
    unclear: str
    unclear_candidate: str
    accepted: str
    accepted_no_site: str
    stored: str
    ignored: str
    taken_back: str
    nothing: str
    no_candidates: str
    intro_candidates: Forms
    end: Forms
    applied: str
    later: str
    few: Forms
    kept: str
    adapted: str


EN = Phrases(
    tiers={1: "Direct", 2: "Substitute", 3: "Might enter", None: "Not a rival"},
    insufficient="Not enough seen",
    complement="Partner, not rival",
    flags={
        "same_product": "same product", "same_audience": "same audience",
        "same_category": "same trade", "substitute": "another product for the same need",
        "extension": "widening towards us",
    },
    intro=(
        "{n} verdict. Your word wins at once.",
        "{n} verdicts, the least certain first. Your word wins at once.",
    ),
    head="[{at}/{n}] {name} <{site}>\n  {tier}, score {score}, {pages}, doubt {doubt} %",
    pages=("{n} page read", "{n} pages read"),
    no_reasons="  Nothing shared was found.",
    change="  What would change it: {flags} -> {tier}",
    if_yes="{flag} seen (now {value})",
    if_no="{flag} not seen (now {value})",
    both=" and ",
    named="  Named {times} {places}{authors}{lists}:",
    times=("once", "{n} times"),
    places=("in {n} place", "in {n} places"),
    authors=(" by {n} person", " by {n} people"),
    lists=(", on {n} list", ", on {n} lists"),
    provisional="Candidate, provisionally: {tier}",
    keys_candidate=(
        "  a accept · i ignore · or a verdict: 1 Direct · 2 Substitute · 3 Might enter · "
        "0 not a rival · c partner · s skip · q quit"
    ),
    keys=(
        "  1 Direct · 2 Substitute · 3 Might enter · 0 not a rival · c partner · i ignore · "
        "s skip · q quit"
    ),
    prompt="Your word: ",
    why="Why? (Enter: no reason) ",
    unclear="Please type one of 1 2 3 0 c i s q.",
    unclear_candidate="Please type one of a i 1 2 3 0 c s q.",
    accepted=(
        "Stored: {name} is accepted. The next research reads its site and looks for its name in "
        "all posts."
    ),
    accepted_no_site=(
        "Stored: {name} is accepted. The next research looks for its name in all posts; no site of "
        "it is known, so none is read. To have one read, add a [[competitor]] with this name and "
        "its site to the market file."
    ),
    stored="Stored: {name} is {tier}.",
    ignored="Stored: {name} is ignored.",
    taken_back="Stored: the rules decide on {name} again.",
    nothing="There is nothing to review: no verdict without a decision.",
    no_candidates="No candidate waits for your word.",
    intro_candidates=(
        "{n} candidate. Your word wins at once.",
        "{n} candidates, the nearest first. Your word wins at once.",
    ),
    end=(
        "{n} decision stored. It is taken back by: scrapy review {market} --decide ID=auto",
        "{n} decisions stored. One is taken back by: scrapy review {market} --decide ID=auto",
    ),
    applied="Tiers and answers are up to date.",
    later=(
        "The pages show your word already; tables and answers follow at the end of the run that "
        "holds the market."
    ),
    few=(
        "{n} decision on a tier of which enough was seen; from {least} on, the lines of the flags "
        "are learnt from them.",
        "{n} decisions on tiers of which enough was seen; from {least} on, the lines of the flags "
        "are learnt from them.",
    ),
    kept=(
        "{n} decisions: the shipped lines give your tier on {before} of them; lines learnt from "
        "the others (leave-one-out) on {after}. No gain, so the shipped lines stay."
    ),
    adapted=(
        "{n} decisions: the shipped lines gave your tier on {before} of them; lines learnt from "
        "the others (leave-one-out) on {after}. So this market has its own lines: {lines}."
    ),
)  # fmt: skip

ZH = Phrases(
    tiers={1: "直接对手", 2: "替代品", 3: "潜在对手", None: "不是对手"},
    insufficient="信息不足",
    complement="互补伙伴，不是对手",
    flags={
        "same_product": "相同产品", "same_audience": "相同受众", "same_category": "相同行业",
        "substitute": "满足同样需要的另一类产品", "extension": "向我们扩展",
    },
    intro=("共 {n} 个判断，最没把握的在前。您的决定立即生效。",),
    head="[{at}/{n}] {name} <{site}>\n  {tier}，得分 {score}，{pages}，不确定度 {doubt}%",
    pages=("已读 {n} 页",),
    no_reasons="  没有发现共同之处。",
    change="  什么会改变它：{flags} -> {tier}",
    if_yes="看到{flag}（现为 {value}）",
    if_no="看不到{flag}（现为 {value}）",
    both="，并且",
    named="  在 {places}被{authors}提到 {times}{lists}：",
    times=("{n} 次",),
    places=("{n} 处",),
    authors=(" {n} 人",),
    lists=("，其中 {n} 处是名录",),
    provisional="候选，暂定：{tier}",
    keys_candidate=(
        "  a 接受 · i 忽略 · 或直接判断：1 直接对手 · 2 替代品 · 3 潜在对手 · 0 不是对手 · "
        "c 互补伙伴 · s 跳过 · q 退出"
    ),
    keys=(
        "  1 直接对手 · 2 替代品 · 3 潜在对手 · 0 不是对手 · c 互补伙伴 · i 忽略 · "
        "s 跳过 · q 退出"
    ),
    prompt="您的判断：",
    why="理由？（回车：不填）",
    unclear="请输入 1 2 3 0 c i s q 之一。",
    unclear_candidate="请输入 a i 1 2 3 0 c s q 之一。",
    accepted="已保存：接受 {name}。下次研究会读它的网站，并在所有帖子里找它的名字。",
    accepted_no_site=(
        "已保存：接受 {name}。下次研究会在所有帖子里找它的名字；尚不知道它的网站，所以不会读。"
        "要读它的网站，请在市场文件中用这个名字加一条 [[competitor]] 并写上网站。"
    ),
    stored="已保存：{name}：{tier}。",
    ignored="已保存：忽略 {name}。",
    taken_back="已保存：{name} 恢复由规则判断。",
    nothing="没有需要复核的判断。",
    no_candidates="没有等待决定的候选。",
    intro_candidates=("共 {n} 个候选，最接近的在前。您的决定立即生效。",),
    end=("已保存 {n} 个决定。撤回：scrapy review {market} --decide ID=auto",),
    applied="级别和答案已更新。",
    later="页面上已显示您的决定；数据表和答案在占用该市场的运行结束后更新。",
    few=("信息足够的级别决定已有 {n} 个；从 {least} 个起，会据此调整各项界线。",),
    kept=(
        "共 {n} 个决定：原有界线与您一致的有 {before} 个；"
        "用其余决定学到的界线（留一法）有 {after} 个。"
        "没有改进，保留原有界线。"
    ),
    adapted=(
        "共 {n} 个决定：原有界线与您一致的有 {before} 个；"
        "用其余决定学到的界线（留一法）有 {after} 个。"
        "因此本市场采用自己的界线：{lines}。"
    ),
)  # fmt: skip

VI = Phrases(
    tiers={1: "Trực tiếp", 2: "Thay thế", 3: "Có thể gia nhập", None: "Không phải đối thủ"},
    insufficient="Chưa đủ thông tin",
    complement="Đối tác bổ trợ, không phải đối thủ",
    flags={
        "same_product": "cùng sản phẩm", "same_audience": "cùng khách hàng",
        "same_category": "cùng ngành", "substitute": "sản phẩm khác cho cùng nhu cầu",
        "extension": "mở rộng về phía ta",
    },
    intro=("{n} phán đoán, kém chắc chắn nhất trước. Quyết định của bạn có hiệu lực ngay.",),
    head="[{at}/{n}] {name} <{site}>\n  {tier}, điểm {score}, {pages}, độ ngờ {doubt} %",
    pages=("đã đọc {n} trang",),
    no_reasons="  Không thấy điểm chung nào.",
    change="  Điều gì sẽ thay đổi: {flags} -> {tier}",
    if_yes="thấy {flag} (nay {value})",
    if_no="không thấy {flag} (nay {value})",
    both=" và ",
    named="  Được{authors} nhắc {times} {places}{lists}:",
    times=("{n} lần",),
    places=("ở {n} nơi",),
    authors=(" {n} người",),
    lists=(", trong đó {n} danh sách",),
    provisional="Ứng viên, tạm xếp: {tier}",
    keys_candidate=(
        "  a nhận · i bỏ qua mãi · hoặc xếp luôn: 1 Trực tiếp · 2 Thay thế · 3 Có thể gia nhập · "
        "0 không phải đối thủ · c đối tác · s để sau · q thoát"
    ),
    keys=(
        "  1 Trực tiếp · 2 Thay thế · 3 Có thể gia nhập · 0 không phải đối thủ · c đối tác · "
        "i bỏ qua mãi · s để sau · q thoát"
    ),
    prompt="Ý bạn: ",
    why="Vì sao? (Enter: không ghi) ",
    unclear="Hãy gõ một trong 1 2 3 0 c i s q.",
    unclear_candidate="Hãy gõ một trong a i 1 2 3 0 c s q.",
    accepted=(
        "Đã lưu: nhận {name}. Lần chạy tới sẽ đọc trang của họ và tìm tên này trong mọi bài viết."
    ),
    accepted_no_site=(
        "Đã lưu: nhận {name}. Lần chạy tới sẽ tìm tên này trong mọi bài viết; chưa biết trang web "
        "của họ nên không có trang nào được đọc. Muốn đọc, hãy thêm [[competitor]] với tên này và "
        "trang web vào tệp thị trường."
    ),
    stored="Đã lưu: {name} là {tier}.",
    ignored="Đã lưu: bỏ qua {name}.",
    taken_back="Đã lưu: {name} lại do quy tắc phán đoán.",
    nothing="Không có gì để xem lại: mọi phán đoán đều đã có quyết định.",
    no_candidates="Không có ứng viên nào chờ quyết định.",
    intro_candidates=("{n} ứng viên, gần nhất trước. Quyết định của bạn có hiệu lực ngay.",),
    end=("Đã lưu {n} quyết định. Rút lại bằng: scrapy review {market} --decide ID=auto",),
    applied="Các bậc và câu trả lời đã được cập nhật.",
    later=(
        "Các trang đã hiện quyết định của bạn; bảng và câu trả lời theo sau khi lần chạy đang giữ "
        "thị trường kết thúc."
    ),
    few=(
        "{n} quyết định về bậc của bên đã đủ thông tin; từ {least} trở lên, các ngưỡng sẽ được "
        "học theo chúng.",
    ),
    kept=(
        "{n} quyết định: ngưỡng có sẵn đúng ý bạn {before} lần; ngưỡng học từ các quyết định còn "
        "lại (bỏ ra từng cái) đúng {after} lần. Không tốt hơn nên giữ ngưỡng có sẵn."
    ),
    adapted=(
        "{n} quyết định: ngưỡng có sẵn đúng ý bạn {before} lần; ngưỡng học từ các quyết định còn "
        "lại (bỏ ra từng cái) đúng {after} lần. Vì vậy thị trường này có ngưỡng riêng: {lines}."
    ),
)  # fmt: skip

_ALL = {"en": EN, "zh": ZH, "vi": VI}


def phrases(language: str) -> Phrases:
    """The texts of a language; English for one we do not speak."""
    return _ALL.get(language, EN)


def counted(forms: Forms, n: int, **values: object) -> str:
    """A text with its number in the form of the language."""
    return forms[0 if n == 1 else -1].format(n=n, **values)
