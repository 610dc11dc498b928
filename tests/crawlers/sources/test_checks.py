"""What was found here, in place of the shipped notes; broken files harm nobody."""

import pytest

from crawlers.sources import Check, PublicSource, apply_checks, checks_of

ROW = PublicSource(
    id="talk", name="Talk", address="https://talk.example/", kind="forum", trades=("food",),
    engine="phpbb",
)  # fmt: skip
WHEN = "2026-11-23T01:02:03Z"


@pytest.mark.parametrize(
    ("shipped", "state", "access"),
    [
        ("open", "open", "open"),
        ("blocked", "open", "open"),
        ("open", "robots", "blocked"),
        ("open", "blocked", "blocked"),
        ("open", "login", "login"),
        ("open", "moved", "open"),
        ("open", "dead", "dead"),
        ("api_key", "open", "api_key"),
        ("api_key", "blocked", "api_key"),
        ("api_key", "dead", "dead"),
        ("permission", "open", "permission"),
        ("open", "failed", "open"),
        ("login", "failed", "login"),
        ("permission", "skipped", "permission"),
    ],
)
def test_access_after_a_check(shipped: str, state: str, access: str) -> None:
    row = PublicSource(**{**_fields(), "access": shipped})  # type: ignore[arg-type]
    check = Check(id="talk", checked_at=WHEN, state=state, detail="so it is")  # type: ignore[arg-type]
    (after,) = apply_checks([row], {"talk": check})
    assert after.access == access
    if state in ("failed", "skipped"):
        assert after == row
    else:
        assert after.checked == "2026-11-23"
        assert after.how == "asked from this computer: so it is"


def test_a_new_address_and_engine_are_taken_over() -> None:
    moved = Check(
        id="talk", checked_at=WHEN, state="moved", address="https://new.example/",
        engine="discourse",
    )  # fmt: skip
    (after,) = apply_checks([ROW], {"talk": moved})
    assert (after.address, after.engine) == ("https://new.example/", "discourse")
    opened = Check(id="talk", checked_at=WHEN, state="open", address="https://talk.example/en/")
    (after,) = apply_checks([ROW], {"talk": opened})
    assert (after.address, after.engine) == ("https://talk.example/", "phpbb")


@pytest.mark.parametrize(
    "content",
    [
        None, [], {}, {"checks": None}, {"checks": [None, 3, [], {}]},
        {"checks": [{"id": 1, "checked_at": WHEN, "state": "open"}]},
        {"checks": [{"id": "a", "checked_at": "soon", "state": "open"}]},
        {"checks": [{"id": "a", "checked_at": WHEN, "state": "fine"}]},
        {"checks": [{"id": "a", "checked_at": WHEN, "state": ["open"]}]},
    ],
)  # fmt: skip
def test_broken_content_holds_no_checks(content: object) -> None:
    assert checks_of(content) == {}


def test_odd_fields_are_left_out() -> None:
    row = {
        "id": "a", "checked_at": WHEN, "state": "moved", "address": "javascript:alert(1)",
        "engine": 7, "detail": None,
    }  # fmt: skip
    assert checks_of({"checks": [row]}) == {"a": Check(id="a", checked_at=WHEN, state="moved")}


def _fields() -> dict[str, object]:
    return {name: getattr(ROW, name) for name in ROW.__dataclass_fields__}
