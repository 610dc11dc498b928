"""What ``newmarket`` says and writes, in the languages of its users."""

import locale
import os
from collections.abc import Mapping
from dataclasses import dataclass

LANGUAGES = ("en", "zh", "vi")
"""Languages of the questions and of the written file's remarks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """All texts of one language. ``{...}`` are filled in by the callers.

    ``questions`` are keyed by option, ``remarks`` by section and key of the market file,
    ``unreachable`` by the word of :class:`~analysis.newmarket.visit.HomePageError`.
    """

    intro: str
    questions: Mapping[str, str]
    keep: str
    required: str
    remarks: Mapping[str, str]
    from_page: str
    zone: str
    exists: str
    cannot_write: str
    cannot_use: str
    no_offer: str
    bad_address: str
    own_rival: str
    reading: str
    read: str
    nothing_said: str
    unreachable: Mapping[str, str]
    written: str
    next_steps: str
    no_forum: str


EN = Phrases(
    intro="Five short questions; Enter leaves one open. All can be changed in the file later.",
    questions={
        "sells": "What do you sell? One sentence.",
        "to": "To whom? Several with commas.",
        "where": "Where? Countries or cities, several with commas.",
        "rival": "One rival you know, name or address?",
        "site": "Your own site or shop, if any?",
    },
    keep="Enter keeps: {value}",
    required="This one is needed: it is what rivals are compared with.",
    remarks={
        "head": (
            'The market file of "{name}" for Rivalmap.\n'
            "Remarks begin with # and a blank. A # right before a key switches that line off:\n"
            "take it away to use the line. All keys are told in docs/market-file.md."
        ),
        "business": "Who asks. Name and description are needed; the rest makes verdicts sharper.",
        "name": "What your business is called.",
        "description": "What you sell, in a sentence: rivals are compared with it.",
        "aliases": "Other names people write for you, so that posts about you are found.",
        "site": "Your own site or shop.",
        "offers": "What you sell, product by product or plan by plan.",
        "keywords": "Words your customers search for.",
        "category": "Your trade, in a word or two.",
        "audience": "To whom you sell.",
        "price_band": "Where your prices stand: low, middle or high.",
        "regions": "Where you sell.",
        "languages": "Languages your customers write, as codes.",
        "competitor": "Rivals you know: one [[competitor]] each.",
        "tier": "Your own verdict, which wins: 1 direct, 2 substitute, 3 might enter.",
        "forum": "Where your customers talk: one [[forum]] each, with the boards that matter.",
        "source": "Other public sources: page, directory, reviews, feed, api or search.",
        "crawl": "How far, how fast and as whom Rivalmap reads.",
        "contact": "An address for site owners to write to; it stands in every request.",
        "pages_per_site": "Pages read of each site at most.",
        "pages_per_forum": "Pages (lists and threads) read of each forum at most, in one run.",
        "delay": "Seconds between two requests to one site, at least.",
        "time_budget": "Seconds after which a run stops by itself.",
        "allow_private": "Read sites of your own machine or network, too.",
    },
    from_page="Filled in from {url} on {day}: please check.",
    zone="Europe/London",
    exists="{path} is there already and stays as it is. Edit it, or choose another name.",
    cannot_write="{path} cannot be written: {why}",
    cannot_use="that makes no valid market file: {why}",
    no_offer=(
        'what do you sell? Say it with --sells "one sentence", or give --site URL of a page '
        "that says it"
    ),
    bad_address="{text} is no web address: {why}",
    own_rival="{rival} is your own site, so it is left out of the rivals.",
    reading="Reading {url} ...",
    read="Read. What was found stands in the file; please check it.",
    nothing_said="{url} was read, but says nothing of what is sold.",
    unreachable={
        "robots": "{url} was not read: its robots.txt closes it to us.",
        "slow": "{url} was not read: its robots.txt asks for more than a minute a page.",
        "blocked": "{url} turned us away ({detail}).",
        "status": "{url} could not be read: it answered {detail}.",
        "not_html": "{url} is no web page ({detail}).",
        "too_large": "{url} is too large to be a home page ({detail}).",
        "timeout": "{url} did not answer in time ({detail}).",
        "redirects": "{url} leads on and on and never arrives.",
        "private": (
            "{url} leads to a private address ({detail}). If that is meant, add --allow-private."
        ),
        "unreachable": "{url} could not be reached ({detail}).",
    },
    written="Written: {path}",
    next_steps=(
        "Next:\n"
        "  scrapy research {name}    gather, sort and read\n"
        "  scrapy browse {name}      see the answers"
    ),
    no_forum=(
        "The file names no forum yet. Add a [[forum]] where your customers talk: their posts "
        "answer most."
    ),
)

ZH = Phrases(
    intro="五个简短的问题，直接按回车可跳过。之后都可以在文件里修改。",
    questions={
        "sells": "您卖什么？请用一句话说明。",
        "to": "卖给谁？多个用逗号分开。",
        "where": "在哪里卖？国家或城市，多个用逗号分开。",
        "rival": "您知道的一个竞争对手（名称或网址）？",
        "site": "您自己的网站或网店（如果有）？",
    },
    keep="按回车保留：{value}",
    required="这一项必须填写：对手要和它作比较。",
    remarks={
        "head": (
            "Rivalmap 的市场文件：{name}\n"
            "以“# ”（井号加空格）开头的是说明。井号紧挨着键名的行没有启用，\n"
            "删掉井号即可启用。所有键的说明见 docs/market-file.md。"
        ),
        "business": "您的生意。名称和描述必填；其余填得越全，判断越准。",
        "name": "您的商家名称。",
        "description": "用一句话说明卖什么，对手将与它比较。",
        "aliases": "别人对您的其他叫法，用来找到提到您的帖子。",
        "site": "您自己的网站或网店。",
        "offers": "您卖的产品或套餐，逐项列出。",
        "keywords": "客户会搜索的词。",
        "category": "所属行业，一两个词。",
        "audience": "卖给谁。",
        "price_band": "价格档次：low（低）、middle（中）或 high（高）。",
        "regions": "销售地区。",
        "languages": "客户使用的语言代码。",
        "competitor": "您知道的对手：每个写一段 [[competitor]]。",
        "tier": "您自己的判断，优先采用：1 直接对手，2 替代品，3 潜在对手。",
        "forum": "客户聚集的论坛：每个写一段 [[forum]]，注明要看的版块。",
        "source": "其他公开来源：page、directory、reviews、feed、api 或 search。",
        "crawl": "抓取的范围、速度和身份。",
        "contact": "供站长联系您的地址，会写在每次请求里。",
        "pages_per_site": "每个网站最多读取的页数。",
        "pages_per_forum": "每个论坛每次最多读取的页数（列表页和帖子页）。",
        "delay": "对同一网站两次请求之间至少间隔的秒数。",
        "time_budget": "运行多少秒后自动停止。",
        "allow_private": "也读取本机或内网的网站。",
    },
    from_page="以下内容于 {day} 取自 {url}，请核对。",
    zone="Asia/Shanghai",
    exists="{path} 已经存在，未作改动。请编辑它，或换一个名称。",
    cannot_write="无法写入 {path}：{why}",
    cannot_use="这样写不成有效的市场文件：{why}",
    no_offer="您卖什么？请用 --sells “一句话” 说明，或用 --site 网址 给出写明这一点的网页",
    bad_address="{text} 不是网址：{why}",
    own_rival="{rival} 是您自己的网站，没有列为对手。",
    reading="正在读取 {url} ……",
    read="已读取。找到的内容已写入文件，请核对。",
    nothing_said="已读取 {url}，但上面没有说明卖什么。",
    unreachable={
        "robots": "没有读取 {url}：它的 robots.txt 不允许。",
        "slow": "没有读取 {url}：它的 robots.txt 要求每页间隔超过一分钟。",
        "blocked": "{url} 拒绝了访问（{detail}）。",
        "status": "无法读取 {url}：返回 {detail}。",
        "not_html": "{url} 不是网页（{detail}）。",
        "too_large": "{url} 太大，不像首页（{detail}）。",
        "timeout": "{url} 没有及时响应（{detail}）。",
        "redirects": "{url} 不停跳转，到不了终点。",
        "private": "{url} 指向内网地址（{detail}）。如果确实需要，请加上 --allow-private。",
        "unreachable": "无法连接 {url}（{detail}）。",
    },
    written="已写入：{path}",
    next_steps=(
        "接下来：\n"
        "  scrapy research {name}    收集、分级、解读\n"
        "  scrapy browse {name}      查看结果"
    ),
    no_forum="文件里还没有论坛。请用 [[forum]] 写上客户聚集的地方：帖子能回答大部分问题。",
)

VI = Phrases(
    intro="Năm câu hỏi ngắn; nhấn Enter để bỏ qua. Mọi thứ đều sửa được trong tệp sau này.",
    questions={
        "sells": "Bạn bán gì? Một câu thôi.",
        "to": "Bán cho ai? Nhiều nhóm thì cách nhau bằng dấu phẩy.",
        "where": "Bán ở đâu? Nước hoặc thành phố, cách nhau bằng dấu phẩy.",
        "rival": "Một đối thủ bạn biết, tên hoặc địa chỉ web?",
        "site": "Trang web hoặc cửa hàng của bạn, nếu có?",
    },
    keep="Enter để giữ: {value}",
    required="Câu này cần trả lời: đối thủ sẽ được so với nó.",
    remarks={
        "head": (
            'Tệp thị trường "{name}" của Rivalmap.\n'
            "Dòng bắt đầu bằng # và dấu cách là ghi chú. Dấu # liền trước một khóa là dòng đang "
            "tắt:\n"
            "xóa dấu # để dùng dòng đó. Mọi khóa được giải thích trong docs/market-file.md."
        ),
        "business": "Bạn là ai. Cần có tên và mô tả; phần còn lại giúp phán đoán chính xác hơn.",
        "name": "Tên cơ sở kinh doanh của bạn.",
        "description": "Bạn bán gì, trong một câu: đối thủ được so với câu này.",
        "aliases": "Những tên khác người ta gọi bạn, để tìm ra bài viết nhắc đến bạn.",
        "site": "Trang web hoặc cửa hàng của bạn.",
        "offers": "Những thứ bạn bán, từng sản phẩm hoặc từng gói.",
        "keywords": "Từ khách hàng hay tìm.",
        "category": "Ngành nghề, một hai từ.",
        "audience": "Bán cho ai.",
        "price_band": "Mức giá: low (thấp), middle (vừa) hoặc high (cao).",
        "regions": "Bán ở đâu.",
        "languages": "Ngôn ngữ khách hàng dùng, viết bằng mã.",
        "competitor": "Đối thủ bạn biết: mỗi đối thủ một mục [[competitor]].",
        "tier": "Phán đoán của bạn, được ưu tiên: 1 trực tiếp, 2 thay thế, 3 có thể gia nhập.",
        "forum": "Nơi khách trò chuyện: mỗi diễn đàn một mục [[forum]], kèm chuyên mục cần đọc.",
        "source": "Nguồn công khai khác: page, directory, reviews, feed, api hoặc search.",
        "crawl": "Đọc bao nhiêu, nhanh chậm thế nào và dưới tên ai.",
        "contact": "Địa chỉ để chủ trang liên hệ với bạn; có trong mọi yêu cầu gửi đi.",
        "pages_per_site": "Số trang đọc nhiều nhất ở mỗi trang web.",
        "pages_per_forum": "Số trang (danh sách và chủ đề) đọc nhiều nhất ở mỗi diễn đàn mỗi lần.",
        "delay": "Số giây tối thiểu giữa hai lần đọc cùng một trang web.",
        "time_budget": "Số giây sau đó lần chạy tự dừng.",
        "allow_private": "Đọc cả trang trên máy hoặc mạng nội bộ của bạn.",
    },
    from_page="Lấy từ {url} ngày {day}: vui lòng kiểm tra lại.",
    zone="Asia/Ho_Chi_Minh",
    exists="{path} đã có và được giữ nguyên. Hãy sửa tệp đó hoặc chọn tên khác.",
    cannot_write="Không ghi được {path}: {why}",
    cannot_use="như vậy không thành tệp thị trường hợp lệ: {why}",
    no_offer=('bạn bán gì? Hãy thêm --sells "một câu", hoặc --site URL của trang có nói điều đó'),
    bad_address="{text} không phải địa chỉ web: {why}",
    own_rival="{rival} là trang của chính bạn nên không ghi vào danh sách đối thủ.",
    reading="Đang đọc {url} ...",
    read="Đã đọc. Những gì tìm thấy đã ghi vào tệp; vui lòng kiểm tra.",
    nothing_said="Đã đọc {url} nhưng trang không nói bán gì.",
    unreachable={
        "robots": "Không đọc {url}: robots.txt của trang không cho phép.",
        "slow": "Không đọc {url}: robots.txt của trang đòi hơn một phút mỗi lần đọc.",
        "blocked": "{url} từ chối truy cập ({detail}).",
        "status": "Không đọc được {url}: trang trả lời {detail}.",
        "not_html": "{url} không phải trang web ({detail}).",
        "too_large": "{url} quá lớn so với một trang chủ ({detail}).",
        "timeout": "{url} không trả lời kịp ({detail}).",
        "redirects": "{url} chuyển hướng mãi không dừng.",
        "private": (
            "{url} dẫn tới địa chỉ nội bộ ({detail}). Nếu đúng ý bạn, hãy thêm --allow-private."
        ),
        "unreachable": "Không kết nối được {url} ({detail}).",
    },
    written="Đã ghi: {path}",
    next_steps=(
        "Tiếp theo:\n"
        "  scrapy research {name}    thu thập, xếp hạng và đọc\n"
        "  scrapy browse {name}      xem kết quả"
    ),
    no_forum=(
        "Tệp chưa có diễn đàn nào. Hãy thêm [[forum]] nơi khách của bạn trò chuyện: bài viết của "
        "họ trả lời được nhiều nhất."
    ),
)

_ALL = {"en": EN, "zh": ZH, "vi": VI}


def phrases(language: str) -> Phrases:
    """The texts of a language; English for one we do not speak."""
    return _ALL.get(language, EN)


def user_language(asked: str | None = None) -> str:
    """The user's language: as asked for, else as the environment says, else ``en``.

    ``LC_ALL`` goes before ``LC_MESSAGES`` before ``LANG``, as in POSIX.
    """
    if asked:
        return asked if asked in _ALL else "en"
    named = next(
        (os.environ[key] for key in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(key)), ""
    )
    if not named:
        try:
            named = locale.getlocale()[0] or ""  # Windows: "Chinese (Simplified)_China"
        except ValueError:
            named = ""
    start = named.lower()
    if start.startswith(("zh", "chinese")):
        return "zh"
    return "vi" if start.startswith("vi") else "en"
