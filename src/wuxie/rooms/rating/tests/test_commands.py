"""``wuxie rating`` and ``wuxie stats``: what stands on standard output, what on standard error, and the exit codes."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections import Counter
from dataclasses import replace

import pytest
from django.core.management import call_command

from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.facts import sealer
from wuxie.kernel.standards.actions import copy_to_draft, save_draft
from wuxie.kernel.standards.models import Version
from wuxie.rooms.rating import statspack
from wuxie.rooms.rating.models import Snapshot
from wuxie.rooms.rating.statspack import LEAST

from . import factories
from .factories import DAY, record, reviewed

pytestmark = pytest.mark.django_db


def command(*words):
    """Exit code, standard output, standard error."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command(*words, stdout=out, stderr=err)
        code = 0
    except SystemExit as ended:
        code = ended.code
    return code, out.getvalue(), err.getvalue()


# ── rating ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_run_gives_the_scores_of_the_contract_and_finds_them_frozen(world):
    application = reviewed(world)
    code, out, err = command("rating", "run", "--cycle", str(world.cycle.pk))
    snapshot = Snapshot.objects.get(pk=application.snapshot_id)
    rows = list(csv.reader(io.StringIO(out)))
    assert code == 0 and rows[0] == ["subject", "total", "stars", "vetoes"]
    assert [world.project.key, snapshot.total, str(snapshot.stars), ""] in rows and len(rows) == 3
    assert [row[0] for row in rows[1:]] == sorted(row[0] for row in rows[1:])
    assert err == "2 个项目：1 个与快照一致，0 个不一致，1 个没有快照。\n"


def test_run_says_no_where_a_frozen_score_is_another_one_now(world):
    application = reviewed(world)
    Snapshot.objects.filter(pk=application.snapshot_id).update(total="12.3")
    code, out, err = command("rating", "run", "--cycle", str(world.cycle.pk))
    assert code == 1 and out.startswith("subject,")
    assert f"不一致：{world.project.key} 快照 12.3 分" in err and "1 个不一致" in err


def test_explain_gives_the_frozen_tree_down_to_the_facts(world):
    application = reviewed(world)
    code, out, err = command("rating", "explain", "--cycle", str(world.cycle.pk), world.project.key)
    assert (code, err) == (0, "")
    assert json.loads(out) == Snapshot.objects.get(pk=application.snapshot_id).result


