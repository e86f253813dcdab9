"""What a Chinese user reads on the screen, in errors, in mails and on paper."""

import re
from datetime import timedelta
from pathlib import Path

from lxml import etree
from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tools.translate import code_translations

from devkit.odoo import addons
from tests.notice.common import NoticeCommon

ROOT = Path(__file__).resolve().parents[2]

ENGLISH = re.compile(r"(?!https://$|PDF$|ID$|PIN$)(?=.*[A-Za-z])[^\u4e00-\u9fff]+", re.DOTALL)


class TestScreens(NoticeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        names = addons(ROOT)
        ours = cls.env["ir.module.module"].search([("name", "in", names), ("state", "=", "installed")])
        cls.env["ir.module.module"]._load_module_terms(ours.mapped("name"), ["zh_CN"])
        people = cls.convener | cls.chair | cls.minute_taker | cls.approver | cls.boss | cls.member
        people.lang = "zh_CN"

    def chinese(self, model, user=None):
        return self.env[model].with_user(user or self.convener).with_context(lang="zh_CN")

    def test_states_of_a_meeting(self):
        labels = dict(self.chinese("meeting.meeting").fields_get(["state"])["state"]["selection"])
        self.assertEqual(
            labels,
            {
                "draft": "草稿",
                "submitted": "待审批",
                "scheduled": "已排期",
                "in_progress": "进行中",
                "held": "已召开",
                "closed": "已办结",
                "cancelled": "已取消",
            },
        )

    def test_answer_and_acceptance_of_work_are_different_words(self):
        """In English both are “accept”."""
        answers = dict(self.chinese("meeting.participant").fields_get(["response"])["response"]["selection"])
        tasks = dict(self.chinese("meeting.action.item").fields_get(["state"])["state"]["selection"])
        self.assertEqual((answers["accepted"], answers["declined"]), ("已确认", "已谢绝"))
        self.assertEqual((tasks["submitted"], tasks["accepted"]), ("待验收", "已验收"))

    def test_buttons_of_the_form(self):
        arch = self.chinese("meeting.meeting").get_view(view_type="form")["arch"]
        for label in (
            "提交审批",
            "排期并发通知",
            "批准",
            "退回",
            "确认参会",
            "谢绝",
            "签到",
            "开始会议",
            "结束会议",
            "办结",
        ):
            self.assertIn(f'string="{label}"', arch)

    def test_no_english_in_our_views(self):
        """Labels and texts of all our views, as they come to the client."""
        views = self.env["ir.ui.view"].search(
            [("model", "=like", "meeting.%"), ("mode", "=", "primary"), ("type", "!=", "qweb")]
        )
        self.assertGreater(len(views), 30)
        english = []
        for view in views:
            arch = self.env[view.model].with_context(lang="zh_CN").get_view(view.id, view.type)["arch"]
            for node in etree.fromstring(arch).iter("*"):
                words = [node.get(name) for name in ("string", "placeholder", "title", "help", "confirm", "sum")]
                words += [node.text, node.tail]
                english += [(view.xml_id, word.strip()) for word in words if word and ENGLISH.fullmatch(word.strip())]
        self.assertFalse(english)

    def test_menus_groups_and_types(self):
        ref = self.env.ref
        names = {
            "menu_meeting_mine": "我的会议",
            "menu_meeting_my_day": "我的工作台",
            "group_secretary": "会议秘书",
            "meeting_type_department_weekly": "部门周例会",
            "meeting_type_monthly_summary": "月度总结会",
            "meeting_type_reception_new_client": "接待新客户",
        }
        found = {name: ref(f"meeting_management.{name}").with_context(lang="zh_CN").name for name in names}
        self.assertEqual(found, names)

    def test_usual_agenda_comes_in_the_conveners_language(self):
        """MT-3, MT-4"""
        meeting = self.chinese("meeting.meeting").create(
            {
                "name": "周例会",
                "type_id": self.env.ref("meeting_management.meeting_type_department_weekly").id,
                "start": self.days_ahead(7),
            }
        )
        self.assertIn("上次会议决议落实情况", meeting.agenda_item_ids.mapped("name"))
        self.assertIn("回顾部门一周工作", meeting.purpose)

    def test_errors_are_chinese_and_say_the_way_out(self):
        meeting = self.make_meeting(participant_ids=[], chair_id=self.convener.id, minute_taker_id=self.convener.id)
        meeting = meeting.with_context(lang="zh_CN")
        meeting.start = fields.Datetime.now() - timedelta(days=2)
        with self.assertRaisesRegex(ValidationError, "开始时间已过，请选择以后的时间"):
            meeting.action_submit()
        with self.assertRaisesRegex(
            UserError, "仅当“Spring offer”处于已排期状态时才能执行此操作；当前状态为草稿。"
        ):
            meeting.action_start()

    def test_constraints_are_chinese(self):
        """What the database refuses is explained in the user's language as well."""
        constraint = self.env.ref("meeting_management.constraint_meeting_booking_no_overlap")
        self.assertIn("该会议室在此时段已被占用", constraint.with_context(lang="zh_CN").message)

    def test_notice_comes_in_the_readers_language(self):
        """RE-3: a Chinese colleague and a guest who reads English, from one meeting."""
        meeting = self.schedule(self.make_meeting(name="春季报价会议"))
        self.deliver()
        [mail] = self.mails(self.member.partner_id, "春季报价会议")
        self.assertIn("会议通知：春季报价会议", mail.subject)
        for text in ("时间", "地点", "请答复，截止时间：", "打开并答复"):
            self.assertIn(text, mail.body_html or mail.body)
        [mail] = self.mails(self.guest, "春季报价会议")
        self.assertIn("Meeting notice", mail.subject)
        self.assertEqual(meeting.state, "scheduled")

    def test_my_day_is_chinese(self):
        self.schedule(self.make_meeting())
        day = self.chinese("meeting.my.day", self.member).get()
        [section] = [section for section in day["sections"] if section["key"] == "answer"]
        self.assertEqual(section["title"], "待答复")
        self.assertEqual([button["label"] for button in section["cards"][0]["buttons"]], ["确认参会", "谢绝"])

    def test_web_client_gets_its_terms(self):
        messages = code_translations.get_web_translations("meeting_management", "zh_CN")["messages"]
        terms = {message["id"]: message["string"] for message in messages}
        self.assertEqual(terms["Plan a Meeting"], "发起会议")
        self.assertEqual(terms["Confidential"], "保密")

    def test_rhythm_reads_as_a_chinese_sentence(self):
        """MT-1"""
        Series = self.chinese("meeting.series")
        for words, sentence in {
            "每周二14:00": "每星期二 14:00",
            "last Friday before the 25th of each month": "每月25日前的最后一个星期五 09:00",
            "每月15日 10:30": "每月15日 10:30",
        }.items():
            with self.subTest(words):
                series = Series.create({"name": "周例会", "type_id": self.weekly.id, "words": words})
                self.assertEqual(series.sentence, sentence)
