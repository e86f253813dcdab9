"""What the group robots of WeCom, DingTalk and Feishu expect: bodies, signatures, answers. Plain functions, no records.

Their rules, as published by the three houses:

* WeCom: ``{"msgtype": "markdown", …}`` of at most 4096 bytes, people mentioned in the text as ``<@id>``; no
  signature, the address is the secret; answers ``{"errcode": 0}``.
* DingTalk: ``{"msgtype": "markdown", …}`` with ``at``, people mentioned in the text as ``@id`` besides; signature in
  the address: milliseconds and base64(HMAC-SHA256(secret, "ms\\nsecret")); answers ``{"errcode": 0}``.
* Feishu: ``{"msg_type": "post", …}``; signature in the body: seconds and base64(HMAC-SHA256("s\\nsecret", "")); answers
  ``{"code": 0}``, formerly ``{"StatusCode": 0}``.

WeCom and DingTalk take 20 messages a minute, Feishu more.
"""

import base64
import hashlib
import hmac
import json
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

LIMIT = 4000
"""Bytes of text; the narrowest of the three takes 4096."""
MARKS = str.maketrans(
    {"<": "＜", ">": "＞", "[": "［", "]": "］", "*": "＊", "`": "｀", "#": "＃", "_": "＿", "\n": " ", "\r": " "}
)
"""Signs that would be read as mark-up, and as a call to everybody, replaced by their wide forms."""


def plain(text):
    """:return: text of people's own making, on one line and without any mark-up"""
    return str(text or "").translate(MARKS)


def shorten(text, limit=LIMIT):
    """:return: as much of the text as fits into so many bytes"""
    raw = text.encode()
    return text if len(raw) <= limit else raw[: limit - 3].decode(errors="ignore") + "…"


def body(kind, title, lines, link, mentions=(), chinese=True):
    """The message in the form a robot expects.

    :param str kind: ``wecom``, ``dingtalk`` or ``feishu``
    :param list lines: (label, text)
    :param tuple link: (label, address) or None
    :param mentions: identifiers of people in that chat
    """
    if kind == "feishu":
        content = [[{"tag": "text", "text": f"{label}: {text}" if label else text}] for label, text in lines]
        if link:
            content.append([{"tag": "a", "text": link[0], "href": link[1]}])
        if mentions:
            content.append([{"tag": "at", "user_id": person} for person in mentions])
        post = {"title": shorten(title, 200), "content": content}
        return {"msg_type": "post", "content": {"post": {"zh_cn" if chinese else "en_us": post}}}
    text = f"### {plain(title)}\n\n" + "\n\n".join(
        f"> {plain(label)}: {plain(line)}" if label else f"> {plain(line)}" for label, line in lines
    )
    tail = f"\n\n[{plain(link[0])}]({link[1]})" if link else ""
    if mentions:
        form = "<@%s>" if kind == "wecom" else "@%s"
        tail += "\n\n" + " ".join(form % plain(person) for person in mentions)
    text = shorten(text, LIMIT - len(tail.encode())) + tail
    if kind == "wecom":
        return {"msgtype": "markdown", "markdown": {"content": text}}
    return {
        "msgtype": "markdown",
        "markdown": {"title": shorten(plain(title), 200), "text": text},
        "at": {"atUserIds": list(mentions), "isAtAll": False},
    }


def signed(kind, address, message, secret, seconds):
    """:return: (address, message) with the signature where this kind of robot looks for it

    :param float seconds: the moment, since 1970
    """
    if not secret or kind == "wecom":
        return address, message
    if kind == "feishu":
        stamp = str(round(seconds))
        key, text = f"{stamp}\n{secret}", ""
    else:
        stamp = str(round(seconds * 1000))
        key, text = secret, f"{stamp}\n{secret}"
    sign = base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()
    if kind == "feishu":
        return address, {"timestamp": stamp, "sign": sign, **message}
    parts = urlsplit(address)
    query = urlencode([*parse_qsl(parts.query), ("timestamp", stamp), ("sign", sign)])
    return urlunsplit(parts._replace(query=query)), message


def refusal(kind, answer):
    """:return: why the robot's house refused the message, or None if it took it

    :param bytes answer: the body; a refusal comes with status 200 as well
    """
    try:
        said = json.loads(answer)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        return "the answer is not JSON"
    codes = ("code", "StatusCode") if kind == "feishu" else ("errcode",)
    code = next((said[name] for name in codes if name in said), None)
    if code == 0:
        return None
    words = said.get("errmsg") or said.get("msg") or said.get("StatusMessage") or "no reason given"
    return f"{code}: {str(words)[:200]}"
