"""The attacks themselves, inside an installation of their own. Prints rows as one JSON line; logs go to standard error."""

from __future__ import annotations

import csv
import datetime
import io
import itertools
import json
import os
import random
import re
import resource
import socket
import sys
import time
import traceback
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from .row import Row

SEED = 20261128
CHINESE = re.compile(r"[\u4e00-\u9fff]")
LEADS = ("=", "+", "-", "@", "\t=", "\r=", "\n=", "＝", "＋", "－", "＠", "'=")
DAY = datetime.timedelta(days=1)


def hostile_files(city: Any) -> Row:
    """Each file through the importer and as a visitor's evidence: an answer in Chinese, in time, in memory."""
    from django.core.cache import cache
    from django.core.files.uploadedfile import SimpleUploadedFile

    from . import hostile

    slowest, wrong, taken = 0.0, [], 0
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for name, content in itertools.islice(hostile.files(), 100):
        for door in ("/imports/companies/", f"/notices/{city.own.published.number}/objection/"):
            cache.clear()
            browser = city.browsers["secretariat" if "imports" in door else "visitor"]
            file = SimpleUploadedFile(name.replace("\0", "").replace("/", "_")[-100:] or "x", content)
            form = {"file": file} if "imports" in door else {
                "indicator": "", "text": "公示栏一直空着，附照片。", "contact": "13912345678", "true": "on", "website": "", "evidence": file,
            }  # fmt: skip
            began = time.monotonic()
            answer = browser.post(door, form)
            slowest = max(slowest, spent := time.monotonic() - began)
            taken += answer.status_code == 302
            if answer.status_code not in (302, 422) or spent > 10:
                wrong.append(f"{name} at {door}: {answer.status_code} in {spent:.1f} s")
            elif answer.status_code == 422 and not _said_in_chinese(answer):
                wrong.append(f"{name} at {door}: no Chinese reason")
    alive = city.browsers["visitor"].get("/").status_code == 200
    most = max(
        resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    )
    figure = (f"100 files at two doors: server {'alive' if alive else 'DEAD'}, slowest {slowest:.1f} s, most memory of a process "
              f"{most // 1024} MiB (before: {before // 1024}), {taken} taken as harmless, {len(wrong)} wrong{_first(wrong)}")  # fmt: skip
    return Row("G12", f"hostile files (seed {hostile.SEED})", figure, alive and not wrong and most < 2**20)


def _said_in_chinese(answer: Any) -> bool:
    """Whether the refusal stands at a field of the form, in Chinese."""
    form = next((layer["form"] for layer in answer.context or () if "form" in layer), None)
    return form is not None and any(CHINESE.search(said) for errors in form.errors.values() for said in errors)


def _first(wrong: list[str]) -> str:
    return f" ({'; '.join(wrong[:3])})" if wrong else ""


def formulas(city: Any) -> Row:
    """Twelve leads in every name that lists show, then every list as a file."""
    from django.urls import reverse

    from tests import test_lists
    from wuxie.kernel.parties.models import Organisation, Person
    from wuxie.kernel.tabular.child import LEADS as FORBIDDEN
    from wuxie.rooms.portal.models import PlaqueReport
    from wuxie.rooms.register.models import Estate

    test_lists.grow(city, range(len(LEADS)))
    for number, lead in enumerate(LEADS):
        text = f'{lead}HYPERLINK("http://a.example",{number})'
        Organisation.objects.filter(name=f"多家物业{number}").update(name=text)
        Estate.objects.filter(name=f"多样里{number}").update(name=text)
        person = Person.objects.filter(account__username=f"many{number}").first()
        if person is not None:
            person.name = text
            person.save()
    for report, lead in zip(PlaqueReport.objects.order_by("-pk"), LEADS, strict=False):
        PlaqueReport.objects.filter(pk=report.pk).update(seen_at=f"{lead}1+1", text=f"{lead}cmd")
    wrong, sheets, seen, without = [], 0, 0, set()
    names = [*test_lists.LISTS, *test_lists.NOT_GROWN - test_lists.OF_ONE_THING]
    for name in names:
        role = test_lists.LISTS.get(name, "secretariat")
        for kind in ("xlsx", "csv"):
            answer = city.browsers[role].get(reverse(name), {"format": kind})
            if answer.status_code != 200 or "attachment" not in answer.headers.get("Content-Disposition", ""):
                without.add(name)
                continue
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            sheets += 1
            if kind == "csv":
                for field in itertools.chain(*csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))):
                    seen += "HYPERLINK" in field
                    if field.startswith(tuple(FORBIDDEN)) and not re.fullmatch(r"-?[\d.]+", field):
                        wrong.append(f"{name}: {field[:30]!r}")
                continue
            with zipfile.ZipFile(io.BytesIO(content)) as packed:
                inside = b"".join(packed.read(part) for part in packed.namelist() if part.endswith((".xml", ".rels")))
            if b"<f>" in inside or b"<f " in inside or b"hyperlink" in inside or b"externalLink" in inside:
                wrong.append(f"{name}: a formula or a link")
    figure = (
        f"12 leads, {sheets} files of {len(names) - len(without)} lists ({len(without)} offer none: "
        f"{', '.join(sorted(without))}), {seen} hostile fields in the CSVs: {len(wrong)} formulas or links{_first(wrong)}"
    )
    return Row(
        "G13",
        "formulas in every list's export (no file leaves by the machine interface)",
        figure,
        not wrong and seen >= 12 and sheets >= 30,
    )


