"""Fill an empty installation with what the attacks need; prints one JSON line for them."""

from __future__ import annotations

import datetime
import json

PLACES = {
    "5104": "攀枝花市", "510402": "东区", "510402001": "大渡口街道", "510402001001": "临江社区",
}  # fmt: skip
#: How the standard of a seeded city judges: one indicator a group, so that an objection can name one.
STANDARD = {
    "standard": "red-property-star", "version": "2026.1", "label": "示范", "min_trust": "counterpart_confirmed",
    "groups": [
        {"id": key, "points": points, "indicators": [{"id": f"{key}1", "points": points, "formula": "1"}]}
        for key, points in (("A", "20.00"), ("B", "80.00"))
    ],
    "grades": [{"stars": 3, "min": "60"}],
}  # fmt: skip


def main() -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    call_command("migrate", verbosity=0, interactive=False)
    print(json.dumps(fill()))


def fill() -> dict[str, object]:
    """Publicities that run for years, a secretary with a session; their numbers and the session's key."""
    from django.test import Client

    from wuxie.kernel.access.models import Account
    from wuxie.kernel.parties.actions import appoint
    from wuxie.kernel.parties.models import Person
    from wuxie.kernel.places.models import Place
    from wuxie.kernel.standards import actions as standards
    from wuxie.rooms.portal.tests import factories as make

    for level, (code, name) in enumerate(PLACES.items(), start=1):
        parent = {6: code[:4], 9: code[:6], 12: code[:9]}.get(len(code))
        Place.objects.get_or_create(code=code, defaults={"name": name, "level": level, "parent_id": parent})
    standards.publish(standards.import_yaml(json.dumps(STANDARD).encode(), by="trust"), by="trust")
    company = make.company()
    numbers = [
        make.application(make.project(make.estate(name=f"小区{n}"), company), days=3000).number for n in range(4)
    ]
    people = [Person.objects.create(name=name) for name in ("陈晓岚", "周敏")]
    for one in people:
        appoint(one, "association_secretariat", by="trust", organisation=make.association(),
                starts_on=datetime.date(2020, 1, 1))  # fmt: skip
    person = people[0]
    browser = Client()
    account = Account.objects.create_user("trust", "Passw0rd-long", person=person)
    browser.force_login(account, backend="wuxie.kernel.access.backends.SignInBackend")
    return {"notices": numbers, "session": browser.cookies["sessionid"].value, "person": person.key}


if __name__ == "__main__":
    main()
