"""Whom a company looks for: job titles on its careers pages."""

import re
from collections.abc import Iterator

from crawlers.folding import fold
from pipelines.changes.model import Change, PageFacts, short
from pipelines.changes.noise import steady

MOST_TITLES = 300

_ROLES = re.compile(
    r"\b(?:engineers?|developers?|programmers?|designers?|architects?|analysts?|scientists?"
    r"|managers?|leads?|heads?|directors?|officers?|chief|ceo|cto|cfo|coo|cmo|vp|president"
    r"|representatives?|executives?|specialists?|consultants?|assistants?|associates?|interns?"
    r"|internship|trainees?|coordinators?|administrators?|accountants?|recruiters?|writers?"
    r"|editors?|marketers?|marketing|sales|support|operators?|technicians?|drivers?|cashiers?"
    r"|baristas?|nurses?|dentists?|hygienists?|receptionists?|teachers?|tutors?|agents?|buyers?"
    r"|planners?|strategists?|producers?|supervisors?|testers?|qa|devops|sre"
    r"|nhan vien|chuyen vien|ky su|truong (?:phong|nhom|bo phan)|giam doc|quan ly|lap trinh vien"
    r"|thiet ke|ke toan|tu van vien|cham soc khach hang|kinh doanh|thuc tap sinh|cong tac vien"
    r"|tro ly|thu ky|bao ve|lai xe|tai xe|pha che|thu ngan|content|tester)\b"
    r"|工程师|程序员|开发|设计师|经理|主管|总监|专员|助理|客服|销售|运营|产品|会计|出纳|文员|编辑"
    r"|实习生|顾问|代表|店长|店员|收银员|司机|仓管|采购|讲师|老师|架构师|测试|负责人"
)
_WIDE = re.compile(
    r"\b(?:country|regional|head|director|chief|vp|expansion|lead|founding|giam doc|truong)\b"
    r"|总监|负责人|城市经理|区域经理|国家经理"
)
"""Jobs that tell where a company is going: heads, countries, founding teams."""
_SENTENCE = re.compile(r"[.!?。！？…]\s*$|@|https?:")
_BADGE = (
    r"(?:(?:very |super )?(?:hot|urgent(?:ly)?|new)(?: (?:job|hiring|needed|role))?|now hiring"
    r"|hiring now|(?:can |tuyen |rat )?gap|tin moi|moi|noi bat|急招|急聘|急需|热招|高薪|诚聘|新)"
)
_COUNT = (
    r"(?:(?:so luong|sl|x|招聘?|:) ?:? ?\d{1,4} ?(?:人|名|位|nguoi)?"
    r"|\d{1,4} ?(?:vi tri|nguoi|suat|chi tieu|positions?|openings?|vacanc(?:y|ies)|headcounts?"
    r"|hires?|roles?|人|名|位))"
)
_EITHER = rf"(?:{_BADGE}|{_COUNT})"
_BADGES = re.compile(
    rf"[\[({{【《<「] ?{_EITHER} ?!{{0,3}} ?[\])}}】》>」]"
    rf"|^{_BADGE} ?[:!|\-–—·]{{1,3}} ?|^(?:急招|急聘|急需|热招|诚聘)"
    rf"|(?: ?[:|\-–—·,，/] ?| ){_COUNT}$|(?: ?[:|\-–—·,，/] ?){_BADGE} ?!{{0,3}}$"
)
"""What a board hangs on a title: how urgent it is, how many are wanted. Folded."""
_NOBODY = re.compile(
    r"\bno (?:open|current|vacant) (?:positions?|roles?|jobs?|vacancies)\b|\bno vacancies\b"
    r"|\bnot (?:currently )?hiring\b|\bchua (?:co|tuyen)\b|\bkhong (?:co|tuyen)\b"
    r"|暂无(?:职位|岗位|招聘)|没有(?:空缺|职位|岗位)|暂不招聘"
)


def job_titles(page: PageFacts) -> dict[str, str]:
    """Job titles of a careers page, by their steady spelling; nothing for pages of other kinds."""
    if page.kind != "careers":
        return {}
    titles: dict[str, str] = {}
    for block in (*page.text.splitlines(), *page.headings[1:]):
        line = " ".join(block.split())
        if not 2 <= len(line) <= 120 or len(titles) >= MOST_TITLES:
            continue
        bare = _bare(line)
        if not _SENTENCE.search(bare) and _ROLES.search(bare):
            titles.setdefault(steady(bare), line)
    return titles


def _bare(line: str) -> str:
    """A folded title without badges and counts; one may hang on another."""
    bare = fold(line)
    for _ in range(3):
        less = " ".join(_BADGES.sub(" ", bare).split())
        if less == bare or not less:
            break
        bare = less
    return bare


def compare_hiring(old: PageFacts, new: PageFacts) -> Iterator[Change]:
    """Jobs that appeared on a careers page, and jobs it no longer shows."""
    before, after = job_titles(old), job_titles(new)
    if old.kind != "careers" or new.kind != "careers":
        return
    if before and not after and not _NOBODY.search(fold(new.text)):
        return  # a list that is filled by scripts, or misread: nobody says that nobody is wanted
    for key, title in after.items():
        if key not in before:
            yield Change(
                kind="hiring", field="job", old=None, new=title, words=f"New job: {short(title)}",
                importance=2 if _WIDE.search(fold(title)) else 1, site_wide=key,
            )  # fmt: skip
    for key, title in before.items():
        if key not in after:
            yield Change(
                kind="hiring", field="job", old=title, new=None, importance=1,
                words=f"Job gone: {short(title)}", site_wide=key,
            )  # fmt: skip