def templates(city: Any) -> Row:
    """Fifty payloads as a template, as a value, in a notice and in an objection that the office reads."""
    from wuxie.kernel.calc.problems import Problem
    from wuxie.kernel.notify.models import Message
    from wuxie.kernel.notify.tell import fill, tell
    from wuxie.kernel.papers import word
    from wuxie.kernel.papers.tests.test_word import PAYLOADS, word_template, words_in
    from wuxie.rooms.rating.actions import hearing

    tried = [*PAYLOADS[:48], "{{ 7*191 }}", "${7*191}#{7*191}<%= 7*191 %>{% debug %}$__class__"]
    wrong, person = [], city.people["secretariat"]
    for payload in tried:
        if "$" not in payload:
            try:
                word.fill(word_template(payload), {"x": "文", "rows": [{"名": "甲"}]})
                wrong.append(f"template took {payload}")
            except Problem as problem:
                if not CHINESE.search(problem.message):
                    wrong.append(f"no Chinese word about {payload}")
        tell([person], payload, payload, key=f"t{tried.index(payload)}", x=payload)
        message = Message.objects.filter(person_key=person.key, key=f"t{tried.index(payload)}").first()
        if message is None or message.body != payload or fill("$x", {"x": payload}) != payload:
            wrong.append(f"notice changed {payload}")
        objection = hearing.object_to(city.own.published, text=f"{payload} 公示栏一直空着", contact="13912345678")
        page = city.browsers["secretariat"].get(f"/rating/objections/{objection.pk}/").content.decode()
        if "1337" in page or "root:x:" in page or "subprocess.Popen" in page:
            wrong.append(f"page ran {payload}")
    made = word.fill(word_template("{{ x }}"), {"x": "\n".join(tried)})
    if "1337" in "".join(words_in(made)):
        wrong.append("a value was read as a template")
    figure = f"{len(tried)} payloads as Word template, as its value, in a notice and in an objection: {len(wrong)} ran or came through{_first(wrong)}"
    return Row("G13", "payloads where a user's text reaches a template", figure, not wrong)


def addresses(city: Any) -> Row:
    """Forty addresses at the robots' door, with every way of connecting trapped."""
    from wuxie.kernel.calc.problems import Problem
    from wuxie.kernel.notify import channels
    from wuxie.kernel.notify.models import Robot
    from wuxie.kernel.notify.tests.test_robots import ELSEWHERE, WECOM

    more = [f"https://{host}/cgi-bin/webhook/send" for host in (
        "0.0.0.0", "127.1", "0x7f000001", "[::]", "[fd00::1]", "metadata.google.internal", "localtest.me", "10.0.0.1", "192.168.0.1")]  # fmt: skip
    tried = [*ELSEWHERE, *more][:40]
    connected: list[Any] = []

    def trap(*arguments: Any, **rest: Any) -> Any:
        connected.append(arguments)
        raise OSError("trapped")

    kept = socket.create_connection, socket.getaddrinfo, socket.socket.connect
    socket.create_connection = socket.getaddrinfo = socket.socket.connect = trap  # type: ignore[assignment, method-assign]
    passed = []
    try:
        for address in tried:
            try:
                channels.send_to_robot(Robot(vendor="wecom", address=address), "x")
                passed.append(address)
            except (Problem, channels.Unsent):
                pass
        inner, connected[:] = len(connected), []
        with suppress(channels.Unsent):
            channels.send_to_robot(Robot(vendor="wecom", address=WECOM), "x")
        control = len(connected)
    finally:
        socket.create_connection, socket.getaddrinfo, socket.socket.connect = kept  # type: ignore[method-assign]
    figure = f"{len(tried)} addresses: {inner} connections, {len(passed)} accepted; the trap saw the vendor's own host {control} times"
    return Row(
        "G13", "connections to other hosts from a robot's address", figure, not inner and not passed and control > 0
    )


