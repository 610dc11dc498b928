"""Lines that engines and mail programs add to a post: edit notes, like bars, signatures. Pure.

Only whole lines go, and only where they cannot be the author's: an edit note names a time, a like
bar counts people, a signature stands below its mark at the end.
"""

import re

from crawlers.spotting import Phrasebook

_WHEN = r"(?=.*(?:\d|ago|yesterday|today|hôm|trước))"
_EDITED = re.compile(
    r"^[\W_]{0,4}(?:" + _WHEN + r"(?:this (?:post|message|topic) (?:was|has been) (?:last )?|last )"
    r"(?:edit(?:ed)?|modified|modification|updated)(?: by | on | at |: ?| \d).{1,140}"
    r"|" + _WHEN + r"edited by .{1,60}? (?:on|at) .{1,60}"
    r"|" + _WHEN + r"edited (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w* "
    r"\d{1,2},? \d{4}(?: by .{1,60})?"
    r"|" + _WHEN + r"edited (?:\w+ ){1,3}ago(?: by .{1,60})?"
    r"|本(?:帖|贴|帖子|文|文章|主题|主題)?(?:最[后後])?由.{1,60}(?:编辑|編輯|修改)"
    r"|(?:最[后後](?:编辑|編輯|修改)|编辑于|編輯於|修改于)\s*[于於:：]?\s?.{0,20}\d.{0,40}"
    r"|" + _WHEN + r"(?:đã )?(?:chỉnh )?sửa (?:lần )?cuối(?: cùng)?\b.{1,100}"
    r"|" + _WHEN + r"bài viết (?:đã )?(?:được )?(?:chỉnh )?sửa(?: đổi)? (?:bởi|lúc|vào).{1,100}"
    r")$",
    re.IGNORECASE,
)
# A like bar counts, or it is a name and the words alone. All else may be anyone's sentence ("my
# wife and I love it", "I can't go on like this"), and stays.
_NAME_LIKES = re.compile(
    r"^(?!(?:He|She|It|Who|Every|No|Some|Any|One|My|Our|The|Wife|Husband|Tôi|Mình|Em|Anh|Chị|Ai)"
    r"(?:body|one)?\b)[^\W\d_a-z]\S{1,29}(?: [^\W\d_a-z]\S{0,20}){0,2}"
    r" (?:(?:likes|liked) this(?: post)?|(?:đã )?thích bài(?: viết)? này)[.!]?$"
)
_LIKED = re.compile(
    r"^(?:"
    r"\S.{0,120}(?:,| and| &) \d{1,6} others? (?:like|liked|reacted to) this(?: post)?[.!]?"
    r"|\d{1,6} (?:people|users?|members?|persons?) (?:likes?|liked|found) this"
    r"(?: post| helpful)?[.!]?"
    r"|(?:reactions?|cảm xúc)\s?[:：]\s?\S.{0,160}"
    r"|(?:likes|lượt thích|点赞|點贊)\s?[:：]\s?\d.{0,60}"
    r"|the following (?:\d+ )?(?:users?|members?) (?:say|said|thanks?|thanked|likes?|liked)\b"
    r".{1,200}"
    r"|\S.{0,120} (?:và|,) \d{1,6} (?:người|thành viên)(?: khác)?(?: đã)? (?:thích|cảm ơn)"
    r"(?: (?:bài(?: viết)?|điều) này)?[.!]?"
    r"|\d{1,6} (?:người|thành viên)(?: khác)?(?: đã)? thích(?: (?:bài(?: viết)?|điều) này)?[.!]?"
    r"|(?:点赞|點贊|赞|讚|收藏|打赏)\s*[(（]?\d{0,6}[)）]?"
    r"|\d{1,6}\s?(?:人|位)?(?:点赞|點贊|赞|讚|觉得很赞|赞了)"
    r"|\S.{0,80}等\s?\d{1,6}\s?(?:人|位)(?:点赞|點贊|觉得很赞|赞了|赞过)"
    r")$",
    re.IGNORECASE,
)
_EXPAND = re.compile(
    r"^(?:click (?:here )?to (?:expand|show|reveal|view)\b.{0,20}|(?:show|read) more(?:\.\.\.|…)?"
    r"|nhấ[pn] (?:vào )?(?:đây )?để (?:mở rộng|xem).{0,20}|bấm (?:vào )?để (?:mở rộng|xem).{0,20}"
    r"|点击(?:展开|查看).{0,8}|點擊(?:展開|查看).{0,8}|展开全文|展開全文)$",
    re.IGNORECASE,
)
_ATTACHED = re.compile(
    r"^(?:attachments?|attached (?:files?|images?|thumbnails?)|(?:tệp )?đính kèm|附件)\s?[:：]?$"
    r"|^\S.{0,120}\.(?:jpe?g|png|gif|webp|pdf|zip|rar)\s?[\[(（]\s?\d[\d.,]* ?[KMG]?i?B\b.{0,80}$"
    r"|^(?:(?:下载附件|下載附件|保存到相册|保存到相簿|上传|上傳|下载次数)[\s:：\d,.()KMBk次-]{0,40}){1,5}$",
    re.IGNORECASE,
)
_HINTS = Phrasebook(
    "edit modif updat 编辑 編輯 修改 sửa"  # edit notes
    " like react found the thích cảm 赞 讚 收藏 打赏 点 點"  # like bars
    " click more nhấ bấm 展开 展開"
    " attach đính 附件 .jp .png .gif .webp .pdf .zip .rar 保存 上传 上傳 下载".split()
)
"""Every note holds one of these: the patterns cost more than all else that is done to a post."""
_SIGNED = re.compile(r"^(?:--|_{5,}|—{3,})$")
_LINES_OF_SIGNATURE = 8
_LENGTH_OF_SIGNATURE = 500


def without_notes(lines: list[str]) -> list[str]:
    """The author's lines: no edit notes, like bars, "click to expand", captions, signature."""
    may_hold = _HINTS.spot("\n".join(lines).lower())
    kept = [line for line in lines if not _is_note(line)] if may_hold else lines
    for number in range(len(kept) - 1, max(len(kept) - _LINES_OF_SIGNATURE - 2, 0), -1):
        if _SIGNED.match(kept[number].strip()):
            if sum(map(len, kept[number:])) <= _LENGTH_OF_SIGNATURE:
                return kept[:number]
            break
    return kept


def _is_note(line: str) -> bool:
    line = line.strip()
    if not line or len(line) > 300:
        return False
    return any(rule.match(line) for rule in (_EDITED, _LIKED, _NAME_LIKES, _EXPAND, _ATTACHED))
