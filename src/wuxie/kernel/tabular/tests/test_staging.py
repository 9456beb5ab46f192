"""From the file to the records: mended on the way, written wholly or not at all, seen by nobody else."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import RequestFactory

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.home import home
from wuxie.kernel.jobs import queue
from wuxie.kernel.jobs.models import Job
from wuxie.kernel.places.models import Place
from wuxie.kernel.tabular import actions, registry, vault
from wuxie.kernel.tabular.columns import Flaw
from wuxie.kernel.tabular.models import Edit, Profile, Upload

from .sheets import HEADINGS, HOMES, ROW, write

pytestmark = pytest.mark.django_db

ALICE = Actor("person:1", name="周敏", person_id=1)
CHARLIE = Actor("person:2", name="外人", person_id=2)


@pytest.fixture
def rules(monkeypatch):
    """What the room says in these tests; change it to see what follows."""
    says = {"may": True, "check": lambda rows: (), "apply": write_places}
    monkeypatch.setattr(registry, "_imports", {})
    registry.register_import(
        "homes", HOMES, check=lambda rows: says["check"](rows), apply=lambda rows, by: says["apply"](rows, by),
        may=lambda actor: says["may"] and actor != CHARLIE,
    )  # fmt: skip
    return says


def write_places(rows, by):
    """Stands for a room's verb: one bulk write."""
    Place.objects.bulk_create(Place(code=f"{row['row']:012d}", name=row["door"], level=4) for row in rows)
    return len(rows)


def row(**changes):
    names = ("estate", "building", "unit", "room", "floor", "area", "use", "owner", "phone", "id", "day")
    return list((dict(zip(names, ROW, strict=True)) | {"id": ""} | changes).values())


@pytest.fixture
def send(rules, tmp_path):
    def upload(*rows, headings=HEADINGS, by=ALICE):
        content = write(tmp_path / "x.xlsx", {"户室": [headings, *rows]}).read_bytes()
        return actions.receive(content, "户室表.xlsx", "homes", by=by)

    return upload


def test_a_right_file_goes_straight_to_writing(send, django_capture_on_commit_callbacks):
    upload = send(row(), row(room="1204"))
    assert (upload.state, upload.row_count, upload.flaw_count) == ("checked", 2, 0)
    with django_capture_on_commit_callbacks(execute=True):
        actions.apply(upload, by=ALICE)
    assert (upload.state, upload.applied_count) == ("applied", 2)
    assert list(Place.objects.values_list("name", flat=True)) == ["3-2-1203", "3-2-1204"]
    assert not (home() / "imports" / upload.pk).exists()


def test_one_wrong_cell_and_nothing_is_written(send):
    upload = send(row(), row(room="1204", area="89.5平"))
    assert (upload.flaw_count, upload.bad_rows) == (1, 1)
    assert upload.reasons == [{"group": "面积写成了文字", "count": 1, "mendable": 1}]
    with pytest.raises(Problem, match="还有 1 处错"):
        actions.apply(upload, by=ALICE)
    assert Place.objects.count() == 0


def test_cells_are_mended_one_by_one_or_all_of_one_reason_and_the_last_mend_is_undone(send):
    upload = send(row(area="89.5平"), row(room="1204", area="88 ㎡"), row(room="1205", day="2023-02-30"))
    assert upload.flaw_count == 3
    assert actions.mend_all(upload, "面积写成了文字", by=ALICE) == 2
    assert upload.flaw_count == 1
    actions.mend(upload, "0:4:10", "2023-02-28", by=ALICE)
    assert upload.flaw_count == 0
    actions.undo(upload, by=ALICE)
    assert upload.flaw_count == 1
    actions.drop(upload, [4], by=ALICE)
    assert (upload.flaw_count, upload.row_count) == (0, 2)
    actions.apply(upload, by=ALICE)
    assert Place.objects.count() == 2


