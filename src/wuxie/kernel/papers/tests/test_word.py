"""Word templates that people edit: texts go in, nothing runs."""

import datetime

import pytest
from django.contrib.messages.storage.fallback import FallbackStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.test import RequestFactory

from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.papers import actions, registry, store, views, visibility, word, wordchild
from wuxie.kernel.papers.models import WordTemplate

from .files import PDF, word_template, words_in
from .test_attachments import ALICE, CHARLIE, Acting, get

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def papers(monkeypatch):
    monkeypatch.setattr(registry, "_papers", {})
    monkeypatch.setattr(visibility, "_rules", {})
    visibility.register_case_visibility("star", lambda actor, pk: actor.key == "person:1")
    registry.register_paper(
        "apply", "调解申请书", "TJ-{year}-{seq:5}", ("申请人", "联系方式(脱敏)"), signers=("申请人",)
    )


def test_placeholders_and_rows_are_filled():
    template = word_template("申请人：{{ 申请人 }}", rows=[["{%tr for 行 in 明细 %}", ""], ["{{ loop.index }} {{ 行.名 }}", "{{ 行['数'] }}"],
                                                        ["{%tr endfor %}", ""]])  # fmt: skip
    made = word.fill(template, {"申请人": "<王&建国>", "明细": [{"名": "甲", "数": "1"}, {"名": "乙", "数": "2"}]})
    assert [text for text in words_in(made) if text] == ["申请人：<王&建国>", "1 甲", "1", "2 乙", "2"]


