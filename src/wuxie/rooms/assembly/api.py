"""What other floors may use of this room."""

from wuxie.kernel.calc.registry import Calculator

from .law import vote

VOTE = Calculator("vote", "业主表决计票", vote)
