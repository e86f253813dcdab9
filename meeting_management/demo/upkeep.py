"""Rooms in daily use: devices, a faulty projector, an overdue camera, a round half ticked, fees and a statement."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta
from odoo import fields, models
from odoo.fields import Command

DEVICES = (
    # room, English, Chinese, feature, pieces, can be lent
    ("301", "Projector", "投影仪", "Projector", 1, False),
    ("301", "Whiteboard", "白板", "Whiteboard", 1, False),
    ("302", "Projector", "投影仪", "Projector", 1, False),
    ("302", "Video System", "视频会议系统", "Video System", 1, False),
    ("302", "Conference Phone", "会议电话", "Conference Phone", 1, False),
    ("501", "Laser Projector", "激光投影仪", "Projector", 1, False),
    ("501", "Microphones", "话筒", "Microphones", 4, False),
    ("501", "Camera", "摄像机", None, 1, True),
    ("101", "Projector", "投影仪", "Projector", 1, False),
    ("101", "Microphones", "话筒", "Microphones", 6, False),
    ("101", "Laser Pointer", "激光笔", None, 1, True),
)


class MeetingDemo(models.AbstractModel):
    _inherit = "meeting.demo"

    def _make_stories(self):
        super()._make_stories()
        self._use_of_meetings()
        self._devices()
        self._rates()
        self._last_month()
        self._faulty_projector()
        self._closed_room()
        self._overdue_camera()
        self._half_a_round()
        self._scratched_table()
        self._weekly_cleaning()

    def _as(self, login, model):
        """A model as that person, in his language."""
        user = self._user(login)
        return self.env[model].with_user(user).with_context(lang=user.lang)

    def _words(self, english, chinese):
        return chinese if self._chinese() == "zh_CN" else english

    def _device(self, code, english):
        room = self._room(code)
        return room.equipment_ids.filtered(lambda device: device.with_context(lang="en_US").name == english)

    def _use_of_meetings(self):
        """Meetings of the past were played in a moment; their rooms were used as long as they were planned."""
        for booking in self.env["meeting.booking"].search([("meeting_id", "!=", False), ("state", "=", "finished")]):
            booking.write({"actual_start": booking.meeting_id.start, "actual_stop": booking.meeting_id.stop})

    def _devices(self):
        features = self.env["meeting.room.feature"].with_context(lang="en_US").search([])
        for code, english, chinese, feature, pieces, lendable in DEVICES:
            self._bilingual(
                "meeting.equipment",
                english,
                chinese,
                room_id=self._room(code).id,
                feature_id=features.filtered(lambda item, name=feature: item.name == name).id,
                quantity=pieces,
                is_lendable=lendable,
                is_essential=not lendable,
                technician_id=self._user("guo").id,
            )
        for code in ("501", "101"):
            self._room(code).write({"inspection_weekday": "0", "technician_id": self._user("guo").id})

    def _rates(self):
        self._bilingual(
            "meeting.room.rate", "Our departments", "内部使用", hour_price=60, half_day_price=200, minimum=30
        )
        self._bilingual(
            "meeting.room.rate", "Outside parties", "对外租用", audience="external", hour_price=600, half_day_price=2000
        )
        for english, chinese, unit, price in (("Tea", "茶水", "位", 15), ("Copies", "复印", "页", 0.5)):
            self._bilingual("meeting.room.service", english, chinese, unit=unit, price=price)

    def _used(self, login, code, day, hour, hours, purpose):
        """A booking of the past that was checked in and out."""
        start = fields.Datetime.to_datetime(day) + timedelta(hours=hour - 8)
        booking = self.env["meeting.booking"].create(
            {
                "name": purpose,
                "user_id": self._user(login).id,
                "room_id": self._room(code).id,
                "start": start,
                "stop": start + timedelta(hours=hours),
            }
        )
        if booking.state == "requested":
            booking._hold()
        stop = booking.stop - timedelta(minutes=10)
        booking._transition("finished", actual_start=start - timedelta(minutes=5), actual_stop=stop)
        booking.write(
            {
                "leaving_state": "in_order",
                "signed_by_id": booking.user_id.id,
                "signed_at": stop,
                "leaving_line_ids": [
                    Command.create({"name": item.name, "is_done": True})
                    for item in booking.room_id.leaving_template_id.with_context(lang=self._chinese()).line_ids
                ],
            }
        )
        return booking

    def _last_month(self):
        """Uses, an exemption, a rental, costs, and the statement that was published."""
        first = fields.Date.today().replace(day=1) - relativedelta(months=1)
        words = self._words
        self._used("chen", "301", first + timedelta(days=4), 14, 2, words("Product training", "产品培训"))
        self._used("sun", "302", first + timedelta(days=9), 14, 3, words("Workshop planning", "车间排班会"))
        self._used("lin", "101", first + timedelta(days=15), 14, 4, words("Customer day", "客户体验日"))
        union = self._used("xu", "302", first + timedelta(days=19), 15, 2, words("Union committee", "工会委员会"))
        reason = words("Trade union", "工会活动")
        union.fee_ids.with_user(self._user("xu")).action_ask(reason=reason)
        union.fee_ids.with_user(self._user("wu")).action_exempt(reason=words("Agreed", "同意免收"))
        rented = self._used(
            "wu", "101", first + timedelta(days=22), 9, 6, words("Rented: trade fair", "外租：行业展会")
        )
        tea = self.env["meeting.room.service"].with_context(lang="en_US").search([("name", "=", "Tea")], limit=1)
        rented.fee_ids.write(
            {
                "customer_id": self._guest("gao").commercial_partner_id.id,
                "line_ids": [Command.create({"service_id": tea.id, "quantity": 40})],
            }
        )
        for code, kind, amount, name in (
            ("101", "cleaning", 480, words("Deep cleaning", "深度保洁")),
            ("302", "energy", 130, words("Electricity", "电费")),
        ):
            self.env["meeting.room.cost"].create(
                {"room_id": self._room(code).id, "kind": kind, "amount": amount, "name": name, "date": first}
            )
        self._as("wu", "meeting.fee.statement").create({"date_from": first}).action_publish()
        missing = self._used("guo", "301", self._shanghai(-1, 8).date(), 7, 1, words("Shift handover", "交接班"))
        missing.write({"leaving_state": "incomplete", "leaving_missing": words("Remote control", "遥控器")})

    def _faulty_projector(self):
        projector = self._device("302", "Projector")
        start = self._shanghai(6, 8)
        self._as("lin", "meeting.booking").create(
            {
                "name": self._words("Offer review", "报价评审"),
                "room_id": self._room("302").id,
                "start": start,
                "stop": start + timedelta(hours=1),
                "headcount": 6,
                "feature_ids": [Command.set(projector.feature_id.ids)],
            }
        )
        self._as("chen", "meeting.fault").create(
            {
                "name": self._words("No picture, blinks red", "无图像，红灯闪烁"),
                "room_id": self._room("302").id,
                "equipment_id": projector.id,
            }
        )

    def _closed_room(self):
        """The air conditioning is repaired while somebody has booked: he is warned and may take another room."""
        start = self._shanghai(5, 14)
        self._book_room("lin", "303", start, 1.5, self._words("Test drive debriefing", "试驾总结会"), 5)
        self._as("wu", "meeting.room.blocking").create(
            {
                "room_id": self._room("303").id,
                "name": self._words("Repair of the air conditioning", "空调检修"),
                "start": start - timedelta(hours=1),
                "stop": start + timedelta(hours=4),
            }
        )

    def _overdue_camera(self):
        lent = self._shanghai(-5, 10)
        self._as("wu", "meeting.loan").create(
            {
                "equipment_id": self._device("501", "Camera").id,
                "partner_id": self._partner("chen").id,
                "purpose": self._words("Filming the customer day", "拍摄客户体验日"),
                "lent_at": lent,
            }
        )

    def _half_a_round(self):
        lines = [vals for code in ("501", "101") for vals in self._room(code)._prepare_lines()]
        rnd = self.env["meeting.inspection.round"].create(
            {
                "user_id": self._user("guo").id,
                "due": self._shanghai(1, 17),
                "line_ids": [Command.create(vals) for vals in lines],
            }
        )
        rnd.line_ids[: len(rnd.line_ids) // 2].with_user(self._user("guo")).action_ok()

    def _scratched_table(self):
        self._as("wu", "meeting.damage").create(
            {
                "name": self._words("Table scratched", "会议桌划伤"),
                "room_id": self._room("501").id,
                "partner_id": self._partner("sun").id,
                "estimated": 600,
            }
        ).action_assess()

    def _weekly_cleaning(self):
        self._bilingual(
            "meeting.cleaning.plan",
            "Deep cleaning",
            "深度保洁",
            room_ids=[Command.set((self._room("101") | self._room("501")).ids)],
            words="every Friday 18:30",
            tz="Asia/Shanghai",
        )
