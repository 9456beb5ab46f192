"""Every role lands on its desk; no page scrolls sideways on a phone, breaks the policy or fails axe."""

from __future__ import annotations

import pytest

from .conftest import DESK, PHONE

pytestmark = pytest.mark.browser
ROLES = ("mishuchu", "huizhang", "pingshen", "qiye", "xiangmu", "shequ", "jiedao", "quxian", "zhujian", "yezhu")
PUBLIC = (
    "/", "/estates/", "/estates/XQ00001/", "/notices/", "/decisions/", "/standards/", "/proof/", "/verify/", "/calc/", "/calc/vote/",
    "/calc/apportion/", "/calc/deadline/", "/calc/score/", "/accounts/login/",
)  # fmt: skip
WORK = {
    "mishuchu": ("/desk/", "/rating/", "/rating/cycles/", "/rating/standards/", "/rating/whatif/", "/rating/whatif/new/", "/statutes/", "/ledger/", "/register/estates/",
                 "/register/companies/", "/association/members/", "/imports/", "/people/", "/messages/ways/",
                 "/desk/?view=all&f_due=late&sort=received", "/holidays/", "/holidays/new/", "/robots/", "/robots/new/"),
    "qiye": ("/desk/", "/rating/scores/", "/rating/projects/1/score/", "/rating/benefits/"),
    "pingshen": ("/desk/", "/rating/reviews/"),
}  # fmt: skip


def look(page, path):
    answer = page.goto(path)
    assert answer.status == 200, path
    assert page.locator("main").count() == 1
    assert page.locator("h1").count() == 1
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"), (
        f"{path} scrolls sideways"
    )
    assert page.faults == [], path


def axe(page, path):
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    said = [(one["id"], [node["html"][:160] for node in one["nodes"][:3]]) for one in found]
    assert said == [], path


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_the_public_pages_hold(visit, viewport):
    page = visit(viewport=viewport)
    for path in PUBLIC:
        look(page, path)
        axe(page, path)


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("account", sorted(WORK))
def test_the_work_pages_hold(visit, account, viewport):
    page = visit(account, viewport=viewport)
    for path in WORK[account]:
        look(page, path)
        axe(page, path)


@pytest.mark.parametrize("account", ROLES)
def test_each_role_lands_on_its_desk(visit, account):
    page = visit(account, viewport=PHONE)

    assert page.locator("h1").inner_text() == "工作台"
    assert page.faults == []


def test_the_language_is_switched_in_the_corner(visit):
    page = visit()
    page.goto("/")
    assert page.locator("html").get_attribute("lang").lower().startswith("zh")
    page.get_by_role("button", name="English").first.click()
    page.wait_for_load_state()
    assert page.locator("html").get_attribute("lang").lower().startswith("en")
