"""Who may open signing in, and what answers before anybody did."""

from __future__ import annotations

from .row import ALL, LEADERS, SIGNED, Row, for_

#: Who has more than one part of an area to look at; in this world only one street and one district have two.
SWITCHERS = LEADERS | {"city", "district", "street"}

ROWS: dict[str, Row] = {
    "healthz": for_(ALL),
    "readyz": for_(ALL),
    "web:reading": for_(ALL, method="post"),
    "web:area": for_(SWITCHERS, method="post"),
    "account_login": for_(ALL, sign_in=True),
    "account_logout": for_(ALL, sign_in=True),
    "account_change_password": for_(SIGNED),
    "account_set_password": for_(ALL),
    "account_reauthenticate": for_(SIGNED),
    "mfa_index": for_(SIGNED),
    "mfa_authenticate": for_(ALL, sign_in=True),
    "mfa_reauthenticate": for_(SIGNED),
    "mfa_activate_totp": for_(SIGNED),
    "mfa_deactivate_totp": for_(SIGNED),
    "mfa_view_recovery_codes": for_(SIGNED),
    "mfa_generate_recovery_codes": for_(SIGNED),
    "mfa_download_recovery_codes": for_(SIGNED),
}
