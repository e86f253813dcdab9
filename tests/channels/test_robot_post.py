"""One request to a robot: its form, its signature, and everything that may go wrong on the way."""

import base64
import hashlib
import hmac
import socket
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

from odoo.addons.meeting_management.models import meeting_robot_format as form
from odoo.addons.meeting_management.models import meeting_robot_post as robot_post
from odoo.tests import BaseCase

from tests.channels.robot_server import RobotServer

LINES = [("Time", "Monday"), ("Place", "Maple")]
LINK = ("Open", "https://erp.example/1")


class TestForm(BaseCase):
    def test_wecom(self):
        message = form.body("wecom", "Meeting notice: A", LINES, LINK, ["ZhangSan"])
        self.assertEqual(message["msgtype"], "markdown")
        text = message["markdown"]["content"]
        for piece in ("### Meeting notice: A", "> Time: Monday", "[Open](https://erp.example/1)", "<@ZhangSan>"):
            self.assertIn(piece, text)

    def test_dingtalk(self):
        message = form.body("dingtalk", "Notice", LINES, LINK, ["zhang"])
        self.assertEqual(message["msgtype"], "markdown")
        self.assertEqual(message["markdown"]["title"], "Notice")
        self.assertIn("@zhang", message["markdown"]["text"])
        self.assertEqual(message["at"], {"atUserIds": ["zhang"], "isAtAll": False})

    def test_feishu(self):
        for chinese, key in ((True, "zh_cn"), (False, "en_us")):
            message = form.body("feishu", "通知", LINES, LINK, ["ou_1"], chinese=chinese)
            self.assertEqual(message["msg_type"], "post")
            post = message["content"]["post"][key]
            self.assertEqual(post["title"], "通知")
            self.assertIn([{"tag": "text", "text": "Time: Monday"}], post["content"])
            self.assertIn([{"tag": "a", "text": "Open", "href": LINK[1]}], post["content"])
            self.assertEqual(post["content"][-1], [{"tag": "at", "user_id": "ou_1"}])

    def test_what_people_type_is_no_mark_up(self):
        """Nobody calls everybody, or hides a link, by the name of a meeting."""
        for kind in ("wecom", "dingtalk"):
            message = form.body(kind, "<@all> [x](http://evil.example)\n# big", [("", "**loud** `code`")], LINK)
            text = message["markdown"].get("content") or message["markdown"]["text"]
            body = text.replace(f"[Open]({LINK[1]})", "").replace("### ", "", 1)
            for sign in "<[]`*#":
                self.assertNotIn(sign, body)

    def test_as_long_as_is_taken(self):
        for kind in ("wecom", "dingtalk", "feishu"):
            message = form.body(kind, "会" * 3000, [("时间", "长" * 3000)], LINK, ["someone"])
            if kind != "feishu":
                text = message["markdown"].get("content") or message["markdown"]["text"]
                self.assertLessEqual(len(text.encode()), 4096)
                self.assertIn(LINK[1], text, "the way in is never cut off")

    def test_signature_of_dingtalk(self):
        """In the address: milliseconds, HMAC-SHA256 of them and the secret, keyed with the secret."""
        address, message = form.signed(
            "dingtalk", "https://x.example/send?access_token=t", {"a": 1}, "SEC1", 1700000000.5
        )
        sign = base64.b64encode(hmac.new(b"SEC1", b"1700000000500\nSEC1", hashlib.sha256).digest()).decode()
        self.assertEqual(
            parse_qs(urlsplit(address).query),
            {"access_token": ["t"], "timestamp": ["1700000000500"], "sign": [sign]},
        )
        self.assertEqual(message, {"a": 1})

    def test_signature_of_feishu(self):
        """In the body: seconds, HMAC-SHA256 of nothing, keyed with seconds and secret."""
        address, message = form.signed("feishu", "https://x.example/hook/1", {"a": 1}, "SEC2", 1700000000.2)
        sign = base64.b64encode(hmac.new(b"1700000000\nSEC2", b"", hashlib.sha256).digest()).decode()
        self.assertEqual(message, {"timestamp": "1700000000", "sign": sign, "a": 1})
        self.assertEqual(address, "https://x.example/hook/1")

    def test_no_secret_no_signature(self):
        for kind in ("wecom", "dingtalk", "feishu"):
            self.assertEqual(form.signed(kind, "https://x", {"a": 1}, False, 1), ("https://x", {"a": 1}))

    def test_a_refusal_hides_in_a_good_status(self):
        for kind, answer, expected in (
            ("wecom", b'{"errcode": 0, "errmsg": "ok"}', None),
            ("wecom", b'{"errcode": 93000, "errmsg": "invalid webhook url"}', "93000: invalid webhook url"),
            ("dingtalk", b'{"errcode": 310000, "errmsg": "sign not match"}', "310000: sign not match"),
            ("feishu", b'{"code": 0, "msg": "success"}', None),
            ("feishu", b'{"StatusCode": 0, "StatusMessage": "success"}', None),
            ("feishu", b'{"code": 19021, "msg": "sign match fail"}', "19021: sign match fail"),
            ("wecom", b"<html>", "the answer is not JSON"),
            ("wecom", b"[]", "the answer is not JSON"),
            ("wecom", b"{}", "None: no reason given"),
        ):
            self.assertEqual(form.refusal(kind, answer), expected, answer)


