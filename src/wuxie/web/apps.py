from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "wuxie.web"
    label = "web"
    verbose_name = "页面"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Offer the pages of the kernel's parts."""
        from django.utils.translation import gettext_lazy as _

        from wuxie.kernel.notify.tell import unread
        from wuxie.kernel.papers.visibility import register_case_visibility
        from wuxie.kernel.parties.roles import ROLES
        from wuxie.kernel.workflow.models import Turn

        from . import area, desk, nav
        from .pages import journal, ledger, statutes  # models must be ready first

        nav.register_nav("", _("工作台"), "desk", icon="home", roles=ROLES, count=desk.waiting, order=0)
        nav.register_bell("notify:inbox", lambda request: unread(request.actor.key))
        area.register_place(Turn, desk.lies)
        base = _("底座")
        nav.register_nav(base, _("事实账本"), "pages:ledger", icon="stack-2", roles=ledger.READERS, order=410)
        nav.register_nav(
            base,
            _("法定数值"),
            "pages:statutes",
            icon="gavel",
            roles=statutes.READERS,
            count=statutes.open_count,
            order=411,
        )
        nav.register_nav(base, _("放假安排"), "pages:holidays", icon="calendar", roles=statutes.KEEPERS, order=412)
        nav.register_nav(
            base, _("群机器人"), "pages:robots", icon="messages", roles=("association_secretariat",), order=445
        )
        nav.register_nav(base, _("管理日志"), "pages:journal", icon="history", roles=journal.READERS, order=441)
        register_case_visibility("statute", statutes.may_see_papers)
