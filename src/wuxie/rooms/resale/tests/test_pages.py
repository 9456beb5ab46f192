"""The pages: who sees what, the whole way in a browser's hands, a user's own page by the number on the bill."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from wuxie.kernel.clock.now import frozen
from wuxie.kernel.papers.models import Document
from wuxie.rooms.register.tests.factories import whole
from wuxie.rooms.resale.actions import months
from wuxie.rooms.resale.models import Account, Meter, Month, Refund

from .factories import DAY, begun, meter, paid, read, submitted

pytestmark = pytest.mark.django_db
READERS = ("admin", "contact", "manager", "principal", "community", "street", "district", "city", "office")


@pytest.fixture
def browser(world, enter):
    return lambda name: enter(person=world.people[name])


def pdf(name="凭证.pdf"):
    return SimpleUploadedFile(name, b"%PDF-1.4\n%%EOF\n", content_type="application/pdf")


def text(answer):
    return answer.content.decode()


def test_who_sees_an_account_and_its_month(world, browser, enter):
    month = submitted(world.account, price=10_000)
    pages = (month.get_absolute_url(), world.account.get_absolute_url())
    for name in READERS:
        assert [browser(name).get(page).status_code for page in pages] == [200, 200], name
        for page in ("/power/", "/power/months/", "/power/refunds/"):
            assert (world.account.account_no in text(browser(name).get(page))) or page == "/power/refunds/", (
                name,
                page,
            )
    stranger = (
        enter("外人", "gov_street", place_code="510403001") if False else enter("外人", "gov_street", place="510403001")
    )
    for who in (browser("owner"), stranger):
        assert [who.get(page).status_code for page in pages] == [404, 404]
        assert world.account.account_no not in text(who.get("/power/months/"))
        assert "面馆" not in text(who.get("/power/refunds/"))


def test_the_whole_way_in_a_browser(world, browser):
    manager = browser("manager")
    given = {
        "project": world.project.pk, "account_no": "5104000099999", "grid": "演示供电公司", "mode": "class", "basis": "租赁合同", "has_own": "on",
        "starts_on": "2026-10-01", "once": "k-1",
    }  # fmt: skip
    assert manager.post("/power/accounts/new/", given | {"starts_on": "2026-12-01"}).status_code == 422
    assert manager.post("/power/accounts/new/", given | {"once": "k-2"}).status_code == 302
    account = Account.objects.get(account_no="5104000099999")
    page = account.get_absolute_url()
    assert "还没有电表" in text(manager.get(page)) and "10月1日" in text(manager.get(page))
    fields = {"role": "tenant", "klass": "commercial", "multiplier": "1", "user": "5 号铺 书店", "code": "A-5"}
    assert "店铺招牌" in text(manager.post(f"{page}meters/new/", fields | {"user": ""}))
    assert manager.post(f"{page}meters/new/", fields).status_code == 302
    assert manager.post(f"{page}meters/new/", fields | {"role": "own", "user": "", "code": "Z-5"}).status_code == 302
    bill = {"starts_on": "2026-10-01", "ends_on": "2026-10-31", "kwh": "1000", "amount": "680", "apart": "on"}
    refused = manager.post(f"{page}months/new/", bill | {"starts_on": "2026-10-05", "file": pdf(), "once": "k-3"})
    assert refused.status_code == 422 and "不能跳月" in text(refused)
    assert "请放上文件" in text(manager.post(f"{page}months/new/", bill))
    assert "一起写" in text(manager.post(f"{page}months/new/", bill | {"peak_kwh": "5", "file": pdf()}))
    assert manager.post(f"{page}months/new/", bill | {"file": pdf(), "once": "k-4"}).status_code == 302
    month = Month.objects.get(account=account)
    here = month.get_absolute_url()
    assert "还没抄的表：A-5、Z-5" in text(manager.get(here)) and "轮到你抄表" in text(manager.get(here))
    assert manager.post(f"{here}bill/", bill | {"amount": "700"}).status_code == 302
    form = manager.get(f"{here}readings/")
    assert form.status_code == 200 and "书店" in text(form)
    shop, own = (Meter.objects.get(account=account, code=code).pk for code in ("A-5", "Z-5"))
    typed = {
        f"{shop}__start": "0",
        f"{shop}__end": "700",
        f"{shop}__price": "1.00",
        f"{own}__start": "0",
        f"{own}__end": "250",
    }
    wrong = manager.post(f"{here}readings/", typed | {f"{shop}__start": "900"})
    assert wrong.status_code == 422 and "小于起码" in text(wrong)
    assert manager.post(f"{here}readings/", typed).status_code == 302
    assert manager.post(f"{here}submit/", {}).status_code == 302
    shown = text(manager.get(here))
    assert "疑似多收" in shown and "210.00 元" in shown and "转供电电费公示表" in shown and "登记退款" in shown
    refund = Refund.objects.get(month=month)
    assert (
        manager.post(
            f"/power/refunds/{refund.pk}/pay/", {"way": "transfer", "paid_on": "2026-11-02", "file": pdf()}
        ).status_code
        == 302
    )
    assert "已退" in text(manager.get("/power/refunds/"))
    assert manager.post(f"{here}correct/", {"note": "单价定高了", "file": pdf()}).status_code == 302
    month.refresh_from_db()
    assert month.state == "self_corrected" and "已自行纠正" in text(manager.get(here))
    assert "电到了哪里" in text(manager.get(page))
    assert (
        manager.post(
            f"{page}edit/", {"grid": "演示供电公司", "mode": "share", "basis": "补充协议", "has_own": "on"}
        ).status_code
        == 302
    )
    assert manager.post(f"{page}convert/", {"plan": "年内装表到户"}).status_code == 302
    assert manager.post(f"{page}direct/", {"supplied_on": "2026-11-03", "file": pdf()}).status_code == 302
    account.refresh_from_db()
    assert account.state == "direct_supply" and account.mode == "share"


def test_the_page_of_an_account_says_that_it_is_the_companys_turn_to_report(world, browser):
    page = world.account.get_absolute_url()
    shown = text(browser("manager").get(page))
    assert "轮到你报月账" in shown and "现在没有轮到你的事" not in shown
    month = begun(world.account)
    assert f"轮到你接着填报 {month.name}" in text(browser("manager").get(page))
    assert "轮到你接着" not in text(browser("office").get(page))


def test_the_office_finds_and_the_company_plans(world, browser):
    month = submitted(world.account, price=10_000)
    here, office, manager = month.get_absolute_url(), browser("office"), browser("manager")
    assert "自行纠正的期限到" in text(office.get(here))
    with frozen(DAY(2026, 11, 11)):
        assert office.post(f"{here}confirm/", {}).status_code == 302
        assert manager.post(f"{here}plan/", {"plan": "逐户转账"}).status_code == 302
        month.refresh_from_db()
        assert month.state == "refund_planned"
        paper = Document.objects.get(code="power_refund_list")
        assert manager.get(paper.get_absolute_url()).content[:4] == b"%PDF"
        assert browser("street").get(f"{paper.get_absolute_url()}?as=word").content[:2] == b"PK"
        assert browser("owner").get(paper.get_absolute_url()).status_code == 404
        refund = month.refunded.first()
        assert "找不到人" in text(manager.get(here)) and "轮到你退款：还有" in text(manager.get(here))
        assert (
            manager.post(f"/power/refunds/{refund.pk}/post/", {"reason": "已退租", "file": pdf("公告.pdf")}).status_code
            == 302
        )
        assert "已公告" in text(manager.get(here))


def test_only_the_keeper_writes(world, browser):
    month = submitted(world.account, price=10_000)
    refund, shop = month.refunded.first(), Meter.objects.get(code="A-1")
    pages = (
        f"{world.account.get_absolute_url()}edit/", f"{world.account.get_absolute_url()}meters/new/", f"{world.account.get_absolute_url()}months/new/",
        f"/power/meters/{shop.pk}/", f"{month.get_absolute_url()}bill/", f"{month.get_absolute_url()}readings/", f"/power/refunds/{refund.pk}/pay/",
        f"/power/refunds/{refund.pk}/post/",
    )  # fmt: skip
    for name, status in (
        ("manager", 200),
        ("admin", 200),
        ("contact", 403),
        ("office", 403),
        ("street", 403),
        ("owner", 404),
    ):
        assert [browser(name).get(page).status_code for page in pages] == [status] * len(pages), name
    assert shop.receipt in text(browser("manager").get(world.account.get_absolute_url()))
    assert shop.receipt not in text(browser("office").get(world.account.get_absolute_url())), (
        "a user's number is for the user and who prints the bill"
    )


def test_a_meter_is_put_right_in_the_browser(world, browser):
    shop = Meter.objects.get(code="A-1")
    fields = {
        "role": "tenant",
        "klass": "commercial",
        "multiplier": "40",
        "user": "1 号铺 茶馆",
        "verified_until": "2028-01-01",
    }
    assert browser("manager").post(f"/power/meters/{shop.pk}/", fields).status_code == 302
    shop.refresh_from_db()
    assert (shop.multiplier, shop.user, shop.history.count()) == (40, "1 号铺 茶馆", 2)


def test_a_user_sees_charged_allowed_and_given_back_without_an_account(world, client):
    month = submitted(world.account, price=10_000)
    shop = Meter.objects.get(code="A-1")
    page = f"/my-power/{shop.receipt}/"
    found = client.post("/my-power/", {"receipt": shop.receipt.lower().replace("-", " ")})
    assert found.status_code == 302 and found.headers["Location"] == page
    shown = text(client.get(page))
    assert "1 号铺 面馆" in shown and "收取 1.0000 元/度，共 3,000.00 元；允许 0.6800 元/度，共 2,040.00 元" in shown
    assert "多收 960.00 元" in shown and "还没有退" in shown and "药店" not in shown
    assert "按未核定数值" in shown, "what it was judged by is named"
    assert client.get(page).headers["X-Robots-Tag"].startswith("noindex")
    refund = Refund.objects.get(meter=shop)
    client.post(f"{page}{refund.pk}/", {"received": "yes"})
    refund.refresh_from_db()
    assert refund.answer == "", "nothing has been paid yet"
    paid(month)
    assert "退款收到了" in text(client.get(page))
    client.post(f"{page}{refund.pk}/", {})
    client.post(f"{page}{refund.pk}/", {"received": "no"})
    refund.refresh_from_db()
    assert refund.answer == "no" and "你说：没收到" in text(client.get(page))
    client.post(f"{page}{refund.pk}/", {"received": "yes"})
    refund.refresh_from_db()
    assert refund.answer == "yes"


def test_nobody_reads_or_answers_with_a_wrong_number(world, client):
    month = submitted(world.account, price=10_000)
    paid(month)
    mine, other = Meter.objects.get(code="A-1"), Refund.objects.get(meter__code="A-2")
    assert client.get("/my-power/AAAA-AAAA-A/").status_code == 404
    assert "查不到" in text(client.post("/my-power/", {"receipt": "AAAA-AAAA-A"}))
    assert client.post(f"/my-power/{mine.receipt}/{other.pk}/", {"received": "no"}).status_code == 404
    other.refresh_from_db()
    assert other.answer == ""
    own = Meter.objects.get(code="Z-1")
    assert client.get(f"/my-power/{own.receipt}/").status_code == 404, "own use is nobody's bill"


def test_a_month_that_is_filled_in_is_not_shown_and_one_with_doubts_accuses_nobody(world, client):
    shop = Meter.objects.get(code="A-1")
    month = read(begun(world.account), price=10_000, shops=(400_000, 450_000))
    assert "还没有报送的月账" in text(client.get(f"/my-power/{shop.receipt}/"))
    months.submit(month, by=world["manager"])
    assert "抄表还在核对" in text(client.get(f"/my-power/{shop.receipt}/"))


def test_the_estates_page_says_prices_and_no_users(world, client):
    page = f"/estates/{world.project.estate.code}/"
    assert "物业代收的电费" not in text(client.get(page))
    submitted(world.account)
    shown = text(client.get(page))
    assert "购电均价 0.6800 元/度" in shown and "没有多收" in shown and "面馆" not in shown
    with frozen(DAY(2026, 12, 3)):
        month = submitted(world.account, price=10_000)
        shown = text(client.get(page))
        assert "正在核对" in shown and "疑似" not in shown, "nobody is accused before it was found"
    Month.objects.filter(pk=month.pk).update(state="confirmed")
    assert "认定多收" in text(client.get(page))


def test_lists_filter_search_sort_and_export(world, browser):
    submitted(world.account, price=10_000)
    office = browser("office")
    assert "疑似多收" in text(office.get("/power/months/", {"view": "hot"}))
    assert world.account.account_no not in text(office.get("/power/months/", {"view": "good"}))
    assert world.account.account_no in text(office.get("/power/months/", {"q": world.account.account_no}))
    rows = whole(office.get("/power/refunds/", {"format": "csv", "sort": "-amount"})).decode("utf-8-sig").splitlines()
    assert len(rows) == 3 and "药店" in rows[1] and "1,280.00 元" in rows[1]
    assert whole(office.get("/power/", {"format": "xlsx"}))[:2] == b"PK"


def test_pages_ask_as_often_for_thirty_meters_as_for_three(world, browser, django_assert_max_num_queries):
    manager = browser("manager")
    month = submitted(world.account, price=10_000)
    urls = (
        month.get_absolute_url(),
        world.account.get_absolute_url(),
        f"/my-power/{Meter.objects.get(code='A-1').receipt}/",
    )

    def asked():
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        found = []
        for url in urls:
            manager.get(url)
            with CaptureQueriesContext(connection) as seen:
                assert manager.get(url).status_code == 200
            found.append(len(seen))
        return found

    few = asked()
    for n in range(27):
        meter(world.account, f"M-{n:02d}", user=f"{n} 号")
    with frozen(DAY(2026, 12, 3)):
        read(begun(world.account), price=10_000, shops=(10_000,) * 29)
        assert asked()[1:] == few[1:]