def plaque_codes(city: Any) -> Row:
    """Ten thousand codes made from real ones."""
    from wuxie.rooms.portal import plaques
    from wuxie.rooms.rating import codes

    rng, real = random.Random(SEED), [city.own.award.code, city.foreign.award.code]
    accepted, tried = [], set()
    for code in real:
        if plaques.scanned(code).award is None:
            return Row("A4", "plaque codes", "the real code was refused", False)
    while len(tried) < 10_000:
        code, place = rng.choice(real), rng.randrange(26)
        other = real[real[0] == code]
        letter = rng.choice(codes.LETTERS + "IOLU.-＝０")
        place %= len(code)
        forged = rng.choice((
            code[:place] + letter + code[place + 1 :], code[:place] + letter + code[place:], code[:place] + code[place + 1 :],
            code[:place] + other[place:], code.partition(".")[0] + "." + other.rpartition(".")[2], code[::-1], code + letter,
            "".join(rng.sample(code, len(code))), f"{codes.new_number()}.{code.rpartition('.')[2]}", code.partition(".")[0],
        ))  # fmt: skip
        if forged in real or forged in tried:
            continue
        tried.add(forged)
        if plaques.scanned(forged).award is not None:
            accepted.append(forged)
    # Another way to write the same code (lower case, a letter read for a digit) is no forgery: number and signature agree.
    forged_ones = [one for one in accepted if codes.unsign(one) not in {code.partition(".")[0] for code in real}]
    same = len(accepted) - len(forged_ones)
    figure = f"10,000 changed codes of two plaques (seed {SEED}): {len(forged_ones)} accepted, {same} were the real code written otherwise"
    return Row("A4", "forged plaque codes", figure, not forged_ones and same < 10)


def ended_posts(city: Any) -> Row:
    """Fifty people with a session, a token and a link; their post ends between two requests."""
    from django.test import Client

    from wuxie.kernel.access.models import Account
    from wuxie.kernel.clock.now import today
    from wuxie.kernel.papers import actions as filing
    from wuxie.kernel.parties.actions import appoint, end_appointment
    from wuxie.kernel.parties.models import Person
    from wuxie.rooms.openapi import actions as tokens

    counts = {"session": 0, "token": 0, "link": 0}
    own, opened = city.own, 0
    case = own.checking
    paper = filing.attach(
        f"star_application:{case.pk}", b"%PDF-1.4\n%%EOF\n", "批复.pdf", kind="材料", by=own.admin.key
    )
    page, link = f"/rating/applications/{case.pk}/", paper.get_absolute_url()
    for number in range(50):
        person = Person.objects.create(name=f"离任{number}")
        post = appoint(person, "company_admin", by="test", organisation=own.company, starts_on=today() - 400 * DAY)
        account = Account.objects.create_user(f"leaver{number}", "Passw0rd-long", person=person)
        browser = Client(raise_request_exception=False)
        browser.force_login(account, backend="wuxie.kernel.access.backends.SignInBackend")
        token = {"Authorization": f"Bearer {tokens.issue(account, name='本机', scopes=['ratings:read'], days=30)[1]}"}
        before = (browser.get(page).status_code, browser.get(link).status_code,
                  len(Client().get("/api/v1/applications", headers=token).json().get("items", [])))  # fmt: skip
        opened += before[0] == 200 and before[1] == 200 and before[2] > 0
        end_appointment(post, by="person:0", on=today() - DAY)
        counts["session"] += browser.get(page).status_code in (302, 403, 404)
        counts["link"] += browser.get(link).status_code in (302, 403, 404)
        counts["token"] += not Client().get("/api/v1/applications", headers=token).json().get("items", [])
    figure = f"{opened} of 50 had all three open before; refused after: " + ", ".join(
        f"{name} {count}" for name, count in counts.items()
    )
    return Row("A18", "posts that end between two requests", figure, opened == 50 and set(counts.values()) == {50})


