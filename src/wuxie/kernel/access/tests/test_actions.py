"""Keys to the door, and looking at private data: what is refused, in which words, and who sees what was done."""

import pytest
from django.core.exceptions import ValidationError

from wuxie.kernel.access.actions import close_account, look, open_account
from wuxie.kernel.access.actor import NOBODY
from wuxie.kernel.access.models import Account, Look

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(actor):
    return actor("米秘书", "association_secretariat")


def test_a_look_wants_a_field_and_a_reason_and_leaves_nothing_without(office, someone):
    wang = someone("王芳", phone="13900009999")
    for fields, reason, words in (
        ([], "核对名册", "没有选要看哪一项。"),
        (["password"], "核对名册", "没有选要看哪一项。"),
        (["phone"], " 看 ", "请写清楚为什么要看，至少四个字。"),
    ):
        with pytest.raises(ValidationError) as caught:
            look(wang, fields, by=office, reason=reason)
        assert caught.value.messages == [words]
    assert Look.objects.count() == 0


def test_looks_are_seen_by_the_office_and_by_both_sides(office, someone, actor):
    wang, bo, charlie = someone("王芳", phone="13900009999"), actor("陈岚"), actor("外人")
    assert look(wang, ["phone"], by=bo, reason="核对名册") == {"phone": "13900009999"}
    looks = list(Look.objects.all())
    assert [str(one) for one in looks] == [f"{wang} phone"]
    for who in (office, bo, actor_for(wang)):
        assert list(Look.objects.visible_to(who)) == looks
    for who in (charlie, NOBODY):
        assert list(Look.objects.visible_to(who)) == []


def actor_for(person):
    from wuxie.kernel.access.actor import actor_of

    return actor_of(person)


@pytest.mark.parametrize("name", ["ab", "9lives", "王芳", "a b c", "x" * 61])
def test_a_user_name_that_cannot_be_typed_everywhere_is_refused(office, someone, name):
    with pytest.raises(ValidationError) as caught:
        open_account(someone("王芳"), name, by=office)
    assert caught.value.messages == ["用户名要以字母开头，3 到 60 位，只用字母、数字和 . _ -。"]
    assert Account.objects.count() == 0


def test_nobody_closes_the_own_account(someone):
    wang = someone("王芳", "association_secretariat")
    account, _word = open_account(wang, "wangfang", by=actor_for(someone("米秘书")))
    with pytest.raises(ValidationError) as caught:
        close_account(account, by=actor_for(wang), reason="离职")
    assert caught.value.messages == ["不能停用自己的账号。"]
    assert Account.objects.get().is_active


def test_accounts_are_seen_by_the_office_and_by_their_owner(office, someone):
    wang, li = someone("王芳"), someone("李强")
    account, _word = open_account(wang, "wangfang", by=office)
    assert list(Account.objects.visible_to(office)) == [account]
    assert list(Account.objects.visible_to(actor_for(wang))) == [account]
    assert list(Account.objects.visible_to(actor_for(li))) == list(Account.objects.visible_to(NOBODY)) == []
    assert (str(account), account.is_staff) == ("wangfang", False)
    assert Account.objects.get_by_natural_key("wangfang") == account
    assert list(actor_for(wang)) == []