def test_the_same_mistake_in_many_cells_is_mended_at_once(send):
    upload = send(row(estate="9901-0999"), row(estate="9901-0999", room="1204"), row(estate="9901-0998", room="1205"))
    actions.mend(upload, "0:2:0", "9901-0118", by=ALICE, same=True)
    assert (upload.flaw_count, upload.bad_rows) == (1, 1)
    assert actions.edits_of(upload)[0] == {"0:2:0": "9901-0118", "0:3:0": "9901-0118"}


def test_only_a_wrong_cell_can_be_mended(send):
    upload = send(row(area="89.5平"))
    for place in ("0:2:0", "0:99999:5", "7:2:5"):
        with pytest.raises(Problem, match="已经没有错"):
            actions.mend(upload, place, "1", by=ALICE)


def test_an_unclear_heading_asks_a_person_and_a_profile_answers_the_next_time(send):
    headings = [
        "小区编号",
        "甲",
        "单元编号",
        "乙",
        "房屋楼层",
        "丙",
        "房屋性质",
        "业主姓名",
        "手机号",
        "身份证号",
        "收房时间",
    ]
    upload = send(row(), headings=headings)
    assert upload.state == "headings"
    with pytest.raises(Problem, match="“楼栋”、“房号”、“面积”"):
        actions.match(upload, {"0.0": "estate"}, by=ALICE)
    with pytest.raises(Problem, match="两列都对成了“面积”"):
        actions.match(upload, {"0.5": "area", "0.6": "area"}, by=ALICE)
    fields = {f"0.{place}": name for place, name in enumerate(
        ["estate", "building", "unit", "room", "floor", "area", "use", "owner", "", "id_number", "delivered_on"])}  # fmt: skip
    actions.match(upload, fields, by=ALICE)
    assert (upload.state, upload.flaw_count) == ("checked", 0)
    actions.save_profile(upload, "某收费软件", by=ALICE)
    assert Profile.objects.get().headings["丙"] == "area"
    again = send(row(), headings=headings)
    assert (again.state, again.flaw_count) == ("checked", 0)


def test_what_is_no_sheet_leaves_nothing_behind(rules):
    before = list((home() / "imports").glob("*")) if (home() / "imports").exists() else []
    with pytest.raises(Problem, match="PDF"):
        actions.receive(b"%PDF-1.7", "x.xlsx", "homes", by=ALICE)
    assert Upload.objects.count() == 0
    assert [p for p in (home() / "imports").glob("*") if p not in before and p.name != "reading"] == []
    assert list((home() / "imports" / "reading").glob("*")) == []


def test_the_room_sees_the_rows_and_its_faults_count(send, rules):
    rules["check"] = lambda rows: [Flaw(r["row"], "floor", "range", "楼层高过总层数") for r in rows if r["floor"] > 10]
    upload = send(row())
    assert (upload.flaw_count, upload.reasons[0]["group"]) == (1, "楼层高过总层数")


def test_what_became_wrong_meanwhile_is_not_written(send, rules):
    upload = send(row())
    rules["check"] = lambda rows: [Flaw(rows[0]["row"], "room", "duplicate", "这一户已经有了")]
    with pytest.raises(Problem, match="一行也没有写"):
        actions.apply(upload, by=ALICE)
    upload.refresh_from_db()
    assert (upload.state, upload.flaw_count, Place.objects.count()) == ("checked", 1, 0)


def test_a_fault_while_writing_takes_everything_back(send, rules):
    def half(rows, by):
        Place.objects.create(code="1", name="half", level=1)
        raise IntegrityError("no")

    rules["apply"] = half
    upload = send(row())
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.apply(upload, by=ALICE)
    upload.refresh_from_db()
    assert (upload.state, Place.objects.count()) == ("checked", 0)


