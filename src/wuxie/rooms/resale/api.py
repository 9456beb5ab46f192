"""What other floors may use of this room."""

from wuxie.kernel.calc.registry import Calculator

from .law import resale

RESALE = Calculator("resale", "转供电收费核验", resale)
