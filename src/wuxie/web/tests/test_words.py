"""Days and moments in words."""

from __future__ import annotations

import datetime

from wuxie.kernel.clock.now import SHANGHAI, frozen
from wuxie.web import words


def test_the_year_is_said_when_it_is_not_this_one() -> None:
    at = datetime.datetime(2026, 3, 9, 7, 5, tzinfo=SHANGHAI)
    with frozen(datetime.date(2026, 11, 29)):
        assert (words.moment(at), words.date_alone(at), words.day(at)) == ("03-09 07:05", "3月9日", "3月9日 周一")
    with frozen(datetime.date(2027, 1, 2)):
        assert words.full_date(at) == "2026年3月9日"
        assert words.moment(at) == "2026-03-09 07:05"
        assert (words.date_alone(at), words.day(at)) == ("2026年3月9日", "2026年3月9日 周一")
