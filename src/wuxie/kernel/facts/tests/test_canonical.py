"""The bytes that are hashed, written out: whoever verifies from outside must get the same."""

import datetime
import hashlib
import json
from typing import Any

import pytest

from wuxie.kernel.facts import canonical
from wuxie.kernel.facts.refusal import Refused

ROW: dict[str, Any] = {
    "id": "01M88ZZZZZZZZZZZZZZZZZZZZZ", "kind": "probe.drill.fire", "subject": "project:17",
    "also_counts_for": ["company:3"], "quantity": 1_500_000, "unit": "次", "occurred_on": datetime.date(2026, 3, 2),
    "recorded_at": datetime.datetime(2026, 3, 2, 16, 30, 5, 42, tzinfo=datetime.UTC), "valid_until": None, "trust": 2,
    "source": "sheet/1", "revision": 1, "by": "person:1", "note": "a \"b\"\n\u2028", "attachments": ["ab" * 32],
    "personal": {"name": "00" * 32}, "suspicious": "", "regards": "", "details": {"x": "乙", "a": "1"},
}  # fmt: skip
BYTES = (
    '{"also_counts_for":["company:3"],"attachments":["' + "ab" * 32 + '"],"by":"person:1","details":{"a":"1","x":"乙"},'
    '"id":"01M88ZZZZZZZZZZZZZZZZZZZZZ","kind":"probe.drill.fire","note":"a \\"b\\"\\n\u2028","occurred_on":"2026-03-02",'
    '"personal":{"name":"'
    + "00"
    * 32
    + '"},"quantity":1500000,"recorded_at":"2026-03-02T16:30:05.000042Z","regards":"",'
    '"revision":1,"source":"sheet/1","subject":"project:17","suspicious":"","trust":"association_verified","unit":"次",'
    '"v":1,"valid_until":null}'
).encode()


def test_the_bytes_of_a_fact() -> None:
    assert canonical.canonical(canonical.fact_document(ROW)) == BYTES
    assert canonical.content_hash(ROW) == hashlib.sha256(BYTES).hexdigest()
    assert canonical.content_hash(ROW) == "ebcca522753b3bb06306c524f6f67b753bfb2ba626f41b285c1a1fccd5de3cec"


def test_the_bytes_of_a_fact_with_a_salt() -> None:
    """Form 2: number, kind and target in plain; the rest one commitment, in it the writer and the words two more."""
    salted = {**ROW, "salt": "07" * 32}

    def salt(name: str) -> bytes:
        return hashlib.sha256(b"\x07" * 32 + name.encode()).digest()

    body = json.loads(BYTES)
    for name in ("v", "id", "kind", "regards"):
        del body[name]
    body["by"] = hashlib.sha256(salt("by") + b"person:1").hexdigest()
    body["note"] = hashlib.sha256(salt("note") + ROW["note"].encode()).hexdigest()
    inner = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    outer = (
        '{"body":"' + hashlib.sha256(salt("body") + inner).hexdigest() + '","id":"01M88ZZZZZZZZZZZZZZZZZZZZZ",'
        '"kind":"probe.drill.fire","regards":"","v":2}'
    ).encode()
    assert canonical.canonical(canonical.fact_document(salted)) == outer
    assert canonical.content_hash(salted) == hashlib.sha256(outer).hexdigest()


@pytest.mark.parametrize("name", sorted({*ROW, "salt"}))
def test_every_column_is_in_the_hash_of_a_salted_fact(name: str) -> None:
    salted = {**ROW, "salt": "07" * 32}
    other = {
        int: 3, str: "08" * 32, list: ["x"], dict: {"x": "y"}, datetime.date: datetime.date(2026, 3, 3), type(None):
        datetime.date(2026, 3, 3), datetime.datetime: datetime.datetime(2026, 3, 3, tzinfo=datetime.UTC),
    }[type(salted[name])]  # fmt: skip
    assert canonical.content_hash({**salted, name: other}) != canonical.content_hash(salted)


def test_the_moment_is_the_same_in_any_zone() -> None:
    shanghai = datetime.timezone(datetime.timedelta(hours=8))
    same = {**ROW, "recorded_at": ROW["recorded_at"].astimezone(shanghai)}
    assert canonical.content_hash(same) == canonical.content_hash(ROW)


@pytest.mark.parametrize("name", sorted(set(ROW)))
def test_every_column_is_in_the_hash(name: str) -> None:
    other = {
        int: 3, str: "x", list: ["x"], dict: {"x": "y"}, datetime.date: datetime.date(2026, 3, 3), type(None):
        datetime.date(2026, 3, 3), datetime.datetime: datetime.datetime(2026, 3, 3, tzinfo=datetime.UTC),
    }[type(ROW[name])]  # fmt: skip
    assert canonical.content_hash({**ROW, name: other}) != canonical.content_hash(ROW)


def test_the_bytes_of_the_other_leaves() -> None:
    moment = datetime.datetime(2026, 3, 2, 16, 45, tzinfo=datetime.UTC)
    assert canonical.link_bytes("project:17", 4, "01F", "aa", "bb") == (
        b'{"fact":"01F","hash":"aa","previous":"bb","seq":4,"subject":"project:17"}'
    )
    assert canonical.head_bytes("project:17", 9, 4, "cc") == (
        b'{"count":4,"head":"cc","seal":9,"subject":"project:17"}'
    )
    assert canonical.seal_bytes(9, moment, 120, "dd") == (
        b'{"previous_root":"dd","previous_size":120,"seal":9,"sealed_at":"2026-03-02T16:45:00.000000Z"}'
    )
    assert canonical.leaf_hex(b"x") == hashlib.sha256(b"\x00x").hexdigest()
    assert canonical.commitment(b"\x01" * 32, "张三") == hashlib.sha256(b"\x01" * 32 + "张三".encode()).hexdigest()


@pytest.mark.parametrize(
    ("text", "amount"), [("1", 1_000_000), ("0.000001", 1), ("-2.5", -2_500_000), ("12.50", 12_500_000), ("0", 0)]
)
def test_quantities_are_whole_millionths(text: str, amount: int) -> None:
    assert canonical.millionths(text) == amount
    assert canonical.millionths(canonical.quantity_text(amount)) == amount


@pytest.mark.parametrize("text", ["0.0000001", "x", "", "NaN", "Infinity", 0.5, "9223372036855", None, True])
def test_any_other_quantity_is_refused(text: Any) -> None:
    with pytest.raises(Refused, match="至多六位小数"):
        canonical.millionths(text)


def test_quantities_are_shown_short() -> None:
    assert [canonical.quantity_text(amount) for amount in (1_500_000, -1, 3_000_000, 0)] == [
        "1.5",
        "-0.000001",
        "3",
        "0",
    ]
