"""The strict readers: what is not exactly right is refused with its code, at its place."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuxie.kernel.calc import documents as read
from wuxie.kernel.calc.problems import Problem


def fault(reader, *arguments, **options) -> tuple[str, str]:
    with pytest.raises(Problem) as refused:
        reader(*arguments, **options)
    assert any("一" <= letter <= "鿿" for letter in refused.value.message)
    return refused.value.code, refused.value.path


@pytest.mark.parametrize(
    "body",
    [
        b"", b" \n", b"{", b"{}{}", b"{'a': 1}", b'{"a": 1,}', b'{"a": NaN}', b'[Infinity]', b"[-Infinity]", b'"\x01"',
        '{"a": "é"}'.encode("latin-1"), '{"a": "面积"}'.encode("gb18030"), "{}".encode("utf-16"), b"\xef\xbb\xbf{}",
        b'{"a": "\\ud800"}', b'{"\\uDFFF": 1}', b'["\\ud83d x"]', b"[" * 100_000, b"01", b"+1", b"1.", b".5",
    ],
)  # fmt: skip
def test_what_is_not_json_in_utf8_is_refused_whole(body):
    assert fault(read.parse, body) == ("json", "$")


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b"{}", {}), (b"null", None), ('["面积"]'.encode(), ["面积"]), (b'["\\ud83d\\ude00"]', ["😀"]),
        (b'["\\\\ud800"]', ["\\ud800"]), (b'{"a": {"b": [1, -2]}}', {"a": {"b": [1, -2]}}),
    ],
)  # fmt: skip
def test_what_is_json_is_read(body, value):
    assert read.parse(body) == value


def test_a_number_of_a_million_digits_is_no_reason_to_stumble():
    found = read.parse(b'{"count": ' + b"9" * 1_000_000 + b"}")

    assert fault(read.whole, found["count"], "$.count", least=1, most=10) == ("range", "$.count")


def test_a_key_that_stands_twice_is_refused_where_it_stands():
    found = read.parse(b'{"rows": [{"id": "a"}, {"id": "a", "x": 1, "id": "b"}]}')

    assert read.obj(found, "$", required=("rows",)) == found
    assert fault(read.obj, found["rows"][1], "$.rows[1]", required=("id", "x")) == ("duplicate", "$.rows[1].id")


def test_an_object_has_the_keys_it_should_have_and_no_others():
    assert read.obj({"a": 1, "c": 2}, "$", required=("a",), optional=("b", "c")) == {"a": 1, "c": 2}
    assert fault(read.obj, {"a": 1, "x": 2}, "$.p", required=("a",)) == ("unknown_key", "$.p.x")
    assert fault(read.obj, {}, "$.p", required=("a",)) == ("missing", "$.p.a")
    for value in ([], "a", 1, None, True):
        assert fault(read.obj, value, "$.p", required=("a",)) == ("type", "$.p")


def test_a_list_is_read_row_by_row_with_its_places():
    assert list(read.rows(["a", "b"], "$.p")) == [("$.p[0]", "a"), ("$.p[1]", "b")]
    assert list(read.rows([], "$.p")) == []
    assert fault(read.rows, [], "$.p", empty=False) == ("empty", "$.p")
    for value in ({}, "ab", None):
        assert fault(read.rows, value, "$.p") == ("type", "$.p")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", "0"), ("-0", "0"), ("-0.00", "0"), ("007.50", "7.5"), ("89.5", "89.5"), ("999999999999999.99", "999999999999999.99"),
        ("0.00000000000000000000000000000000001", "1e-35"),
    ],
)  # fmt: skip
def test_a_decimal_is_read_exactly(text, value):
    assert read.decimal(text, "$") == Decimal(value)


@pytest.mark.parametrize(
    "value",
    [
        1, 1.5, True, None, [], {}, "", " ", "1 ", " 1", "1\n", "+1", "1e3", "1E3", "1,000", "1_000", "--1", "1-", "1.2.3", ".", "-", ".5",
        "5.", "-.5", "１", "١", "0x10", "NaN", "Infinity", "½", "1元",
    ],
)  # fmt: skip
def test_what_is_no_decimal_text_has_the_wrong_type(value):
    assert fault(read.decimal, value, "$.x") == ("type", "$.x")


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("-1", {}), ("-0.01", {"places": 2}), ("1.001", {"places": 2}), ("1.000", {"places": 2}), ("0", {"positive": True}),
        ("-0", {"positive": True}), ("0.00", {"positive": True, "places": 2}), ("1" * 16, {}), ("-" + "1" * 16, {}), ("0" * 16, {}),
    ],
)  # fmt: skip
def test_a_decimal_out_of_bounds_is_out_of_range(text, options):
    assert fault(read.decimal, text, "$.x", **options) == ("range", "$.x")


@given(st.integers(0, 10**17 - 1))
def test_hundredths_go_out_as_they_came_in(value):
    assert read.hundredths(read.two_places(value), "$") == value


def test_hundredths_of_fewer_decimals():
    assert [read.hundredths(text, "$") for text in ("1", "1.5", "1.05", "-0")] == [100, 150, 105, 0]
    assert read.two_places(-5) == "-0.05"


@pytest.mark.parametrize(
    ("reader", "value", "code", "options"),
    [
        (read.text, 1, "type", {}),
        (read.text, "", "range", {}),
        (read.choice, 1, "type", {"words": ("a",)}),
        (read.choice, "A", "range", {"words": ("a",)}),
        (read.flag, 1, "type", {}),
        (read.flag, "true", "type", {}),
        (read.whole, True, "type", {"least": 0, "most": 9}),
        (read.whole, 1.0, "type", {"least": 0, "most": 9}),
        (read.whole, "1", "type", {"least": 0, "most": 9}),
        (read.whole, 10, "range", {"least": 0, "most": 9}),
        (read.date, "2026-02-29", "type", {}),
        (read.date, "2026-2-1", "type", {}),
        (read.date, "2026-W01-1", "type", {}),
        (read.date, "0000-01-01", "type", {}),
        (read.date, "２０２６-01-01", "type", {}),
        (read.date, None, "type", {}),
    ],
)
def test_other_values(reader, value, code, options):
    assert fault(reader, value, "$.x", **options) == (code, "$.x")


def test_the_one_error_object():
    problem = Problem("infeasible", "$", "排不出来。", days=["2026-12-01"])

    assert json.loads(json.dumps(problem.as_dict())) == {
        "error": {"code": "infeasible", "path": "$", "message": "排不出来。", "days": ["2026-12-01"]}
    }


def test_a_message_repeats_only_the_beginning_of_what_was_sent():
    with pytest.raises(Problem) as refused:
        read.obj({"k" * 10_000: 1}, "$", required=())
    assert len(refused.value.message) < 200
