"""The first person of the association's office: from then on everything is given on pages."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from wuxie.kernel.access.actions import open_account
from wuxie.kernel.access.actor import THE_CLOCK
from wuxie.kernel.parties.actions import appoint, find_or_add_person
from wuxie.kernel.parties.models import Organisation


class Command(BaseCommand):
    help = "登记一位秘书处人员并开通账号（首次安装时用）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="姓名")
        parser.add_argument("username", help="用户名")
        parser.add_argument("--phone", default="", help="手机号")
        parser.add_argument("--association", default="", help="协会名称；已登记过协会时可省")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            word = self._admit(options)
        except ValidationError as refused:
            raise CommandError("；".join(refused.messages)) from None
        self.stdout.write(f"用户名 {options['username']}，初始密码 {word}。请当面交给本人，登录后改掉。")

    @transaction.atomic
    def _admit(self, options: dict[str, Any]) -> str:
        association = Organisation.objects.filter(kind=Organisation.Kind.ASSOCIATION).order_by("pk").first()
        if association is None:
            if not options["association"]:
                raise CommandError("还没有登记协会。请加 --association 协会名称。")
            association = Organisation.objects.create(kind=Organisation.Kind.ASSOCIATION, name=options["association"])
        person = find_or_add_person(by=THE_CLOCK.key, name=options["name"], phone=options["phone"])
        appoint(person, "association_secretariat", by=THE_CLOCK.key, organisation=association)
        return open_account(person, options["username"], by=THE_CLOCK)[1]
