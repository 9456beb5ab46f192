"""What a text suggests: the catalogue's own words, what people have sorted, and how often that is right on real messages."""

from __future__ import annotations

import csv
import gzip
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from wuxie.rooms.mediation.catalogue import Learnt, categories, leaves, likeness, suggest

#: Real messages to a city's leaders, sorted into seven classes by people; not part of the product.
FOLDER = Path(os.environ.get("WUXIE_COMPLAINTS", "complaints"))
MESSAGES, ANSWERED = FOLDER / "messages_classified.csv.gz", FOLDER / "messages_replied.csv.gz"
#: Drawn from the answered ones and put into our tree by hand, after the words of the catalogue were written: number, category.
SORTED = Path(__file__).with_name("sorted_messages.csv")


def hits(ranked: Sequence[tuple[Sequence[str], str]]) -> Mapping[str, float]:
    """Of suggestions and truths: how often the first is right, and how often one of the first three."""
    count = len(ranked) or 1
    first = sum(bool(given) and given[0] == truth for given, truth in ranked) / count
    return {"first": first, "three": sum(truth in given[:3] for given, truth in ranked) / count}


def test_the_tree_is_whole():
    every = categories()
    assert len([one for one in every.values() if not one.parent]) == 15 and len(leaves()) == 82
    assert all(one.parent in every and one.words for one in leaves())


@pytest.mark.parametrize(("text", "code"), [
    ("楼上卫生间漏水到我家天花板", "M5.01"), ("小区门口广场舞噪音扰民", "M7.01"), ("物业擅自涨物业费", "M2.04"), ("消防通道被私家车堵塞", "M4.02"),
    ("业委会换届选举", "M8.01"), ("下水道堵塞反水", "M5.06"), ("高空抛物砸坏车", "M7.04"), ("转供电电价太高", "M11.01"),
])  # fmt: skip
def test_words_suggest(text, code):
    assert code in suggest(text)


def test_nothing_known_suggests_nothing():
    assert suggest("你好") == suggest("") == []


def test_what_people_sorted_teaches():
    text = "健康步道上的晨练队伍放音响"
    before = suggest(text)
    taught = Learnt.of([("晨练队伍的音响太响，步道上天天放", "M7.01")] * 8 + [("电表计量不准", "M11.03")] * 4)
    assert suggest(text, taught)[0] == "M7.01" and before != suggest(text, taught)


def test_likeness_is_a_share_of_the_shorter_text():
    assert likeness("三栋漏水", "三栋漏水三栋漏水没人修") == 1.0
    assert likeness("三栋漏水", "停车费太高") == 0.0 == likeness("", "停车费")


def test_how_often_the_learning_is_right_on_real_messages(record_property):
    if not MESSAGES.exists():
        pytest.skip("the real messages are not here: set WUXIE_COMPLAINTS to their folder")
    with gzip.open(MESSAGES, "rt", encoding="utf-8") as file:
        rows = [
            (f"{row['留言主题']}\n{row['留言详情']}", row["一级分类"], int(row["留言编号"]))
            for row in csv.DictReader(file)
        ]
    known = Learnt.of((text, name) for text, name, number in rows if number % 2)
    found = []
    for text, name, number in rows:
        if not number % 2:
            scores = known.scores(text)
            found.append((sorted(scores, key=lambda one: -scores[one]), name))
    rates = hits(found)
    record_property("first", f"{rates['first']:.3f}")
    record_property("three", f"{rates['three']:.3f}")
    assert rates["first"] >= 0.7 and rates["three"] >= 0.9


def test_how_often_the_words_are_right_on_our_own_tree(record_property):
    if not ANSWERED.exists():
        pytest.skip("the real messages are not here: set WUXIE_COMPLAINTS to their folder")
    with SORTED.open(encoding="utf-8") as file:
        truth = dict(csv.reader(file))
    with gzip.open(ANSWERED, "rt", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["留言编号"] in truth]
    rates = hits([(suggest(f"{row['留言主题']}\n{row['留言详情']}"), truth[row["留言编号"]]) for row in rows])
    record_property("first", f"{rates['first']:.3f}")
    record_property("three", f"{rates['three']:.3f}")
    assert len(rows) == len(truth) and rates["first"] >= 0.6 and rates["three"] >= 0.7
