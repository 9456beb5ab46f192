"""Reads that pages, exports and rules of the association need."""

from .groups import (
    Quarter,
    Workload,
    accepted_in,
    duties,
    failing,
    group_of,
    late_in_a_row,
    members_of,
    quarter,
    span,
    weight,
    weights,
    workload,
)
from .meetings import (
    Attendance,
    approval,
    approval_name,
    association_key,
    attendance,
    count_of,
    earliest,
    entitled,
    notice_days,
    quorum,
    share_words,
    standing_aside,
    term,
)
from .money import accounts, quarter_of, totals
from .seats import CONTACT_ROLES, contacts, find_seats, seat_label, seats

__all__ = [
    "CONTACT_ROLES", "Attendance", "Quarter", "Workload", "accepted_in", "accounts", "approval", "approval_name",
    "association_key", "attendance", "contacts", "count_of", "duties", "earliest", "entitled", "failing", "find_seats", "group_of",
    "late_in_a_row", "members_of", "notice_days", "quarter", "quarter_of", "quorum", "seat_label", "seats", "share_words", "span",
    "standing_aside", "term", "totals", "weight", "weights", "workload",
]  # fmt: skip