def test_the_same_file_is_written_once(send):
    upload = send(row())
    stale = Upload.objects.get(pk=upload.pk)
    actions.apply(upload, by=ALICE)
    with pytest.raises(Problem, match="已经写入"):
        actions.apply(stale, by=ALICE)
    assert Place.objects.count() == 1


def test_who_lost_the_right_meanwhile_writes_nothing(send, rules):
    upload = send(row())
    rules["may"] = False
    with pytest.raises(Problem, match="没有导入"):
        actions.apply(upload, by=ALICE)
    assert Place.objects.count() == 0


def test_a_file_given_up_can_no_longer_be_changed(send):
    upload = send(row(area="x"))
    actions.give_up(upload, by=ALICE)
    assert vault.fetch(upload.pk, "stage") is None
    for act in (lambda: actions.drop(upload, [2], by=ALICE), lambda: actions.undo(upload, by=ALICE)):
        with pytest.raises(Problem, match="不能再改"):
            act()


def test_an_old_upload_is_forgotten(send):
    kept, old = send(row()), send(row())
    Upload.objects.filter(pk=old.pk).update(touched_at="2020-01-01T00:00:00Z")
    assert actions.clear_old() == 1
    old.refresh_from_db()
    assert (old.state, vault.fetch(old.pk, "stage")) == ("discarded", None)
    assert vault.fetch(kept.pk, "stage") is not None


def test_no_personal_value_lies_in_the_open(send):
    upload = send(row(area="89.5平", owner="王建国", phone="13800001111"), row(room="1", phone="1380000999"))
    actions.mend(upload, "0:3:8", "13900002222", by=ALICE)
    folder = home() / "imports" / upload.pk
    on_disk = b"".join(path.read_bytes() for path in folder.iterdir())
    upload.refresh_from_db()
    in_tables = json.dumps([upload.layout, upload.reasons, upload.title], ensure_ascii=False).encode()
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT cells FROM tabular_edit")
        in_tables += bytes(cursor.fetchone()[0])
    for value in ("王建国", "13800001111", "1380000999", "13900002222"):
        assert value.encode() not in on_disk + in_tables


def test_a_large_file_is_read_checked_and_written_by_jobs(send, monkeypatch):
    from wuxie.kernel.tabular import jobs

    monkeypatch.setattr(actions, "READ_AT_ONCE", 0)
    monkeypatch.setattr(actions, "CHECK_AT_ONCE", 1)
    monkeypatch.setattr(actions, "APPLY_AT_ONCE", 1)
    monkeypatch.setattr(jobs, "_acting", lambda key: ALICE)
    upload = send(row(), row(room="1204", area="88平"))
    assert (upload.state, upload.job.name) == ("received", "tabular.read")
    queue.run_waiting()
    upload.refresh_from_db()
    assert (upload.state, upload.flaw_count, upload.job) == ("checked", 1, None)
    actions.mend_all(upload, "面积写成了文字", by=ALICE)
    queue.run_waiting()
    upload.refresh_from_db()
    assert upload.flaw_count == 0
    job = actions.apply(upload, by=ALICE)
    queue.run_waiting()
    upload.refresh_from_db()
    job.refresh_from_db()
    assert (job.state, job.result["count"], upload.state) == ("done", 2, "applied")
    queue.run(job.pk)
    assert Place.objects.count() == 2


def test_a_large_file_that_is_no_sheet_ends_with_its_reason(rules, monkeypatch):
    monkeypatch.setattr(actions, "READ_AT_ONCE", 0)
    upload = actions.receive(b"%PDF-1.7", "x.xlsx", "homes", by=ALICE)
    queue.run_waiting()
    upload.refresh_from_db()
    assert (upload.state, "PDF" in upload.problem) == ("failed", True)
    assert Job.objects.get().state == "failed"


def test_an_upload_is_its_owners_alone(send):
    upload = send(row())
    assert list(Upload.objects.visible_to(ALICE)) == [upload]
    assert list(Upload.objects.visible_to(CHARLIE)) == []
    assert Edit.objects.count() == 0


