from django.apps import AppConfig


class RatingConfig(AppConfig):
    name = "wuxie.rooms.rating"
    label = "rating"
    verbose_name = "星级评定"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make known: the kinds of fact, the papers and who may see them, the procedures and what time does in them."""
        from wuxie.kernel.facts.exports import offer
        from wuxie.kernel.papers.visibility import register_case_visibility

        from . import facts, jobs, menu, packs, papers, visibility  # models must be ready first

        facts.register()
        offer("rating", "申报编号或主键：一颗星的证据包", packs.export)
        menu.register()
        papers.register()
        for prefix, rule in visibility.RULES.items():
            register_case_visibility(prefix, rule)
        assert jobs  # imported for the pieces of work and the clock's verbs that it registers