class TestPost(BaseCase):
    def setUp(self):
        super().setUp()
        self.server = RobotServer()
        self.addCleanup(self.server.close)

    def post(self, path="/send?key=secret-key-1234", **options):
        options = {"allowed": ("127.0.0.1",), "plain_http": True, "timeout": 0.4, **options}
        return robot_post.post(self.server.url(path), {"text": "会议"}, **options)

    def refused(self, **options):
        with self.assertRaises(robot_post.RobotError) as caught:
            self.post(**options)
        self.assertNotIn("secret-key", str(caught.exception))
        self.assertNotIn("127.0.0.1", str(caught.exception))
        return str(caught.exception)

    def test_it_arrives(self):
        self.assertEqual(self.post(), b'{"errcode": 0, "errmsg": "ok"}')
        [got] = self.server.received
        self.assertEqual(
            (got["path"], got["query"], got["body"]), ("/send", {"key": "secret-key-1234"}, {"text": "会议"})
        )
        self.assertEqual(got["headers"]["Host"], f"127.0.0.1:{self.server.port}")

    def test_https_only(self):
        self.assertIn("https://", self.refused(plain_http=False))
        for address in (
            "",
            "ftp://x.example",
            "https://",
            "https://user:pw@x.example/",
            "https://x.example:port/",
            "file:///x",
        ):
            with self.assertRaises(robot_post.RobotError):
                robot_post.post(address, {})
        self.assertFalse(self.server.received)

    def test_no_private_network(self):
        """Unless a host is expressly allowed: a robot's address is no way into the house."""
        self.assertIn("private", self.refused(allowed=()))
        for host in (
            "localhost", "127.0.0.1", "10.0.0.8", "192.168.1.1", "172.16.0.1", "169.254.169.254", "[::1]", "[fd00::1]",
            "[::ffff:10.0.0.8]", "0.0.0.0", "100.64.0.1", "224.0.0.1",
        ):  # fmt: skip
            with self.subTest(host=host), self.assertRaisesRegex(robot_post.RobotError, "private"):
                robot_post.post(f"https://{host}/hook", {})
        self.assertFalse(self.server.received)

    def test_the_address_that_was_checked_is_the_one_that_is_called(self):
        """A name that leads elsewhere a moment later leads nowhere."""
        real, asked = socket.getaddrinfo, []

        def lookup(host, *args, **kwargs):
            if host != "robot.example":
                return real(host, *args, **kwargs)
            asked.append(host)
            return [(socket.AF_INET, 1, 6, "", ("127.0.0.1" if len(asked) == 1 else "10.0.0.8", 0))]

        with patch.object(socket, "getaddrinfo", lookup):
            robot_post.post(
                f"http://robot.example:{self.server.port}/x", {}, allowed=("robot.example",), plain_http=True, timeout=1
            )
        self.assertEqual(len(asked), 1)
        self.assertEqual(self.server.received[0]["headers"]["Host"], f"robot.example:{self.server.port}")

    def test_one_private_address_among_public_ones(self):
        found = [(socket.AF_INET, 1, 6, "", (ip, 443)) for ip in ("8.8.8.8", "10.0.0.8")]
        with (
            patch.object(robot_post.socket, "getaddrinfo", return_value=found),
            self.assertRaisesRegex(robot_post.RobotError, "private"),
        ):
            robot_post.post("https://robot.example/hook", {})

    def test_silence(self):
        self.server.answers = [2.0]
        self.assertEqual(self.refused(), "no answer in time")

    def test_an_answer_that_never_ends(self):
        self.server.answers = ["drip"]
        self.assertEqual(self.refused(), "no answer in time")

    def test_no_redirect_is_followed(self):
        self.server.answers = ["redirect"]
        self.assertIn("302", self.refused())
        self.assertEqual(len(self.server.received), 1)

    def test_statuses(self):
        for status in (400, 404, 429, 500, 503):
            self.server.answers = [status]
            self.assertIn(str(status), self.refused())

    def test_nobody_there(self):
        self.server.close()
        self.assertEqual(self.refused(), "no connection")

    def test_no_tls_there(self):
        """https to a host that does not speak it."""
        with self.assertRaises(robot_post.RobotError) as caught:
            robot_post.post(self.server.url().replace("http:", "https:"), {}, allowed=("127.0.0.1",), timeout=0.5)
        self.assertNotIn("key", str(caught.exception))

    def test_a_name_that_is_none(self):
        with self.assertRaisesRegex(robot_post.RobotError, "unknown"):
            robot_post.post("https://no-such-host.invalid/hook", {})
