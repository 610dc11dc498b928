"""What the walks share: a page whose complaints are kept, and what makes a page sound."""

from contextlib import contextmanager
from typing import Any

WIDTHS = (1280, 390)


@contextmanager
def page_of(browser: Any, width: int, language: str, faults: list[str], **more: Any) -> Any:
    context = browser.new_context(viewport={"width": width, "height": 844}, locale=language, **more)
    page = context.new_page()
    page.on(
        "console",
        lambda m: faults.append(m.text) if m.type == "error" and "404" not in m.text else None,
    )
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    context.close()


def faults_of_pages(
    browser: Any, address: str, paths: list[str], language: str, width: int, scheme: str = "light"
) -> list[str]:
    """What is wrong with the pages of the desk: complaints of the browser, sideways scroll, what
    axe-core calls serious or critical.
    """
    from axe_playwright_python.sync_playwright import Axe

    axe, faults = Axe(), []
    with page_of(browser, width, language, faults, color_scheme=scheme) as page:
        for path in paths:
            answer = page.goto(address + path)
            assert answer.status == (404 if path == "/nowhere" else 200), path
            assert page.locator("html").get_attribute("lang") == language
            wide = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            if wide > 0:
                faults.append(f"{path} scrolls sideways by {wide} px")
            for found in axe.run(page).response["violations"]:
                if found["impact"] in ("serious", "critical"):
                    where = [node["target"] for node in found["nodes"][:3]]
                    faults.append(f"{path}: {found['id']} ({found['impact']}) {where}")
    return faults