def body(response):
    """The bytes of a download; the file behind it is closed without ending Django's request."""
    with response.file_to_stream as file:
        return file.read()


class Client:
    """Calls views as a person; Django's own client would need accounts, which this part does not know."""

    def __init__(self, actor):
        self.actor = actor

    def __call__(self, view, *args, method="get", data=None, **kwargs):
        request = getattr(RequestFactory(), method)("/", data or {})
        request.actor = self.actor
        request.session = {}
        from django.contrib.messages.storage.fallback import FallbackStorage

        request._messages = FallbackStorage(request)
        response = view(request, *args, **kwargs)
        self.said = [str(message) for message in request._messages]
        return response


def test_the_pages_lead_from_file_to_record(rules, tmp_path):
    from wuxie.kernel.tabular import views

    alice = Client(ALICE)
    assert "户室清册" in alice(views.start).content.decode()
    content = write(tmp_path / "x.xlsx", {"户室": [HEADINGS, row(), row(room="1204", area="89.5平", phone="138")]})
    file = SimpleUploadedFile("户室表.xlsx", content.read_bytes())
    answer = alice(views.choose, "homes", method="post", data={"file": file})
    upload = Upload.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/imports/upload/{upload.pk}/")
    page = alice(views.upload, upload.pk).content.decode()
    assert "还不能写入：1 行里有 2 处错" in page
    assert "王**" in page
    assert "王建国" not in page
    assert "F3" in page
    assert 'value="89.50"' in page
    assert "138****1111" in alice(views.upload, upload.pk, data={"view": "all"}, method="get").content.decode()
    assert "89.5平" in alice(views.mend_all, upload.pk, data={"group": "面积写成了文字"}).content.decode()
    alice(views.mend_all, upload.pk, method="post", data={"group": "面积写成了文字"})
    assert alice.said == ["已改好 1 处。写入前可以撤回。"]
    alice(views.mend, upload.pk, method="post", data={"place": "0:3:8", "text": "13800002222"})
    page = alice(views.upload, upload.pk).content.decode()
    assert "可以写入：2 行都没有错" in page
    alice(views.apply, upload.pk, method="post")
    assert alice.said == ["已写入 2 行。"]
    assert "已写入 2 行" in alice(views.upload, upload.pk).content.decode()


def test_a_refused_file_is_told_at_the_field(rules):
    from wuxie.kernel.tabular import views

    answer = Client(ALICE)(views.choose, "homes", method="post", data={"file": SimpleUploadedFile("x.pdf", b"%PDF-1")})
    assert answer.status_code == 422
    assert "这是 PDF，不是表格" in answer.content.decode()


def test_headings_are_matched_on_a_page(send):
    from wuxie.kernel.tabular import views

    upload = send(row(phone="13800001111"), headings=["小区编号", "甲", *HEADINGS[2:8], "子", *HEADINGS[9:]])
    alice = Client(ALICE)
    page = alice(views.match, upload.pk).content.decode()
    assert "还没有找到必填的列：楼栋" in page
    assert "138…1" in page
    answer = alice(views.match, upload.pk, method="post", data={"c0_1": "building", "c0_3": "room", "c0_5": "area"})
    assert answer.status_code == 302
    upload.refresh_from_db()
    assert upload.state == "checked"


def test_the_annotated_sheet_says_what_is_wrong_and_comes_in_again(send, tmp_path):
    from wuxie.kernel.tabular import reader, views

    upload = send(row(area="89.5平"), row(room="1204"))
    path = tmp_path / "back.xlsx"
    response = Client(ALICE)(views.annotated, upload.pk)
    path.write_bytes(body(response))
    rows = reader.read(path)[0].rows
    assert rows[0] == [*HEADINGS, "错误说明"]
    assert rows[1][-1] == "F2 面积要是数字，最多两位小数"
    again = actions.receive(path.read_bytes(), "back.xlsx", "homes", by=ALICE)
    assert (again.state, again.flaw_count) == ("checked", 1)


