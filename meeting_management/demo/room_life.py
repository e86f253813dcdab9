"""What fills the room board of the demo company beside its meetings: bookings, requests, a blocking, opening hours."""

from datetime import timedelta

from odoo import models
from odoo.fields import Command


class MeetingDemo(models.AbstractModel):
    _inherit = "meeting.demo"

    def _make_stories(self):
        super()._make_stories()
        self._room_life()

    def _room_life(self):
        """A day and a week on the board: used, asked for, cleaned, across midnight; a room that only finance books."""
        self._more_rooms()
        for login, code, day, hour, hours, purpose, people in (
            ("lin", "303", 0, 9, 1.5, "新车培训 New model training", 6),
            ("guo", "303", 0, 14, 2, "车间安全教育 Workshop safety", 6),
            ("lin", "302", 1, 10, 1.5, "电话营销培训 Telesales training", 10),
            ("guo", "301", 1, 14, 2, "技师考核 Technicians' exam", 8),
            ("anna", "304", 1, 9, 3, "Year-end closing 年终结账", 4),
            ("lin", "101", 2, 13.5, 3, "客户答谢会 Client evening rehearsal", 40),
            ("guo", "303", 2, 22, 4, "夜间系统升级 Night system upgrade", 4),
            ("lin", "301", 3, 9, 2, "新员工入职 New colleagues", 7),
        ):
            start = self._shanghai(day, int(hour), int(hour % 1 * 60))
            self._book_room(login, code, start, hours, purpose, people)
        morning = self._shanghai(1, 8)
        self._room("303").blocking_ids = [
            Command.create(
                {"name": "每周大扫除 Weekly deep cleaning", "start": morning, "stop": morning + timedelta(hours=3)}
            )
        ]

    def _more_rooms(self):
        """Two small rooms; the second keeps office hours and is reserved to finance."""
        location = self._room("301").location_id
        office = self.env["resource.calendar"].search([("company_id", "=", self.env.company.id)], limit=1)
        whiteboard, video = (
            self.env["meeting.room.feature"].with_context(lang="en_US").search([("name", "=", name)], limit=1)
            for name in ("Whiteboard", "Video System")
        )
        self._bilingual(
            "meeting.room",
            "Osmanthus",
            "桂香厅",
            code="303",
            sequence=5,
            location_id=location.id,
            capacity=6,
            image_1920=self._photo("303"),
            feature_ids=[Command.set((whiteboard | video).ids)],
        )
        self._bilingual(
            "meeting.room",
            "Ledger",
            "账本室",
            code="304",
            sequence=6,
            location_id=location.id,
            capacity=4,
            image_1920=self._photo("304"),
            opening_calendar_id=office.id,
            department_ids=[Command.set(self._user("anna").employee_id.department_id.ids)],
        )
