"""Chinese characters right beside a value hide it from no rule: twenty-two lines, one value each."""

from __future__ import annotations

import pytest

from memveil.detect import Context, detect
from memveil.recognizers.defaults import rule_recognizers
from memveil.resolve import resolve

# Secrets are put together here, so that no scanner of repositories takes them for real.
_OPENAI = "sk-proj-" + "Qm7xTz2LkV9bRw4NcYp8HsJd3GfAe6Uo" + "T3BlbkFJ" + "Xv5KqMn1ZtBr"
_GITHUB = "ghp_" + "R7kQ2mXw9TzLbV4NcYp8HsJd3GfAe6UoKq5M"
_AWS = "AKIA" + "Q3EGRTXKWPL7VNZD"

CASES = [
    pytest.param("请把合同发到qiu_yan@haibei.example谢谢", "qiu_yan@haibei.example", id="email"),
    pytest.param("有事打我手机13804471120就行", "13804471120", id="mobile plain"),
    pytest.param("国外打+86 138 0447 1120联系我", "+86 138 0447 1120", id="mobile +86 spaced"),
    pytest.param("号码换成138-0447-1120了", "138-0447-1120", id="mobile dashed"),
    pytest.param("电话是１３８０４４７１１２０请记下", "１３８０４４７１１２０", id="mobile full-width"),
    pytest.param("身份证310104198808062344已上传", "310104198808062344", id="resident id"),
    pytest.param("身份证号码是310104198808062341对吗", "310104198808062341", id="resident id by cue"),
    pytest.param("工资打到工行卡6222024471039981203里", "6222024471039981203", id="bank card"),
    pytest.param("用4024007144712030付的款", "4024007144712030", id="visa"),
    pytest.param("服务器地址203.0.113.84登不上去", "203.0.113.84", id="ipv4"),
    pytest.param(f"我的密钥{_OPENAI}泄露了", _OPENAI, id="openai key"),
    pytest.param(f"令牌{_GITHUB}还能用吗", _GITHUB, id="github token"),
    pytest.param(f"访问密钥{_AWS}写在脚本里", _AWS, id="aws key"),
    pytest.param("登录密码是Qiuyan#4471请保密", "Qiuyan#4471", id="password by cue"),
    pytest.param("刚收到的验证码447120帮我填上", "447120", id="one-time code"),
    pytest.param("收件人韩砚秋，请放门口", "韩砚秋", id="name by role"),
    pytest.param("请转告葛露女士改到周五", "葛露", id="name by courtesy"),
    pytest.param("我住在临江市东岭区槐荫路218号3栋502室快来", "槐荫路218号3栋502室", id="address"),
    pytest.param("车牌浙A7K201停在门口", "浙A7K201", id="plate"),
    pytest.param("护照号E20471186下月到期", "E20471186", id="passport"),
    pytest.param("上周确诊为类风湿性关节炎了", "类风湿性关节炎", id="disease"),
    pytest.param("加我微信号qiuyan_4471聊", "qiuyan_4471", id="wechat id"),
]


def _masked(text: str) -> str:
    masked = list(text)
    for span in resolve(detect(text, rule_recognizers(), Context())):
        masked[span.start : span.end] = "█" * len(span)
    return "".join(masked)


def test_there_are_twenty_two_cases() -> None:
    assert len(CASES) == 22


@pytest.mark.parametrize(("text", "value"), CASES)
def test_the_value_is_gone(text: str, value: str) -> None:
    assert value in text
    assert value not in _masked(text)


@pytest.mark.parametrize(("text", "value"), CASES)
def test_nothing_of_the_value_is_left(text: str, value: str) -> None:
    start = text.index(value)

    assert set(_masked(text)[start : start + len(value)]) == {"█"}
