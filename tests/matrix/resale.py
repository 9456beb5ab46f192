"""Who may open the pages of the room resale."""

from __future__ import annotations

from .row import CASE, COMPANIES, COMPANY, SIGNED, Row, for_, of

ROWS: dict[str, Row] = {
    "resale:accounts": for_(SIGNED),
    "resale:account_new": for_(COMPANIES),
    "resale:account": of("power_account", CASE),
    "resale:account_follow": of("power_account", CASE, method="post"),
    "resale:account_step": of("power_account", CASE, fill={"step": "=convert"}),
    "resale:account_edit": of("power_account", COMPANY),
    "resale:meter_new": of("power_account", COMPANY),
    "resale:month_new": of("power_account", COMPANY),
    "resale:meter": of("meter", COMPANY),
    "resale:months": for_(SIGNED),
    "resale:month": of("power_month", CASE),
    "resale:month_follow": of("power_month", CASE, method="post"),
    "resale:month_step": of("power_month", CASE, fill={"step": "=confirm"}),
    "resale:bill": of("power_month", COMPANY),
    "resale:readings": of("power_month", COMPANY),
    "resale:refunds": for_(SIGNED),
    "resale:refund_pay": of("power_refund", COMPANY),
    "resale:refund_post": of("power_refund", COMPANY),
}
