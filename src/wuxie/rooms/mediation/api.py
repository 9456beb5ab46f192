"""What other floors may use of this room."""

from wuxie.kernel.calc.registry import Calculator

from .rota import rota

ROTA = Calculator("rota", "专家值班排班", rota)