PAYLOADS = [
    "{{ x.__class__ }}",
    "{{ x.__class__.__mro__[1].__subclasses__() }}",
    "{{ x['__class__'] }}",
    "{{ x|attr('__class__') }}",
    "{{ ''.__class__ }}",
    "{{ ().__class__.__base__ }}",
    "{{ [].append(1) }}",
    "{{ rows.append(1) }}",
    "{{ rows.clear() }}",
    "{{ rows[0].update({}) }}",
    "{{ rows[0].pop('名') }}",
    "{{ x.upper() }}",
    "{{ x.format(1) }}",
    "{{ '{0.__class__}'.format(x) }}",
    "{{ '{0.__class__}'|format(x) }}",
    "{{ x.encode() }}",
    "{{ self.__init__ }}",
    "{{ self._TemplateReference__context }}",
    "{{ loop }}",
    "{{ cycler.__init__.__globals__ }}",
    "{{ joiner.__init__ }}",
    "{{ namespace.__init__ }}",
    "{{ lipsum.__globals__['os'].popen('id').read() }}",
    "{{ range(10) }}",
    "{{ dict(a=1) }}",
    "{{ request }}",
    "{{ config }}",
    "{{ case.delete() }}",
    "{{ open('/etc/passwd').read() }}",
    "{{ x|map('upper')|list }}",
    "{{ x|tojson }}",
    "{{ rows|sum(attribute='名') }}",
    "{% for c in [].__class__.__base__.__subclasses__() %}{{ c }}{% endfor %}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}",
    "{% extends 'x' %}",
    "{% from 'os' import popen %}",
    "{% macro m() %}{{ caller() }}{% endmacro %}{{ m() }}",
    "{% set y = x.__class__ %}{{ y }}",
    "{% do rows.append(1) %}",
    "{% call x() %}{% endcall %}",
    "{% filter attr('x') %}a{% endfilter %}",
    "{{ x",
    "{% if %}",
    "{% for %}",
    "{{ 1/0 }}",
    "{{ 'a' * 99999999999 }}",
    "{{ 9**(9**9) }}",
    "{{ '%s' % x }}",
    "{{ x + x }}",
    "{{ unknown }}",
    "{{ x.unknown }}",
    "{{ rows[99] }}",
    "{% raw %}",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_but_names_works_in_a_template(payload):
    with pytest.raises(Problem) as caught:
        word.fill(word_template(payload), {"x": "文", "rows": [{"名": "甲"}]})
    assert caught.value.message.endswith("。")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_the_sandbox_itself_refuses_what_is_no_name(payload, tmp_path):
    """The same without a child around it: nothing is written, and the reason is one that the parent can put into words."""
    (tmp_path / "a.docx").write_bytes(word_template(payload))
    reason = wordchild.fill(tmp_path / "a.docx", {"x": "文", "rows": [{"名": "甲"}]}, tmp_path / "b.docx")
    assert reason.partition(":")[0] in {"unknown", "syntax", "forbidden", "broken"}, reason
    assert not (tmp_path / "b.docx").exists()


def test_the_sandbox_fills_names_rows_and_the_count_of_a_loop(tmp_path):
    rows = [["{%tr for 行 in 明细 %}", ""], ["{{ loop.index }} {{ 行.名 }}", "{{ 行['数'] }}"], ["{%tr endfor %}", ""]]
    (tmp_path / "a.docx").write_bytes(word_template("{{ 申请人 }}", rows=rows))
    values = {"申请人": "王", "明细": [{"名": "甲", "数": "1"}]}
    assert wordchild.fill(tmp_path / "a.docx", values, tmp_path / "b.docx") == ""
    assert [text for text in words_in((tmp_path / "b.docx").read_bytes()) if text] == ["王", "1 甲", "1"]


def test_the_sandbox_holds_no_attribute_for_safe():
    assert not wordchild.environment().is_safe_attribute("text", "upper", str.upper)


def test_what_is_no_word_file_is_broken(tmp_path):
    (tmp_path / "a.docx").write_bytes(b"x")
    assert wordchild.fill(tmp_path / "a.docx", {}, tmp_path / "b.docx").startswith("broken: ")


ENDLESS = "".join(f"{{% for {name} in x %}}" for name in "abcde") + "." + "{% endfor %}" * 5


def test_a_template_that_never_ends_is_ended(monkeypatch):
    monkeypatch.setattr(word, "WALL_SECONDS", 4)
    with pytest.raises(Problem, match="太大或循环太多"):
        word.fill(word_template(ENDLESS), {"x": "x" * 400})


def test_a_value_is_not_a_template():
    made = word.fill(word_template("{{ x }}"), {"x": "{{ y }}{% for a in b %} ${x}"})
    assert words_in(made) == ["{{ y }}{% for a in b %} ${x}"]


def test_only_texts_ever_reach_a_template():
    class Case:
        def __str__(self):
            return "案件"

        def delete(self):
            raise AssertionError("ran")

    made = word.fill(word_template("{{ case }}"), {"case": Case()})
    assert words_in(made) == ["案件"]


def issued():
    values = {"申请人": "王某", "联系方式(脱敏)": "138****1111"}
    return actions.issue("apply", "star:17", values, by="person:1", on=datetime.date(2026, 11, 17), signed_by="协会")


def test_the_default_template_names_every_field_and_works():
    made = words_in(word.word_of(issued()))
    assert "编号：TJ-2026-00001" in made
    assert {"调解申请书", "王某", "138****1111", "协会", "2026年11月17日", "申请人：____________"} <= set(made)


def test_an_edited_template_is_tried_before_it_is_taken_and_the_newest_is_used():
    editor = Acting("person:9", "association_secretariat")
    word.save_template("apply", word_template("新：{{ 申请人 }} {{ 联系方式脱敏 }}"), "新.docx", by=editor.key)
    assert words_in(word.word_of(issued())) == ["新：王某 138****1111"]
    with pytest.raises(Problem, match="没有的名称"):
        word.save_template("apply", word_template("{{ 申请人姓名 }}"), "错.docx", by=editor.key)
    with pytest.raises(Problem, match="要是 Word"):
        word.save_template("apply", PDF, "x.pdf", by=editor.key)
    assert words_in(word.word_of(issued())) == ["新：王某 138****1111"]


def test_a_paper_is_handed_out_as_word_to_those_who_may_see_it():
    made = issued()
    answer = get(views.document, ALICE, made.pk, **{"as": "word"})
    assert "王某" in words_in(answer.content)
    with pytest.raises(Http404):
        get(views.document, CHARLIE, made.pk, **{"as": "word"})


def test_templates_are_for_the_secretariat():
    editor = Acting("person:9", "association_secretariat")
    page = get(views.templates, editor).content.decode()
    assert "{{ 联系方式脱敏 }}" in page
    assert words_in(get(views.template, editor, "apply").content)
    for view, args in ((views.templates, ()), (views.template, ("apply",))):
        with pytest.raises(Http404):
            get(view, ALICE, *args)
    with pytest.raises(Http404):
        get(views.template, editor, "none")
    request = RequestFactory().post("/", {"file": SimpleUploadedFile("a.docx", word_template("x"))})
    request.actor = ALICE
    with pytest.raises(Http404):
        views.save_template(request, "apply")


def post(view, who, *args, **data):
    """What the view answers, and the sentences that it leaves for the next page."""
    request = RequestFactory().post("/", data)
    request.actor, request.session = who, {}
    request._messages = FallbackStorage(request)
    answer = view(request, *args)
    return answer, [str(said) for said in request._messages]


def test_the_secretariat_puts_a_template_in_and_reads_what_is_wrong_with_another():
    editor = Acting("person:9", "association_secretariat")
    for file, said in (
        (word_template("{{ 申请人 }}"), "“调解申请书”以后用这份模板。"),
        (word_template("{{ 无此项 }}"), "模板里用了没有的名称"),
        (None, "请选一个 Word 文件。"),
    ):
        data = {"file": SimpleUploadedFile("新.docx", file)} if file else {}
        answer, (words,) = post(views.save_template, editor, "apply", **data)
        assert (answer.status_code, answer.url) == (302, "/papers/templates/")
        assert words.startswith(said)
    assert [str(kept) for kept in WordTemplate.objects.all()] == ["新.docx"]
    assert "新.docx" in get(views.templates, editor).content.decode()


def test_a_paper_that_its_template_cannot_fill_leads_on_with_the_reason():
    made = issued()
    sound = word.save_template("apply", word_template("{{ 申请人 }}"), "新.docx", by="person:9")
    WordTemplate.objects.filter(pk=sound.pk).update(sha256=store.put(word_template("{{ 无此项 }}")))
    request = RequestFactory().get("/", {"as": "word"})
    request.actor, request.session = ALICE, {}
    request._messages = FallbackStorage(request)
    answer = views.document(request, made.pk)
    assert (answer.status_code, answer.url) == (302, made.get_absolute_url())
    assert ["模板里用了没有的名称" in str(said) for said in request._messages] == [True]
