"""What other floors may use of this room."""

from wuxie.kernel.calc.registry import Calculator

from .law import apportion

APPORTION = Calculator("apportion", "维修资金分摊", apportion)
