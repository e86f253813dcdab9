"""What happens in the demo company: meetings in every phase of their life, played by the people themselves."""

from odoo import models
from odoo.fields import Command


class MeetingDemo(models.AbstractModel):
    _inherit = "meeting.demo"

    def _make_stories(self):
        self._guests()
        self._monthly_summary()
        self._management_meeting()
        self._after_sales_weekly()
        self._reception_coming()
        self._reception_applied()
        self._reception_sent_back()
        self._safety_with_room_request()
        self._secret_appointment()
        self._weekly_today()
        self._series()
        self._limits()

    # -- the past -----------------------------------------------------------------------------------------------

    def _monthly_summary(self):
        """Three weeks ago: minutes published, one task accepted, one being worked on, one overdue."""
        topic = "客户满意度 Customer satisfaction"
        meeting = self._plan(
            "wang",
            "monthly_summary",
            "十月份月度总结会 Monthly summary",
            self._soon(),
            ["chen", "lin", "sun", "anna", "liu"],
            room="302",
            chair_id=self._user("zhao").id,
            minute_taker_id=self._user("liu").id,
        )
        self._play(
            meeting,
            late=["sun"],
            excused=["lin"],
            notes=[
                (
                    topic,
                    "满意度由92%升至94%，仍低于95%的目标。 Satisfaction rose from 92 to 94 %; the goal is 95 %.",
                    "孙浩认为样本偏小。 Sun Hao finds the sample too small.",
                    "扩大回访样本，重点改进交车环节。 Widen the sample, improve handover.",
                ),
                (
                    "费用 Costs",
                    "差旅费超预算8%。 Travel costs exceed the budget by 8 %.",
                    False,
                    "优先采用视频会议。 Prefer video meetings.",
                ),
            ],
        )
        self.env["meeting.agenda.item"].with_user(meeting.minute_taker_id).create(
            {"meeting_id": meeting.id, "name": "客户停车位不足 Too few parking lots", "state": "parked", "sequence": 99}
        )
        tasks = self._resolve(
            meeting,
            topic,
            "提升客户满意度 Raise customer satisfaction",
            [
                ("回访样本扩大到200户 Call back 200 clients", "guo", "sun", 14),
                ("修订交车检查表 Revise the handover checklist", "sun", "zhao", 18),
                ("培训前台接待 Train the reception desk", "chen", "wang", 40),
            ],
        )
        self._minute(meeting)
        for task in tasks:
            task.with_user(task.owner_id).action_acknowledge()
        done, running, slow = tasks
        done.with_user(done.owner_id)._submit_result(
            {"text": "已回访213户，报告附后。 213 clients called."}, self.env["ir.attachment"]
        )
        done.with_user(done.supervisor_id).action_accept()
        running.with_user(running.owner_id)._report(
            {"percentage": 60, "text": "初稿完成，等待车间意见。 Draft done, workshop to comment."}
        )
        slow.with_user(slow.owner_id)._report({"percentage": 20, "text": "已确定培训讲师。 Trainer found."})
        self._tell_everyone(meeting)
        self._move_to(meeting, self._shanghai(-21, 9, 30))
        self._draw_minutes_anew(meeting)

    def _management_meeting(self):
        """Last week, for participants only: the minutes wait for the chair."""
        meeting = self._plan(
            "zhao",
            "management",
            "经营管理会议 Management meeting",
            self._soon(),
            ["wang", "sun", "anna", "xu", "liu"],
            room="301",
            level="participants",
            minute_taker_id=self._user("xu").id,
            chair_id=self._user("zhao").id,
        )
        self._play(
            meeting,
            absent=["sun"],
            notes=[
                (
                    "下季度预算 Budget of the next quarter",
                    "各部门预算压缩5%。 Each department cuts 5 %.",
                    "王磊：会影响新客户开发。 Wang Lei: will hurt acquisition.",
                    "销售部除外，其余部门执行。 All but Sales carry it out.",
                ),
            ],
        )
        self._minute(meeting, publish=False)
        self._tell_everyone(meeting)
        self._move_to(meeting, self._shanghai(-6, 14))

    def _after_sales_weekly(self):
        """The day before yesterday: the draft of the minutes is overdue."""
        meeting = self._plan(
            "sun",
            "after_sales_weekly",
            "售后周例会 After-sales weekly",
            self._soon(),
            ["guo", "chen", "liu"],
            room="301",
            minute_taker_id=self._user("liu").id,
        )
        self._play(
            meeting,
            late=["guo"],
            notes=[
                (
                    "质检结果 Quality checks",
                    "抽检40台，返修2台。 40 cars checked, 2 reworked.",
                    False,
                    "返修原因本周内查明。 Find the causes this week.",
                ),
            ],
        )
        self._tell_everyone(meeting)
        self._move_to(meeting, self._shanghai(-2, 16))

    # -- now and to come ----------------------------------------------------------------------------------------

    def _reception_coming(self):
        """In three days: a reception with guests, approved twice; some have answered."""
        meeting = self._plan(
            "chen",
            "reception_new_client",
            "接待新客户：北辰物流 Reception: Polaris Logistics",
            self._shanghai(3, 10),
            ["wang", "sun", "anna", "liu"],
            ["gao", "mueller"],
            room="302",
            chair_id=self._user("wang").id,
            minute_taker_id=self._user("liu").id,
        )
        meeting.action_submit()
        self._decide(meeting)
        for login, answer in (("wang", "accepted"), ("liu", "accepted"), ("anna", "tentative")):
            meeting.participant_ids.filtered(lambda line, login=login: self._is(line, [login])).with_user(
                self._user(login)
            )._answer_checked(answer)

    def _reception_applied(self):
        """Waits for the head of sales."""
        self._plan(
            "lin",
            "reception_key_account",
            "重点客户回访：中远汽贸 Key account: COSCO Auto",
            self._shanghai(8, 14),
            ["chen", "sun"],
            room="302",
            chair_id=self._user("wang").id,
            minute_taker_id=self._user("lin").id,
        ).action_submit()

    def _reception_sent_back(self):
        """Came back to its author with a reason."""
        meeting = self._plan(
            "chen",
            "reception_return_visit",
            "老客户回访：顺达物流 Return visit: Shunda",
            self._shanghai(9, 9),
            ["lin"],
            room="301",
            chair_id=self._user("wang").id,
        )
        meeting.action_submit()
        meeting.with_user(self._user("wang")).action_refuse(
            reason="请先确认客户人数，并邀请售后部参加。 Please confirm the number of guests and invite After-Sales."
        )

    def _safety_with_room_request(self):
        """Waits for the room manager, because the Great Hall needs his consent."""
        self._plan(
            "sun",
            "safety",
            "安全生产会议 Safety meeting",
            self._shanghai(6, 15),
            ["guo", "wang", "anna", "chen", "lin", "xu"],
            room="101",
            minute_taker_id=self._user("liu").id,
        ).action_submit()

    def _secret_appointment(self):
        """Secret: three people know of it, and the room's schedule says “Reserved”. Two have signed the agreement; to
        the third the meeting is closed until he does."""
        meeting = self._plan(
            "zhao",
            "human_resources",
            "人事任免 Appointments",
            self._shanghai(2, 17),
            ["xu", "wang"],
            room="301",
            level="secret",
            minute_taker_id=self._user("xu").id,
        )
        meeting.action_submit()
        self._decide(meeting)
        for login in ("zhao", "xu"):
            self._sign(meeting, login)

    def _weekly_today(self):
        """Begins in a few minutes: sign in, open topics, write notes. One topic is known to two of its people only;
        what the monthly summary left open is shown with it."""
        meeting = self._plan(
            "wang",
            "department_weekly",
            "销售部周例会 Sales weekly",
            self._soon(),
            ["chen", "lin", "liu", "anna"],
            room="302",
            minute_taker_id=self._user("liu").id,
            notice_lead_hours=0,
        )
        meeting.follows_id = meeting.search([("type_id", "=", self._type("monthly_summary").id)], limit=1)
        self.env["meeting.agenda.item"].with_user(meeting.convener_id).create(
            {
                "meeting_id": meeting.id,
                "sequence": 90,
                "name": "奖金方案 Bonus plan",
                "kind": "decision",
                "minutes": 10,
                "level": "secret",
                "admitted_ids": [Command.link(self._user("chen").partner_id.id)],
            }
        )
        meeting.action_submit()

    def _series(self):
        """Regular meetings, one of them with the rhythm that policies love."""
        convener = self._user("sun")
        self.env["meeting.series"].with_user(convener).create(
            [
                {
                    "name": "成本采购例会 Cost and purchasing",
                    "type_id": self._type("cost_purchasing").id,
                    "convener_id": convener.id,
                    "words": "每月25日前最后一个星期五 14:00",
                },
                {
                    "name": "售后周例会 After-sales weekly",
                    "type_id": self._type("after_sales_weekly").id,
                    "convener_id": convener.id,
                    "words": "every Tuesday 16:00",
                },
            ]
        )
