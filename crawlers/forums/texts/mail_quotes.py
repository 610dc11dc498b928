"""Quotes as mail programs write them into plain text, wherever it ends up: mail, boards, comments.

Pure.
"""

import re

from crawlers.forums.texts.attributions import author_in, ends_in_colon, is_mail_attribution
from crawlers.items import Quoted

_FORWARDED = re.compile(
    r"^-{2,}\s?(?:original message|forwarded message|thư gốc|thư đã chuyển tiếp|原始邮件|原始郵件"
    r"|转发邮件)\s?-{2,}$",
    re.IGNORECASE,
)
_SENDER = re.compile(
    r"^(?:from|từ|发件人|寄件者)\s?[:：]\s?[\"']?([^<\"'\n]{1,60}?)[\"']?\s*(?:<|$)", re.IGNORECASE
)
_HEADER = re.compile(
    r"^(?:from|sent|to|cc|date|subject|từ|gửi|ngày|đến|chủ đề|发件人|发送时间|收件人|抄送|主题"
    r"|寄件者|日期|主旨)\s?[:：]",
    re.IGNORECASE,
)


def mail_quotes_apart(lines: list[str]) -> tuple[str, tuple[Quoted, ...]]:
    """Own lines, and the runs of "> " lines below a line that says whose they are, as in mail.

    Lines with ">" that nobody is named for stay: they may be a shell's prompt.
    """
    if not any(line.lstrip().startswith((">", "--")) for line in lines):
        return "\n".join(lines), ()
    own: list[str] = []
    quoted: list[Quoted] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if _FORWARDED.match(line.strip()):
            rest = lines[at + 1 :]
            sender = next((m[1] for part in rest[:6] if (m := _SENDER.match(part.strip()))), None)
            text = "\n".join(part for part in rest if not _HEADER.match(part.strip()))
            quoted.append(Quoted(author=sender, text=text.strip()))
            break
        wrapped = f"{line.strip()} {lines[at + 1].strip()}" if at + 1 < len(lines) else ""
        span = 1 if ends_in_colon(line) else 0
        if not span and is_mail_attribution(wrapped) and not ends_in_colon(lines[at + 1]):
            span = 2
        if span and at + span < len(lines) and lines[at + span].lstrip().startswith(">"):
            author = author_in(line if span == 1 else wrapped)
            at += span
            said: list[str] = []
            while at < len(lines) and lines[at].lstrip().startswith(">"):
                said.append(lines[at].lstrip("> \t"))
                at += 1
            quoted.append(Quoted(author=author, text="\n".join(said).strip()))
            continue
        own.append(line)
        at += 1
    return "\n".join(own), tuple(quoted)