def canaries(city: Any) -> Row:
    """A thousand made-up values in private fields, then a search of everything on disk and of every list."""
    from django.core.cache import cache
    from django.db import connection
    from django.urls import reverse

    from tests import test_lists
    from wuxie.kernel.access.actor import actor_of
    from wuxie.kernel.notify.models import Choice, Robot
    from wuxie.kernel.tabular import actions as sheets
    from wuxie.rooms.register.tests import factories as register

    rng, planted = random.Random(SEED), {}

    def phone() -> str:
        return f"17{rng.randrange(10**9):09d}"

    def name() -> str:
        return "".join(rng.choice("赫连拓跋宇文鲜于闾丘亓官") for _ in range(2)) + f"{rng.randrange(10**6):06d}"

    for number in range(150):
        who, tel, paper = name(), phone(), f"510402{rng.randrange(1950, 2005)}0101{rng.randrange(10_000):04d}"
        made = register.owner(register.unit(city.own.estate, f"{9000 + number}"), who, tel)
        made.person.id_number = paper
        made.person.save()
        planted |= {who: "name", tel: "phone", paper: "id number"}
    for number in range(180):
        cache.clear()
        tel = phone()
        answer = city.browsers["visitor"].post(f"/notices/{city.own.published.number}/objection/", {
            "indicator": "", "text": f"公示栏一直空着，第{number}次。", "contact": tel, "true": "on", "website": ""})  # fmt: skip
        assert answer.status_code == 302, answer.status_code
        planted[tel] = "objector"
        mail = f"c{rng.randrange(10**9)}@canary.example"
        answer = city.browsers["visitor"].post("/reports/new/", {"plaque": "8888-8888-8", "matter": "elsewhere",
            "seen_at": "路口", "text": "挂错了", "contact": mail, "website": ""})  # fmt: skip
        if answer.status_code == 302:
            planted[mail] = "reporter"
    for number in range(60):
        address, secret = f"canarykey{rng.randrange(10**12)}", f"canarysecret{rng.randrange(10**12)}"
        Robot.objects.create(name=f"群{number}", vendor="wecom", secret=secret,
                             address=f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={address}")  # fmt: skip
        planted |= {address: "robot", secret: "robot"}
        mail = f"w{rng.randrange(10**9)}@canary.example"
        Choice.objects.create(person_key=f"person:{90_000 + number}", channel="mail", address=mail)
        planted[mail] = "mail address"
    lines = ["楼栋,单元,房号,产权人,手机号"]
    for number in range(150):
        who, tel = name(), phone()
        lines.append(f"3,1,{3000 + number},{who},{tel}")
        planted |= {who: "sheet", tel: "sheet"}
    sheets.receive(
        "\n".join(lines).encode(), "户室.csv", f"units-{city.own.estate.pk}", by=actor_of(city.people["secretariat"])
    )
    needles = re.compile("|".join(map(re.escape, planted)))
    found: dict[str, str] = {}
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")
    files = [path for path in Path(os.environ["WUXIE_HOME"]).rglob("*") if path.is_file()]
    for path in files:
        for text in _plain(path):
            found |= dict.fromkeys(needles.findall(text), path.name)
    pages = 0
    for list_name in test_lists.LISTS:
        for role in ("secretariat", "company", "street", "owner_other", "visitor"):
            for query in ({}, {"format": "csv"}):
                cache.clear()
                answer = city.browsers[role].get(reverse(list_name), query)
                if answer.status_code == 200:
                    pages += 1
                    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
                    hits = [hit for hit in needles.findall(body.decode("utf-8", "replace")) if planted[hit] != "name"]
                    found |= dict.fromkeys(hits, f"{list_name} for {role}")
    kinds = sorted({f"{planted[hit]} in {where}" for hit, where in found.items()})
    figure = (f"{len(planted)} values in private fields; {len(files)} files (database, its log, server log, attachments, uploads) and "
              f"{pages} pages and lists searched: {len(found)} plain{_first(kinds)}")  # fmt: skip
    what = f"canaries (seed {SEED}; full names are shown on permitted pages)"
    return Row("G14", what, figure, not found and len(planted) >= 1000)


def _plain(path: Path) -> Iterator[str]:
    """The text of a file, and of what is packed in it."""
    content = path.read_bytes()
    yield content.decode("utf-8", "replace")
    yield content.decode("utf-16-le", "replace")
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            for part in packed.namelist():
                yield packed.read(part).decode("utf-8", "replace")


@contextmanager
def a_city() -> Iterator[Any]:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test.utils import setup_test_environment

    from tests import world
    from wuxie.kernel.clock.now import frozen

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    setup_test_environment()  # answers show the form that made them
    call_command("migrate", verbosity=0, interactive=False)
    city = world.build()
    with frozen(world.TODAY):
        yield city


ATTACKS: tuple[Callable[[Any], Row], ...] = (
    addresses, plaque_codes, ended_posts, templates, canaries, formulas, hostile_files,
)  # fmt: skip


def main(wanted: list[str]) -> None:
    made = []
    with a_city() as city:
        for attack in ATTACKS:
            if wanted and attack.__name__ not in wanted:
                continue
            try:
                made.append(attack(city))
            except Exception as error:
                traceback.print_exc()
                made.append(Row("?", attack.__name__, f"broke off: {type(error).__name__}: {error}"[:300], False))
            print(made[-1], file=sys.stderr, flush=True)
    print(json.dumps(made, ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1:])
