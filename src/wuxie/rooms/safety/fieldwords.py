"""Every text that the phone's script says, for the page to hand over translated; ``%(name)s`` is filled in on the phone."""

from __future__ import annotations

from django.utils.translation import gettext as _


def words() -> dict[str, str]:
    return {
        "no_signal": _("没有信号，照常干活"), "signal": _("有信号"), "stored": _("%(n)s 件存在本机，有信号自动发出"),
        "waits": _("%(n)s 件在本机等着发送"), "nothing_waits": _("没有要发送的"), "local": _("本机 %(n)s"), "sent": _("已发 %(n)s"),
        "received": _("收讫 %(n)s"), "todo": _("还要做 %(n)s"), "finished": _("今天做过 %(n)s"), "before": _("%(when)s 前"),
        "late": _("已过时，请尽快补做"), "minutes": _("还有 %(n)s 分钟"), "hours": _("还有 %(n)s 小时 %(m)s 分"), "opens": _("%(when)s 才开始"),
        "redo": _("要重做"), "is_local": _("存在本机"), "is_sent": _("已发送"), "is_received": _("已收讫"), "is_refused": _("没收下"),
        "abnormal": _("异常"), "on_time": _("按时做的"), "sure": _("从本机删掉“%(what)s”？删掉就找不回来了。"),
        "sign_in": _("请登录后看今天的职责。"), "session_over": _("登录已过期。照常干活，做的存在本机；%(n)s 件等登录后发送。"),
        "send_first": _("还有 %(n)s 件没有发送。有信号时先发送，再退出。"),
        "unknown_spot": _("不认识这个码。请扫墙上的地点码；码坏了请告诉项目经理。"), "anywhere": _("不限地点"),
        "scanned": _("地点已扫 %(when)s"), "not_scanned": _("还没扫码，不算在现场"), "phone_time": _("本机时间"),
        "take": _("先拍一张照片"), "take_if_wanted": _("要拍照就点这里"), "retake": _("重拍"), "no_photo": _("这不是照片，打不开。请重拍一张。"),
        "photo_first": _("这件要有照片。请先拍一张。"), "no_reading": _("请填“%(name)s”的读数。"), "choose": _("请选正常还是异常。"),
        "good": _("正常"), "limits": _("%(least)s 到 %(most)s %(unit)s"), "at_most": _("上限 %(most)s %(unit)s"),
        "clock_off": _("手机时钟差 %(n)s 分钟，请校准；记录里两个时间都留"), "last": _("上次 %(value)s %(unit)s"),
        "above": _("超过上限 %(n)s %(unit)s"), "below": _("低于下限 %(n)s %(unit)s"),
        "hazard_follows": _("存下后按异常上报。请先处置，不要离开。"), "erase": _("退格"),
        "next_reading": _("下一个读数"), "store": _("存下，下一件"), "store_hazard": _("存下并报隐患"),
    }  # fmt: skip
