"""What other floors may use of this room."""

from wuxie.kernel.calc.registry import Calculator

from .law import CYCLES, inspection

__all__ = ["CYCLES", "INSPECTION"]

INSPECTION = Calculator("inspection", "检验检测到期", inspection)
