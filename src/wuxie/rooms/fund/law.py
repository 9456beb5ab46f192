"""Sharing a cost among owners by exclusive area, to the cent.

Sources: 民法典 art. 283; 住宅专项维修资金管理办法 (165号令) art. 20. Each exact share is floored to the cent, the cents left over
go to the largest fractional parts, ties to the earlier unit: the shares add up to the cost, always.
"""

from __future__ import annotations

from typing import Any

from wuxie.kernel.calc import documents as read
from wuxie.kernel.calc.shares import largest_remainder


def apportion(document: Any) -> dict[str, Any]:
    """Share a cost by area and set it against balances (contract ``apportion``)."""
    found = read.obj(document, "$", required=("total", "units"))
    total = read.hundredths(found["total"], "$.total")
    ids: list[str] = []
    areas: list[int] = []
    balances: list[int | None] = []
    seen: set[str] = set()
    for path, row in read.rows(found["units"], "$.units", empty=False):
        row = read.obj(row, path, required=("id", "area"), optional=("balance",))
        name = read.text(row["id"], f"{path}.id")
        read.unique(name, seen, f"{path}.id", "户室")
        seen.add(name)
        ids.append(name)
        areas.append(read.hundredths(row["area"], f"{path}.area", positive=True))
        balances.append(read.hundredths(row["balance"], f"{path}.balance") if "balance" in row else None)
    shares = largest_remainder(total, areas)
    return {
        "total": read.two_places(total),
        "area": read.two_places(sum(areas)),
        "shares": [_share(*row) for row in zip(ids, shares, balances, strict=True)],
    }


def _share(name: str, share: int, balance: int | None) -> dict[str, str]:
    row = {"id": name, "share": read.two_places(share)}
    if balance is not None:
        drawn = min(share, balance)
        row |= {"from_balance": read.two_places(drawn), "to_pay": read.two_places(share - drawn)}
    return row