def test_a_stranger_gets_not_found_everywhere(send, rules):
    from django.http import Http404

    from wuxie.kernel.access.actor import NOBODY
    from wuxie.kernel.tabular import views
    from wuxie.kernel.tabular.urls import urlpatterns

    upload = send(row(area="x"))
    for stranger in (CHARLIE, NOBODY):
        client = Client(stranger)
        for pattern in urlpatterns:
            if "pk" in pattern.pattern.converters:
                for method in ("get", "post"):
                    try:
                        answer = client(pattern.callback, upload.pk, method=method)
                    except Http404:
                        continue
                    assert answer.status_code == 405, pattern.name
    with pytest.raises(Http404):
        Client(CHARLIE)(views.choose, "homes")
    rules["may"] = False
    with pytest.raises(Http404):
        Client(ALICE)(views.upload, upload.pk)
    upload.refresh_from_db()
    assert upload.state == "checked"


def test_the_template_of_an_import_is_understood_by_it(rules, tmp_path):
    from wuxie.kernel.tabular import headings, reader, views

    path = tmp_path / "t.xlsx"
    response = Client(ALICE)(views.template, "homes")
    path.write_bytes(body(response))
    layout = headings.find_layout(HOMES, reader.read(path))
    assert set(layout.columns) == {column.field for column in HOMES.columns}


def test_a_file_over_the_limit_is_refused_before_it_is_kept(rules, monkeypatch):
    from wuxie.kernel.tabular import gate, views

    monkeypatch.setattr(gate, "MAX_BYTES", 2**20)
    words = "文件有 1 MB，最多 1 MB。请分成几份上传。"
    with pytest.raises(Problem) as caught:
        actions.receive(b"x" * (2**20 + 1), "x.csv", "homes", by=ALICE)
    assert (caught.value.message, Upload.objects.count()) == (words, 0)
    file = SimpleUploadedFile("x.csv", b"x" * (2**20 + 1))
    answer = Client(ALICE)(views.choose, "homes", method="post", data={"file": file})
    assert (answer.status_code, words in answer.content.decode()) == (422, True)


def test_a_reason_that_offers_no_mend_is_refused(send):
    upload = send(row(day="2023-02-30"))
    with pytest.raises(Problem, match="没有可以一次改好的。请逐个改。"):
        actions.mend_all(upload, "日期不存在", by=ALICE)


def test_an_import_that_was_switched_off_meanwhile_is_told(send, monkeypatch):
    upload = send(row())
    monkeypatch.setattr(registry, "_imports", {})
    with pytest.raises(Problem, match="这种导入已经停用。"):
        actions.apply(upload, by=ALICE)
    assert Place.objects.count() == 0


def test_a_job_acts_with_todays_rights_of_who_asked(someone):
    from wuxie.kernel.tabular import jobs

    person = someone("王芳", "association_secretariat")
    acting = jobs._acting(person.key)
    assert (acting.person_id, acting.roles) == (person.pk, {"association_secretariat"})


def test_a_row_is_dropped_and_the_headings_are_kept_from_the_pages(send):
    from wuxie.kernel.tabular import views

    upload, alice = send(row(), row(room="1204", area="?")), Client(ALICE)
    alice(views.drop, upload.pk, method="post", data={"row": "3"})
    assert alice.said == ["已去掉第 3 行。写入前可以撤回。"]
    alice(views.keep_profile, upload.pk, method="post", data={"title": "某收费软件"})
    assert alice.said == ["已存为方案“某收费软件”。下次遇到这样的列名会自动对上。"]
    assert [str(one) for one in Profile.objects.all()] == ["某收费软件"]
    alice(views.keep_profile, upload.pk, method="post", data={"title": ""})
    assert alice.said == ["请给方案起个名字。"]
    assert (str(Upload.objects.get()), [str(one) for one in Edit.objects.all()]) == ("户室表.xlsx", ["去掉第 3 行"])


