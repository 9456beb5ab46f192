"""Take pictures of a running demo city, at a desk and on a phone: the README's, and those to hold beside the look.

wuxie serve                         # in another terminal, with the demo loaded
python scripts/look.py [--base http://127.0.0.1:8000] [--out screenshots] [--only NAME]
"""

from __future__ import annotations

import argparse
import os
import shutil
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

PASSWORD = "Demo-2026-wuxie"
DESK, PHONE = {"width": 1360, "height": 900}, {"width": 390, "height": 844}
PUBLIC = {
    "portal-home": "/", "portal-estates": "/estates/", "portal-estate": "/estates/XQ00001/", "portal-notices": "/notices/",
    "portal-decisions": "/decisions/", "portal-standards": "/standards/", "portal-proof": "/proof/", "calc-vote": "/calc/vote/",
    "calc-apportion": "/calc/apportion/", "calc-deadline": "/calc/deadline/", "calc-score": "/calc/score/",
    "verify": "/verify/", "signin": "/accounts/login/",
}  # fmt: skip
ROLES = {
    "mishuchu": {
        "desk": "/desk/", "applications": "/rating/", "case": "/rating/applications/19/", "cycles": "/rating/cycles/",
        "standards": "/rating/standards/", "statutes": "/statutes/", "ledger": "/ledger/", "estates": "/register/estates/",
        "companies": "/register/companies/", "members": "/association/members/", "imports": "/imports/", "objections": "/rating/objections/",
        "people": "/people/",
    },
    "huizhang": {"desk": "/desk/"}, "pingshen": {"desk": "/desk/", "reviews": "/rating/reviews/"},
    "qiye": {"desk": "/desk/", "scores": "/rating/scores/", "score": "/rating/projects/1/score/", "benefits": "/rating/benefits/"},
    "xiangmu": {"desk": "/desk/", "score": "/rating/projects/1/score/"}, "shequ": {"desk": "/desk/"}, "jiedao": {"desk": "/desk/"},
    "quxian": {"desk": "/desk/"}, "zhujian": {"desk": "/desk/", "applications": "/rating/"}, "yezhu": {"desk": "/desk/"},
}  # fmt: skip


def launch(playwright: object) -> Browser:
    """Debian's Chromium; nothing is ever downloaded."""
    chromium = os.environ.get("WUXIE_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    return playwright.chromium.launch(  # type: ignore[attr-defined]
        executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    )


def sign_in(page: Page, base: str, username: str) -> None:
    page.goto(f"{base}/accounts/login/")
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_load_state()


def shoot(page: Page, base: str, path: str, to: Path) -> None:
    answer = page.goto(f"{base}{path}")
    status = answer.status if answer else 0
    page.screenshot(path=to, full_page=True)
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")
    print(f"{status} {to.name}{' SIDEWAYS' if wide else ''}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--base", default=f"http://127.0.0.1:{os.environ.get('PORT', '8000')}")
    parser.add_argument("--out", type=Path, default=Path("screenshots"))
    parser.add_argument("--only", default="")
    chosen = parser.parse_args()
    chosen.out.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for name, viewport in (("desk", DESK), ("phone", PHONE)):
            page = browser.new_context(viewport=viewport, locale="zh-CN").new_page()
            for label, path in PUBLIC.items():
                if chosen.only in label:
                    shoot(page, chosen.base, path, chosen.out / f"{label}-{name}.png")
            for username, pages in ROLES.items():
                wanted = {label: path for label, path in pages.items() if chosen.only in f"{username}-{label}"}
                if wanted:
                    page = browser.new_context(viewport=viewport, locale="zh-CN").new_page()
                    sign_in(page, chosen.base, username)
                    for label, path in wanted.items():
                        shoot(page, chosen.base, path, chosen.out / f"{username}-{label}-{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