def test_whatif_gives_both_versions_and_the_difference(world):
    record(world.project.key, "petition.valid_fault", 1, on=DAY(2026, 5, 5))
    draft = copy_to_draft(Version.objects.get(), version="2", by="test")
    document = json.loads(json.dumps(draft.document).replace("20 - 5 *", "20 - 10 *"))
    save_draft(draft, document, by="test")
    code, out, _err = command("rating", "whatif", "--cycle", str(world.cycle.pk), "--draft", "trial@2")
    rows = list(csv.DictReader(io.StringIO(out)))
    row = next(row for row in rows if row["subject"] == world.project.key)
    assert code == 0 and len(rows) == 2
    assert row == {
        "subject": world.project.key, "base_total": "88.2", "base_stars": "4", "base_vetoes": "", "draft_total": "83.2",
        "draft_stars": "3", "draft_vetoes": "", "change": "-5.00", "stars_change": "-1",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["run", "--cycle", "99"], "--cycle 可写："), (["run", "--cycle", "１"], "--cycle 可写："), (["run"], "写法："),
        (["dance"], "写法："), (["run", "--cycle", "9" * 30], "--cycle 可写："),
        (["explain", "--cycle", "{cycle}", "c1"], "写成 project:N"), (["explain", "--cycle", "{cycle}", "project:99"], "写成 project:N"),
        (["whatif", "--cycle", "{cycle}", "--draft", "nothing@1"], "可选：trial@1"),
        (["whatif", "--cycle", "{cycle}", "--draft", "trial@1"], "同一个"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_the_mend(world, capsys, words, said):
    code, out, err = command("rating", *(word.format(cycle=world.cycle.pk) for word in words))
    assert (code, out) == (2, "") and said in err + capsys.readouterr().err


def test_a_cycle_without_a_standard_is_refused(world):
    type(world.cycle).objects.update(standard="gone@1")
    code, _out, err = command("rating", "run", "--cycle", str(world.cycle.pk))
    assert code == 2 and "选标准" in err


# ── stats ───────────────────────────────────────────────────────────────────────────────────────────────────────────

EAST, WEST = "510402001001", "510403001001"
#: stars, place, class: a city of 42 with a lone park, a lone four-star estate in the west, two estates without a star.
CITY = (
    [(5, EAST, "new_residential")] * 6 + [(4, EAST, "new_residential")] * 9 + [(4, WEST, "old_estate")] * 1
    + [(3, WEST, "old_estate")] * 12 + [(3, EAST, "old_estate")] * 7 + [(2, EAST, "park")] * 1 + [(2, WEST, "new_residential")] * 4
    + [(0, WEST, "old_estate")] * 2
)  # fmt: skip


def said(rows, scope, code=None):
    return {
        (row.code, row.measure): row.value for row in rows if row.scope == scope and (code is None or row.code == code)
    }


def stars_of(found):
    counts = Counter(stars for stars, _place, _klass in found)
    return statspack._stars(found, statspack.suppress.bands([counts[n] for n in range(6)]))


def test_no_cell_says_fewer_than_five_nor_lets_it_be_worked_out(city):
    rows = stars_of(CITY)
    assert said(rows, "all") == {("", "all"): 42, ("", "0-2"): 7, ("", "3"): 19, ("", "4"): 10, ("", "5"): 6}
    assert all(row.value in (None, 0) or row.value >= LEAST for row in rows)
    for scope in ("district", "klass"):
        found = said(rows, scope)
        for level in ("0-2", "3", "4", "5"):
            column = [value for (_code, measure), value in found.items() if measure == level]
            rest = said(rows, "all")["", level] - sum(filter(None, column))
            assert (rest == 0) == (None not in column) and (rest == 0 or (rest >= LEAST and column.count(None) > 1))
        for code in {code for code, _measure in found}:
            line = {measure: value for (one, measure), value in found.items() if one == code}
            rest = line.pop("all") - sum(filter(None, line.values()))
            assert (rest == 0) == (None not in line.values())
            assert rest == 0 or (rest >= LEAST and list(line.values()).count(None) > 1)


def test_a_lone_class_goes_with_the_next(city):
    assert ("new_residential+park", "all") in said(stars_of(CITY), "klass")


@pytest.fixture
def scored_city(world):
    """Five projects with a settled score, their snapshots sealed."""
    for number in range(4):
        more = factories.serve(world.company, factories.estate(f"星苑{number}"))
        factories.a_year(more)
        reviewed(world, project=more)
    reviewed(world)
    sealer.seal()
    Snapshot.objects.update(seal="1:root")
    return world


def test_a_pack_names_city_cycle_standard_and_seal_and_comes_out_the_same_twice(scored_city, tmp_path):
    path = tmp_path / "a.parquet"
    code, out, err = command("stats", "export", "--cycle", str(scored_city.cycle.pk), "--out", str(path))
    assert (code, err) == (0, "") and "第 " in out
    pack = statspack.read(path)
    assert {name: pack.known[name] for name in ("city", "city_name", "year", "standard", "least")} == {
        "city": "5104", "city_name": "攀枝花市", "year": "2026", "standard": "trial@1", "least": "5",
    }  # fmt: skip
    seal = statspack.last_seal()
    assert (pack.known["seal_number"], pack.known["seal_root"], pack.known["seal_size"]) == (
        str(seal.number),
        seal.root,
        str(seal.size),
    )
    assert said(pack.rows, "all")["", "all"] == 5
    assert {row.code for row in pack.rows if row.part == "loss"} == {"A1", "A6", "D1", "D6", "F2"}
    again = statspack.export(scored_city.cycle, tmp_path / "b.parquet")
    assert again == pack.known


@pytest.mark.parametrize("words", [["export"], ["compare"], ["compare", "a.parquet", "--engine", "abacus"]])
def test_statistics_asked_for_in_no_known_form_are_refused(capsys, words):
    assert command("stats", *words)[0] == 2 and "wuxie stats export --cycle" in capsys.readouterr().err


def test_too_few_projects_give_no_pack(world, tmp_path):
    reviewed(world)
    sealer.seal()
    Snapshot.objects.update(seal="1:root")
    code, _out, err = command("stats", "export", "--cycle", str(world.cycle.pk), "--out", str(tmp_path / "a.parquet"))
    assert code == 1 and "不足 5 个" in err and not list(tmp_path.iterdir())


def test_what_is_not_sealed_gives_no_pack(scored_city, tmp_path):
    Snapshot.objects.update(seal="")
    code, _out, err = command(
        "stats", "export", "--cycle", str(scored_city.cycle.pk), "--out", str(tmp_path / "a.parquet")
    )
    assert code == 2 and "没有封存" in err


def test_a_folder_that_is_not_there_is_refused(scored_city, tmp_path):
    code, _out, err = command(
        "stats", "export", "--cycle", str(scored_city.cycle.pk), "--out", str(tmp_path / "no" / "a.parquet")
    )
    assert code == 2 and "写不了文件" in err


def written(path, city, found, *, name="", **changes):
    rows = sorted(stars_of(found), key=statspack._order)
    known = {
        "format": statspack.FORMAT, "city": city, "city_name": name, "cycle": "1", "year": "2026", "standard": "trial@1",
        "standard_sha256": "aa", "seal_number": "1", "seal_root": "bb", "seal_size": "9", "least": "5",
        "content_sha256": statspack.digest(rows), **changes,
    }  # fmt: skip
    statspack._write(rows, known, path)
    return path


def test_several_cities_stand_beside_one_another(city, tmp_path):
    a, b = written(tmp_path / "a.parquet", "5104", CITY), written(tmp_path / "b'.parquet", "5103", CITY[:21] * 2)
    code, out, err = command("stats", "compare", str(a), str(b))
    rows = list(csv.DictReader(io.StringIO(out)))
    assert (code, err) == (0, "")
    found = [row for row in rows if (row["scope"], row["measure"]) == ("all", "5")]
    assert found == [
        {"part": "stars", "scope": "all", "code": "", "measure": "5", "city": "5103", "cycle": "2026", "value": "12",
         "per_mille": "286", "cities": "2", "lowest": "6", "highest": "12"},
        {"part": "stars", "scope": "all", "code": "", "measure": "5", "city": "5104", "cycle": "2026", "value": "6",
         "per_mille": "143", "cities": "2", "lowest": "6", "highest": "12"},
    ]  # fmt: skip


def test_other_standards_are_pointed_out(city, tmp_path):
    paths = [
        written(tmp_path / "a.parquet", "5104", CITY),
        written(tmp_path / "b.parquet", "5103", CITY, standard="trial@2"),
    ]
    assert "trial@1、trial@2" in command("stats", "compare", *map(str, paths))[2]


def test_packs_that_are_none_altered_or_twice_the_same_are_refused(city, tmp_path):
    sound = written(tmp_path / "a.parquet", "5104", CITY)
    altered = written(tmp_path / "b.parquet", "5103", CITY, content_sha256="0" * 64)
    bare = written(tmp_path / "c.parquet", "5102", CITY, seal_root="")
    broken = tmp_path / "d.parquet"
    broken.write_bytes(sound.read_bytes()[:200])
    again = tmp_path / "e.parquet"
    shutil.copy(sound, again)
    for path, words in (
        (altered, "被改过"), (bare, "重新导出"), (broken, "不是完好的"), (tmp_path / "no.parquet", "读不到"), (again, "请留一个"),
    ):  # fmt: skip
        code, out, err = command("stats", "compare", str(sound), str(path))
        assert (code, out) == (2, "") and words in err


def test_a_pack_with_a_small_cell_is_refused_whatever_its_digest(city, tmp_path):
    rows = [replace(row, value=3) if row.measure == "5" else row for row in stars_of(CITY)]
    pack = statspack.read(written(tmp_path / "a.parquet", "5104", CITY))
    statspack._write(rows, {**pack.known, "content_sha256": statspack.digest(rows)}, tmp_path / "b.parquet")
    with pytest.raises(Problem, match="不足 5"):
        statspack.read(tmp_path / "b.parquet")


def test_both_engines_give_the_same_rows(city, tmp_path):
    pytest.importorskip("pyspark", reason="pyspark is not installed: pip install 'wuxie[spark]'")
    if shutil.which("java") is None:
        pytest.skip("no Java on this machine, which Spark needs (17 or later)")
    packs = [
        statspack.read(written(tmp_path / f"{code}.parquet", code, found))
        for code, found in (("5104", CITY), ("5103", CITY[:30]), ("5102", CITY[5:] * 3))
    ]
    rows = statspack.compare(packs)
    assert statspack.compare(packs, engine="spark") == rows and len(rows) > 60
