"""Whom a page speaks to."""

import pytest

from pipelines.demand.audiences import LONGEST_TEXT, segments_in
from pipelines.demand.author import fact_names


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("Point of sale for small shops and their teams.", {"shop_owner", "team"}),
        ("Made for any shop owner", {"shop_owner"}),
        ("phần mềm cho cửa hàng nhỏ", {"shop_owner"}),
        ("給小店主用的收銀機", {"shop_owner"}),
        ("专为零基础的学生设计", {"newcomer", "student"}),
        ("Dành cho phụ huynh và giáo viên", {"parent", "teacher"}),
        ("Steamships and teamsters", set()),
        ("Sinh nhật của học viện", set()),
        ("", set()),
    ],
)
def test_segments_a_page_names(text, segments):
    found = segments_in(text)
    assert set(found) == segments
    assert all(words in text for words in found.values())


def test_every_segment_an_author_can_be_of_is_found_on_a_page_in_every_language():
    one = {
        "en": "For students, parents, merchants, office workers, freelancers, seniors, teams, "
        "beginners, homemakers, teachers, developers, nurses, drivers, creators, managers, "
        "pet owners.",
        "zh": "学生、家长、店主、上班族、自由职业者、老年人、团队、新手、家庭主妇、老师们、"
        "程序员、护士、司机、设计师、经理、养宠。",
        "vi": "Sinh viên, phụ huynh, chủ shop, dân văn phòng, freelancer, người cao tuổi, "
        "đội nhóm, người mới, người nội trợ, giáo viên, lập trình viên, y tá, tài xế, nghệ sĩ, "
        "nhà quản lý, người nuôi chó.",
    }
    for text in one.values():
        assert set(segments_in(text)) == set(fact_names()["segment"])


def test_hostile_text_is_read_without_an_error():
    for text in ("\ud83d" * 50, "\x00", "電" * (LONGEST_TEXT * 2), "small " * 9000):
        segments_in(text)
