"""Invented names that nobody can take for real ones.

Estates are called after the solar terms, companies after the lunar mansions, both with a mark; people get a common
family name and a given name that says it is a sample.
"""

from __future__ import annotations

import random

from stdnum.cn import uscc

TERMS = tuple(
    "立春 雨水 惊蛰 春分 清明 谷雨 立夏 小满 芒种 夏至 小暑 大暑 "
    "立秋 处暑 白露 秋分 寒露 霜降 立冬 小雪 大雪 冬至 小寒 大寒".split()
)
KINDS = ("里", "园", "坊")
MANSIONS = "角亢氐房心尾箕斗牛女虚危室壁奎娄胃昴毕觜参井鬼柳"
#: Stems and branches: more names than a small city needs.
SIGNS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
FAMILIES = "赵钱孙李周吴郑王冯陈蒋沈韩杨朱秦许何吕张曹严华金魏陶姜谢邹苏潘葛范彭鲁韦马方任袁柳唐罗薛雷贺汤殷"
GIVEN = tuple(
    "示春 示夏 示秋 示冬 样一 样二 样三 样四 例东 例南 例西 例北 拟山 拟水 拟云 拟风 仿晴 仿雨 仿岚 仿霁".split()
)


def estate_name(index: int) -> str:
    """72 plain ones, then with a sign before the last character: 1,656 in all."""
    more, place = divmod(index, len(TERMS) * len(KINDS))
    sign = SIGNS[more - 1] if more else ""
    return f"{TERMS[place % 24]}{sign}{KINDS[place // 24]}（虚构）"


def company_name(index: int) -> str:
    return f"{company_short(index).removesuffix('物业')}物业服务有限公司（虚构）"


def company_short(index: int) -> str:
    """25 plain ones, then with a second mansion: 650 in all."""
    more, place = divmod(index, len(MANSIONS))
    return f"{MANSIONS[place]}{MANSIONS[more - 1] if more else ''}宿物业"


def person_name(rng: random.Random) -> str:
    return rng.choice(FAMILIES) + rng.choice(GIVEN)


def credit_code(index: int) -> str:
    """A code with right check digits and a registration part that no authority has given out."""
    body = f"91510400MADEMX{index:03d}"
    return body + uscc.calc_check_digit(body)


def phone(index: int) -> str:
    """A number in a range that no operator has opened."""
    return f"1000{index:07d}"
