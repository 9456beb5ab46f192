"""Make the first account of the secretariat; every further one is made on the pages."""

from __future__ import annotations

import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from wuxie.kernel.access.models import Account
from wuxie.kernel.parties.actions import appoint
from wuxie.kernel.parties.models import Organisation, Person


class Command(BaseCommand):
    help = "建立第一个秘书处账号：wuxie newcomer 用户名 --name 姓名 --association 协会全称"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", required=True, help="姓名")
        parser.add_argument("--association", required=True, help="协会全称")

    def handle(self, *args: Any, **options: Any) -> None:
        password = getpass.getpass("密码：")
        try:
            validate_password(password)
        except ValidationError as fault:
            raise CommandError(" ".join(fault.messages), returncode=2) from None
        with transaction.atomic():
            if Account.objects.filter(username=options["username"]).exists():
                raise CommandError(f"用户名 {options['username']} 已有人用，请换一个。", returncode=2)
            body, _made = Organisation.objects.get_or_create(kind="association", name=options["association"])
            person = Person.objects.create(name=options["name"])
            appoint(person, "association_secretariat", by="command line", organisation=body)
            Account.objects.create_user(options["username"], password, person=person)
        self.stdout.write("已建立。首次登录后请设置两步验证。")
