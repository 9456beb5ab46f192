"""What people were told, how they want to hear of it, and what became of each attempt."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.jobs.models import new_ulid
from wuxie.kernel.parties.secrets import SealedText


class Channel(models.TextChoices):
    MAIL = "mail", _("电子邮件")
    SMS = "sms", _("短信")
    ROBOT = "robot", _("群机器人")


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, actor: Any) -> MessageQuerySet:
        """A message is for one person."""
        return self.filter(person_key=actor.key) if getattr(actor, "person_id", None) else self.none()

    def unread(self) -> MessageQuerySet:
        return self.filter(read_at=None)


class Message(models.Model):
    """One thing that one person should know."""

    id = models.CharField(primary_key=True, max_length=26, default=new_ulid, editable=False)
    person_key = models.CharField(_("收件人"), max_length=40)
    #: What it is about; the same is told once (``remind:7:1``). Empty: always told.
    key = models.CharField(max_length=160, blank=True, default="")
    title = models.CharField(_("标题"), max_length=200)
    body = models.TextField(_("内容"), blank=True, default="")
    link = models.CharField(_("去哪里办"), max_length=400, blank=True, default="")
    created_at = models.DateTimeField(_("时间"), db_default=Now())
    read_at = models.DateTimeField(_("已读时间"), null=True, blank=True)
    held = models.BooleanField(default=False, editable=False)
    """Waits for the summary of the next morning on the ways out; in the application it is there already."""

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("消息")
        constraints = [
            models.UniqueConstraint(
                fields=["person_key", "key"], condition=~models.Q(key=""), name="message_once_per_person_and_key"
            )
        ]
        indexes = [
            models.Index(fields=["person_key", "-id"], name="message_by_person"),
            models.Index(fields=["person_key"], name="message_unread", condition=models.Q(read_at=None)),
            models.Index(fields=["person_key"], name="message_held", condition=models.Q(held=True)),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("notify:open", args=[self.pk])


class Choice(models.Model):
    """A way by which a person wants to hear of things beside the application."""

    person_key = models.CharField(max_length=40)
    channel = models.CharField(_("渠道"), max_length=8, choices=Channel)
    #: The mail address; a text message goes to the person's own phone.
    address = SealedText(_("地址"))
    robot = models.ForeignKey("Robot", models.CASCADE, null=True, blank=True, verbose_name=_("群机器人"))

    class Meta:
        ordering = ["person_key", "channel"]
        verbose_name = _("接收方式")
        constraints = [models.UniqueConstraint(fields=["person_key", "channel"], name="choice_once_per_channel")]

    def __str__(self) -> str:
        return f"{self.person_key} {self.channel}"


class Wish(models.Model):
    """When a person wants to hear of what is due: reminders beside those of the procedure, and one summary a day."""

    class Rhythm(models.TextChoices):
        AT_ONCE = "at_once", _("有一条发一条")
        DAILY = "daily", _("每天早上汇总成一条")

    #: How many days before the due day somebody may ask to be reminded too; 0 is the day itself.
    LEADS = (30, 10, 5, 0)

    person_key = models.CharField(max_length=40, unique=True)
    rhythm = models.CharField(_("什么时候发"), max_length=8, choices=Rhythm, default=Rhythm.AT_ONCE)
    leads = models.JSONField(_("另外提前几日提醒"), default=list)
    reminded_on = models.DateField(null=True, editable=False)
    """The last day for which the reminders asked for were written."""
    summed_up_on = models.DateField(null=True, editable=False)
    """The last day whose summary has left."""

    class Meta:
        ordering = ["person_key"]
        verbose_name = _("提醒时间")

    def __str__(self) -> str:
        return f"{self.person_key} {self.rhythm}"


class Robot(models.Model):
    """A robot in a group chat. Address and secret are what lets anybody speak there: encrypted."""

    class Vendor(models.TextChoices):
        WECOM = "wecom", _("企业微信")
        DINGTALK = "dingtalk", _("钉钉")
        FEISHU = "feishu", _("飞书")

    name = models.CharField(_("名称"), max_length=60, unique=True)
    vendor = models.CharField(_("平台"), max_length=10, choices=Vendor)
    address = SealedText(_("webhook 地址"))
    secret = SealedText(_("加签密钥"))
    #: A code word: whoever tells a group names it (``safety``), never the address.
    topic = models.CharField(_("用途"), max_length=40, blank=True, default="", db_index=True)
    #: Says nothing while it is paused.
    paused = models.BooleanField(_("已暂停"), default=False)
    sent_at = models.DateTimeField(_("上次送达"), null=True, blank=True, editable=False)
    #: What the platform last answered in place of taking a message; empty after one was taken.
    error = models.CharField(max_length=300, blank=True, default="", editable=False)
    failed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["name"]
        verbose_name = _("群机器人")

    def __str__(self) -> str:
        return self.name


class RobotEvent(models.Model):
    """What was done with a robot, and by whom; kept when the robot is gone, never edited but for a test's outcome."""

    class Did(models.TextChoices):
        CREATED = "created", _("新建")
        CHANGED = "changed", _("改名称或用途")
        READDRESSED = "readdressed", _("换地址或密钥")
        PAUSED = "paused", _("暂停")
        RESUMED = "resumed", _("恢复")
        REMOVED = "removed", _("移除")
        LOOKED = "looked", _("看地址明文")
        TESTED = "tested", _("发测试消息")

    robot = models.ForeignKey(Robot, models.SET_NULL, null=True, related_name="events")
    robot_name = models.CharField(_("名称"), max_length=60)
    did = models.CharField(max_length=12, choices=Did)
    by = models.CharField(max_length=40)
    by_name = models.CharField(max_length=80, blank=True)
    reason = models.CharField(_("理由"), max_length=200, blank=True)
    at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("群机器人记录")
        constraints = [
            models.CheckConstraint(condition=~models.Q(did="looked", reason=""), name="robot_look_has_reason")
        ]

    def __str__(self) -> str:
        return f"{self.robot_name} {self.did}"


class Delivery(models.Model):
    """What became of one message on one way: written when it left, or when it could not."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=8, choices=Channel)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=400, blank=True, default="")

    class Meta:
        ordering = ["pk"]
        verbose_name = _("送达")
        constraints = [models.UniqueConstraint(fields=["message", "channel"], name="delivery_once_per_channel")]

    def __str__(self) -> str:
        return f"{self.message_id} {self.channel}"
