"""The pages: who sees what, the steps in a browser's hands, a collector's phone, and what a list asks the database."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from wuxie.kernel.clock.now import frozen
from wuxie.rooms.assembly import commitments
from wuxie.rooms.assembly.actions import question
from wuxie.rooms.assembly.models import Ballot, Decision, Objection, Proxy, RulesOfProcedure
from wuxie.rooms.register.tests import factories as register
from wuxie.rooms.register.tests.factories import whole

from .factories import AFTER, ALL_FOR, DAY, OPENS_ON, PDF, TODAY, World, laid, moment, shot

pytestmark = pytest.mark.django_db
S = Decision.State


@pytest.fixture
def browser(world, enter):
    return lambda name: enter(person=world.people[name])


def picture():
    name, content = shot()
    return SimpleUploadedFile(name, content, content_type="image/png")


def pdf():
    return SimpleUploadedFile("规则.pdf", b"%PDF-1.4\n%%EOF\n", content_type="application/pdf")


def test_who_reads_a_vote_and_who_its_doors(world, browser, enter):
    case = world.collecting()
    page, doors = case.get_absolute_url(), f"/votes/{case.pk}/doors/"
    everybody = ("committee", "community", "street", "district", "city", "office", "president", "admin", "manager", "owner", "collector",
                 "counter", "watcher")  # fmt: skip
    inside = {"committee", "community", "street", "collector", "counter", "watcher"}
    with frozen(moment(OPENS_ON)):
        assert {name: browser(name).get(page).status_code for name in everybody} == dict.fromkeys(everybody, 200)
        for address in (doors, f"/votes/{case.pk}/roll/", f"/votes/{case.pk}/participation/"):
            answers = {name: browser(name).get(address).status_code for name in everybody}
            assert answers == {name: 200 if name in inside else 404 for name in everybody}, address
        stranger = enter("外人", "gov_street", place="510403001")
        assert [stranger.get(one).status_code for one in (page, doors)] == [404, 404]


def test_a_committee_leads_a_vote_from_the_form_to_the_notice(world, browser):
    committee = browser("committee")
    answer = committee.post(
        "/votes/new/", {"estate": world.estate.pk, "organiser": "owners_committee", "title": "调整物业费"}
    )
    case = Decision.objects.get()
    assert answer.headers["Location"] == case.get_absolute_url()
    committee.post(f"/votes/{case.pk}/item/", {"title": "调价方案 A", "matter": "other"})
    building = world.estate.buildings.get(name="1")
    sent = committee.post(f"/votes/{case.pk}/edit/", {
        "title": "调整物业费", "opens_on": "2027-03-20", "closes_at": "2027-04-05T18:00", "certified_area": "359.00", "scope": [f"{building.pk}|"],
    })  # fmt: skip
    assert sent.status_code == 302
    for duty, name, phone in (
        ("collector", "collector某", world.people["collector"].phone),
        ("collector", "张三", "13877776666"),
    ):
        assert (
            committee.post(f"/votes/{case.pk}/helpers/", {"duty": duty, "name": name, "phone": phone}).status_code
            == 302
        )
    assert committee.post(f"/votes/case/{case.pk}/announce/", {"note": ""}).status_code == 302
    case.refresh_from_db()
    text = committee.get(case.get_absolute_url()).content.decode()
    assert "按未核定数值" in text and "表决权清册公示" in text
    assert case.state == S.ANNOUNCED and "名册公示" in text and "1 栋" in text and case.entries.count() == 4
    late = committee.post(f"/votes/case/{case.pk}/freeze/", {"note": ""})
    assert late.status_code == 302 and "公示期没有满" in committee.get(late.headers["Location"]).content.decode()


def test_a_company_reads_why_it_cannot_begin(world, browser):
    assert "川建行规〔2022〕9号" in browser("admin").get("/votes/").content.decode()
    for name in ("admin", "office"):
        answer = browser(name).get("/votes/new/")
        assert answer.status_code == 403 and "川建行规〔2022〕9号" in answer.content.decode(), name


def test_an_owner_objects_and_is_answered(world, browser):
    case = world.announced()
    owner, committee = browser("owner"), browser("committee")
    wrong = owner.post(f"/votes/{case.pk}/object/", {"door": "9-9-999", "text": "面积不对"})
    assert wrong.status_code == 422 and "名册里没有" in wrong.content.decode()
    assert owner.post(f"/votes/{case.pk}/object/", {"door": "1栋1单元101室", "text": "面积不对"}).status_code == 302
    row = Objection.objects.get()
    asked = committee.get(f"/votes/objections/{row.pk}/answer/").content.decode()
    assert "更正后的面积" in asked and "证载总面积" not in asked, "no certificate was given"
    assert (
        committee.post(
            f"/votes/objections/{row.pk}/answer/",
            {"upheld": "yes", "answer": "照证改", "area": "90.00", "area_source": "registered"},
        ).status_code
        == 302
    )
    assert world.entry(case, "1-1-101").area == 9000 and "照证改" in owner.get(case.get_absolute_url()).content.decode()


def test_the_rules_are_entered_with_their_text(world, browser):
    address = f"/votes/rules/{world.estate.pk}/"
    given = {"adopted_on": "2027-02-01", "silent_rule": "participates_abstain", "paper": pdf()}
    refused = browser("committee").post(address, given)
    assert refused.status_code == 422 and "哪一条" in refused.content.decode()
    sent = browser("committee").post(address, given | {"silent_clause": "第二十条", "paper": pdf()})
    assert sent.status_code == 302 and RulesOfProcedure.objects.get().silent_clause == "第二十条"
    assert browser("admin").get(address).status_code == 403


def test_a_collector_works_through_an_entrance_on_the_phone(world, browser):
    case = world.collecting()
    entry = world.entry(case, "1-1-101")
    with frozen(moment(OPENS_ON)):
        phone = browser("collector")
        text = phone.get(f"/votes/{case.pk}/doors/?b=1&e=1&unit={entry.pk}").content.decode()
        assert (
            "收到纸票，拍封口" in text
            and "这位业主有 2 套，按 1 人计" in text
            and "甲一" not in text
            and "书面委托" not in text
        )
        wrong = phone.post(f"/votes/doors/{entry.pk}/proxy/", {"name": "代某", "phone": "12345", "picture": picture()})
        assert wrong.status_code == 422 and "11 位手机号" in wrong.content.decode() and not Proxy.objects.exists()
        assert phone.post(f"/votes/doors/{entry.pk}/nobody/", {"note": "没人"}).status_code == 302
        form = {"second": world.people["second"].pk, "capacity": "owner", "picture": picture()}
        assert phone.post(f"/votes/doors/{entry.pk}/collect/", form | {"capacity": "tenant"}).status_code == 422
        sent = phone.post(f"/votes/doors/{entry.pk}/collect/", form | {"picture": picture()})
        assert sent.status_code == 302 and Ballot.objects.get().entry == entry
        again = phone.post(f"/votes/doors/{entry.pk}/collect/", form | {"picture": picture()})
        assert again.status_code == 422 and "一户只能有一张有效票" in again.content.decode()
        assert browser("committee").post(f"/votes/doors/{entry.pk}/collect/", form).status_code == 404


def test_before_the_close_no_page_says_what_anybody_wants(world, browser):
    case = world.collecting()
    ballot = world.collect(case, "1-1-101")
    with frozen(moment(OPENS_ON)):
        for name in ("committee", "watcher", "counter", "street"):
            assert browser(name).get(f"/votes/{case.pk}/ballots/").status_code == 404
            assert browser(name).get(ballot.get_absolute_url()).status_code == 404
        text = browser("committee").get(f"/votes/{case.pk}/participation/").content.decode()
        assert "还差" in text and "赞成、反对现在谁也看不到" in text and "下一趟最值得走的" in text


def test_after_the_close_nobody_is_sent_to_a_door_and_nothing_is_called_hidden(world, browser):
    case = world.collecting()
    world.collect(case, "1-1-101")
    world.close(case)
    with frozen(AFTER):
        text = browser("committee").get(f"/votes/{case.pk}/participation/").content.decode()
    assert "专有面积" in text
    assert "现在谁也看不到" not in text and "下一趟最值得走的" not in text


def test_two_counters_and_who_watches_in_the_browser(world, browser):
    case = world.collecting()
    ballot = world.collect(case, "1-1-101")
    world.close(case)
    with frozen(AFTER):
        first, second, watcher = browser("counter"), browser("counter2"), browser("watcher")
        assert "录票" in first.get(ballot.get_absolute_url()).content.decode()
        assert first.post(f"/votes/ballots/{ballot.pk}/read/", {"item1": "for"}).status_code == 422, "without a picture"
        assert first.post(f"/votes/ballots/{ballot.pk}/read/", {"item1": "for", "scan": picture()}).status_code == 302
        assert "同意" not in second.get(ballot.get_absolute_url()).content.decode(), (
            "the second does not see what the first read"
        )
        assert second.post(f"/votes/ballots/{ballot.pk}/read/", {"item1": "against"}).status_code == 302
        assert watcher.post(f"/votes/ballots/{ballot.pk}/settle/", {"reason": "看清了"}).status_code == 422
        assert (
            watcher.post(f"/votes/ballots/{ballot.pk}/settle/", {"item1": "for", "reason": "看清了"}).status_code == 302
        )
        ballot.refresh_from_db()
        assert ballot.choices == {"1": "for"} and "看清了" in watcher.get(ballot.get_absolute_url()).content.decode()
        assert first.post(f"/votes/ballots/{ballot.pk}/doubt/", {"reason": "又看"}).status_code == 302
        assert watcher.get(f"/votes/{case.pk}/ballots/?view=doubtful").content.decode().count(ballot.entry.label) == 1


def test_the_result_stands_on_the_page_and_the_street_takes_the_auditors_pack(world, browser):
    from wuxie.kernel.facts import sealer

    case = world.published(ALL_FOR)
    with frozen(AFTER):
        text = browser("owner").get(case.get_absolute_url()).content.decode()
        assert "通过" in text and "599.00" in text and "下载公开核验包" in text and "下载复核包" not in text
        assert "还没有封存" in browser("owner").get(f"/votes/{case.pk}/pack/").content.decode()
        sealer.seal()
        assert whole(browser("owner").get(f"/votes/{case.pk}/pack/"))[:2] == b"PK"
        assert browser("street").post(f"/votes/{case.pk}/audit/", {"reason": ""}).status_code == 422
        assert whole(browser("street").post(f"/votes/{case.pk}/audit/", {"reason": "复核投诉"}))[:2] == b"PK"
        assert browser("owner").get(f"/votes/{case.pk}/audit/").status_code == 404


def test_an_owner_sees_how_far_the_own_paper_has_come(world, browser):
    case = world.collecting()
    world.collect(case, "2-1-101")
    with frozen(moment(OPENS_ON)):
        from wuxie.kernel.parties.actions import appoint

        appoint(world.people["voter"], "owner", by="test", subject=world.estate.key, starts_on=DAY(2020, 1, 1))
        text = browser("voter").get(case.get_absolute_url()).content.decode()
    assert [word in text for word in ("我的票", "2-1-101", "已收", "1-1-101")] == [True, True, True, False]


def test_papers_are_printed_with_code_and_receipt(world, browser):
    case = world.frozen()
    entry = world.entry(case, "1-1-102")
    with frozen(moment(OPENS_ON)):
        text = browser("committee").get(f"/votes/{case.pk}/papers/?b=1&e=1").content.decode()
        receipt = commitments.receipt(case.secret, entry.unit_id, 1)
        assert entry.token in text and receipt[:5] in text and "乙一" not in text
        assert browser("collector").get(f"/votes/{case.pk}/papers/").status_code == 404


def asked(browser, address):
    browser.get(address)
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert browser.get(address).status_code == 200
    return len(found)


def test_lists_ask_the_same_for_three_rows_and_for_thirty(world, browser):
    committee = browser("committee")
    for place in range(3):
        laid(world.estate, "collecting", {}, title=f"第 {place} 次")
    few = asked(committee, "/votes/")
    for place in range(27):
        laid(world.estate, "collecting", {}, title=f"又 {place} 次")
    assert asked(committee, "/votes/") == few


def test_a_roll_and_its_pages_ask_the_same_for_six_units_and_for_sixty(world, browser):
    committee = browser("committee")
    small, counts = world.collecting(), []
    with frozen(moment(OPENS_ON)):
        pages = ("roll/", "participation/", "doors/?b=1&e=1", "papers/?b=1&e=1")
        counts.append([asked(committee, f"/votes/{small.pk}/{page}") for page in pages])
    for place in range(54):
        register.owner(register.unit(world.estate, f"{300 + place}", "1"), f"某{place}", f"1351111{place:04d}")
    large = world.collecting(title="另一次")
    with frozen(moment(OPENS_ON)):
        counts.append([asked(committee, f"/votes/{large.pk}/{page}") for page in pages])
    assert counts[0] == counts[1] and large.entries.count() == 60


def test_the_list_is_searched_filtered_and_exported(world, browser, city):
    other = World("510403001001", "金沙里")
    laid(world.estate, "collecting", {}, title="外墙维修")
    laid(other.estate, "draft", {}, title="换届选举")
    office = browser("office")
    text = office.get("/votes/?q=换届").content.decode()
    assert "换届选举" in text and "外墙维修" not in text
    assert "外墙维修" in office.get("/votes/?f_state=collecting&view=open").content.decode()
    assert "换届选举" in whole(office.get("/votes/?format=csv")).decode("utf-8-sig")
    assert "换届选举" not in browser("committee").get("/votes/").content.decode()


def test_a_counter_goes_from_one_ballot_to_the_next_and_who_watches_from_doubt_to_doubt(world, browser):
    case = world.collecting()
    one, two = world.collect(case, "1-1-101"), world.collect(case, "1-1-102")
    world.close(case)
    with frozen(AFTER):
        first, watcher = browser("counter"), browser("watcher")

        def page(who, ballot):
            return who.get(ballot.get_absolute_url()).content.decode()

        following = f'<a class="btn btn-primary" href="/votes/ballots/{two.pk}/read/">录下一张（还有 1 张）'
        assert following.replace(" btn-primary", "") in page(first, one) and "录下一张" not in page(watcher, one)
        first.post(f"/votes/ballots/{one.pk}/read/", {"item1": "for", "scan": picture()})
        assert following in page(first, one)
        first.post(f"/votes/ballots/{two.pk}/read/", {"item1": "for", "scan": picture()})
        assert "录下一张" not in page(first, two)
        for ballot in (one, two):
            first.post(f"/votes/ballots/{ballot.pk}/doubt/", {"reason": "看不清"})
        assert f"/votes/ballots/{two.pk}/settle/" in page(watcher, one)


def test_an_organiser_of_a_draft_reads_that_it_is_their_turn(world, browser):
    case = world.draft()
    case.items.all().delete()
    text = browser("committee").get(case.get_absolute_url()).content.decode()
    assert "轮到你填好这次表决的草稿" in text and "现在没有轮到你的事" not in text
    assert "轮到你填好" not in browser("manager").get(case.get_absolute_url()).content.decode()


def test_the_default_limit_of_proxies_is_named_only_where_the_rules_of_the_estate_set_none(world, browser):
    case, committee = world.draft(), browser("committee")
    name = "一人最多代理"

    def named():
        return name in committee.get(case.get_absolute_url()).content.decode().partition("按未核定数值")[2]

    assert named()
    question.keep_rules(
        world.estate, by=world["committee"], adopted_on=TODAY, paper=PDF, proxy_limit=1, proxy_clause="第十二条"
    )
    assert not named()