def test_what_is_not_a_row_is_no_row_to_drop(send):
    from wuxie.kernel.tabular import views

    upload = send(row(), row(room="1204", area="?"))
    assert Client(ALICE)(views.drop, upload.pk, method="post", data={"row": "x"}).status_code == 302
    upload.refresh_from_db()
    assert upload.row_count == 2


def test_until_it_is_read_the_page_waits_and_afterwards_nothing_is_matched(send, monkeypatch):
    from django.http import Http404

    from wuxie.kernel.tabular import views

    monkeypatch.setattr(actions, "READ_AT_ONCE", 0)
    waiting = send(row())
    page = Client(ALICE)(views.upload, waiting.pk).content.decode()
    assert "户室表.xlsx" in page and "hx-" in page
    with pytest.raises(Http404):
        Client(ALICE)(views.annotated, waiting.pk)
    answer = Client(ALICE)(views.match, waiting.pk)
    assert (answer.status_code, answer.url) == (302, waiting.get_absolute_url())


def test_many_rows_come_in_pages(send):
    from wuxie.kernel.tabular import views

    upload = send(*[row(room=str(number)) for number in range(130)])
    page = Client(ALICE)(views.upload, upload.pk, data={"view": "all"}).content.decode()
    assert "?view=all&amp;page=2" in page


def test_the_page_names_the_sheet_of_a_joined_cell(rules, tmp_path):
    from wuxie.kernel.tabular import views

    owners = [["编号", "业主名称", "手机号"], ["Y1", "王建国", "12"]]
    homes = [["房屋编号", "楼栋编号", "建筑面积", "业主编号"], ["1203", "3", 89.5, "Y1"], ["1204", "3", 88, "Y9"]]
    content = write(tmp_path / "x.xlsx", {"业主信息": owners, "房屋信息": homes}).read_bytes()
    upload = actions.receive(content, "两张表.xlsx", "homes", by=ALICE)
    assert upload.state == "headings"  # 业主编号 is no column of the list
    found = {"1.0": "room", "1.1": "building", "1.2": "area", "0.1": "owner", "0.2": "phone"}
    actions.match(upload, found, by=ALICE)
    page = Client(ALICE)(views.upload, upload.pk).content.decode()
    assert "业主信息·C" in page
    assert "编号对不上" in page  # of Y9, whose owner stands nowhere
    assert "电话号码不对" in page


def test_a_job_that_is_delivered_again_does_nothing_twice(send, someone):
    from wuxie.kernel.tabular import jobs

    upload = send(row())
    actions.apply(upload, by=ALICE)
    job = Job.objects.create(name="tabular.apply", key=upload.pk, owner=ALICE.key)
    assert jobs.read(job, upload.pk) == {"link": upload.get_absolute_url()}
    assert jobs.apply(job, upload.pk) == {"link": upload.get_absolute_url(), "count": 1}
    assert Place.objects.count() == 1


def test_a_large_file_with_an_unclear_heading_asks_a_person_and_the_fitting_profile_answers(send, monkeypatch):
    monkeypatch.setattr(actions, "READ_AT_ONCE", 0)
    upload = send(row(), headings=["小区编号", "甲", *HEADINGS[2:]])
    queue.run_waiting()
    upload.refresh_from_db()
    assert upload.state == "headings"
    Profile.objects.create(name="homes", title="别的软件", headings={"子": "building", "丑": "room"}, owner="person:1")
    Profile.objects.create(
        name="homes", title="某收费软件", headings={"甲": "building", "小区编号": "estate"}, owner="person:1"
    )
    again = send(row(), headings=["小区编号", "甲", *HEADINGS[2:]])
    queue.run_waiting()
    again.refresh_from_db()
    assert (again.state, again.flaw_count) == ("checked", 0)
