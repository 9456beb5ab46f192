"""What other floors may use of this room."""

from wuxie.kernel.calc.registry import Calculator

from .law import tender

TENDER = Calculator("tender", "开标后复核", tender)
