"""The room's lines in the sidebar, by role."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from wuxie.kernel.parties.roles import ASSOCIATION, AT_COMPANY, GOVERNMENT
from wuxie.web import nav


def register() -> None:
    nav.register_nav(_("安全"), _("职责库"), "safety:library", icon="books", roles=ASSOCIATION, order=152)
    nav.register_nav(_("安全"), _("职责库"), "safety:library", icon="books", roles=GOVERNMENT, order=242)
    nav.register_nav(_("安全"), _("职责库"), "safety:library", icon="books", roles=AT_COMPANY, order=152)
