"""Who gets a room: two rivals in the queue, a room that nobody used, a booking that gave way, a room every week."""

from datetime import timedelta

from odoo import fields, models
from odoo.fields import Command


class MeetingDemo(models.AbstractModel):
    _inherit = "meeting.demo"

    def _make_stories(self):
        super()._make_stories()
        self._room("303").write({"release_minutes": 15})
        self._room("301").write({"release_minutes": 20})
        self._rivals()
        self._no_show()
        self._displaced()
        self._every_week()

    def _rivals(self):
        """Two want the VIP room at the same hours; Wu Qiang decides."""
        self._book_room("lin", "501", self._shanghai(4, 14), 2, "贵宾试驾交流 VIP test drive talk", 10)
        self._book_room("anna", "501", self._shanghai(4, 15), 2, "Bank visit 银行来访", 8)

    def _no_show(self):
        """Yesterday nobody came, and the room was given back after a quarter of an hour."""
        start = self._shanghai(-1, 10)
        booking = self._book_room("guo", "303", start, 1.5, "班组复盘 Team review", 5).sudo()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE meeting_booking SET release_at = %s, create_date = %s WHERE id = %s",
            (start + timedelta(minutes=15), start - timedelta(days=2), booking.id),
        )
        booking.invalidate_recordset()
        booking._release()

    def _displaced(self):
        """A team meeting gave way to an urgent one; another room is held for it for an hour."""
        start = self._shanghai(5, 10)
        team = self._plan(
            "lin",
            "team_meeting",
            "展厅接待小组会 Showroom team meeting",
            start,
            ["chen", "guo"],
            room="302",
            chair_id=self._user("lin").id,
            minute_taker_id=self._user("chen").id,
        )
        team.action_submit()
        self._decide(team)
        urgent = self._plan(
            "sun",
            "special_topic",
            "重大客诉紧急会 Grave complaint: urgent meeting",
            start,
            ["wang", "guo"],
            room="302",
            chair_id=self._user("sun").id,
            minute_taker_id=self._user("liu").id,
        )
        urgent.action_submit()
        self._decide(urgent)
        request = urgent._current_booking().with_user(self._user("wu"))
        if request.state == "requested":
            request._confirm_over("重大客诉须当天处理。 A grave complaint has to be dealt with the same day.")

    def _every_week(self):
        """A training every week; on one of the days the room is being painted."""
        user = self._user("lin")
        rhythm = (
            self.env["meeting.booking.rhythm"]
            .with_user(user)
            .with_context(lang=user.lang, tz=user.tz)
            .create(
                {
                    "name": "产品知识培训 Product training",
                    "room_id": self._room("301").id,
                    "headcount": 6,
                    "unit": "week",
                    "mon": False,
                    "thu": True,
                    "start_time": 16.5,
                    "tz": "Asia/Shanghai",
                    "duration": 1.0,
                    "end_type": "count",
                    "count": 6,
                }
            )
        )
        days = rhythm.booking_ids.sorted("start")
        if len(days) > 2:
            painted = days[2]
            self._room("301").blocking_ids = [
                Command.create(
                    {
                        "name": "墙面粉刷 Painting",
                        "start": painted.start,
                        "stop": fields.Datetime.add(painted.stop, hours=2),
                    }
                )
            ]
            painted.sudo()._drop_ahead()
            rhythm._generate()
