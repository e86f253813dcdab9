"""Documents that have to be read before the meeting, and rules that ask for a channel (NT-4, RE-1, RE-3)."""

from datetime import timedelta

from freezegun import freeze_time
from odoo import fields
from odoo.fields import Command

from tests.channels.test_robots import RobotCommon


class TestMaterials(RobotCommon):
    def setUp(self):
        super().setUp()
        self.remind_before()
        self.meeting = self.schedule(
            self.make_meeting(level="public", agenda_item_ids=[Command.create({"name": "Prices", "minutes": 10})])
        )
        self.item = self.meeting.agenda_item_ids
        self.deliver()

    def attach(self, hours=0):
        file = self.env["ir.attachment"].with_user(self.convener).create({"name": "prices.txt", "raw": b"12"})
        moment = fields.Datetime.now() + timedelta(hours=hours)  # a transaction has one time for all it creates
        self.env.cr.execute("UPDATE ir_attachment SET create_date = %s WHERE id = %s", [moment, file.id])
        file.invalidate_recordset(["create_date"])
        self.item.with_user(self.convener).attachment_ids = [Command.link(file.id)]

    def clock(self):
        return self.env["meeting.clock"].search(
            [("res_model", "=", "meeting.meeting"), ("res_id", "=", self.meeting.id), ("kind", "=", "materials")]
        )

    def test_the_clock_runs_until_all_have_read(self):
        """NT-4: it begins with the first document, ends with the last confirmation, and begins again with a new one."""
        self.assertFalse(self.clock())
        self.attach()
        self.assertEqual(self.clock().state, "running")
        self.assertEqual(self.clock().due, self.meeting.start)
        readers = self.meeting.participant_ids
        for line in readers[:-1]:
            line._confirm_materials()
            self.assertEqual(self.clock().state, "running")
        readers[-1]._confirm_materials()
        self.assertEqual(self.clock().state, "done")
        self.attach(hours=1)
        self.assertEqual(self.clock().state, "running")
        self.item.action_take_off(reason="Settled by mail")
        self.assertNotEqual(self.clock().state, "running")

    def test_who_has_not_read_is_reminded(self):
        """NT-4, RE-1: a day ahead, those alone who have not confirmed; whoever confirms meanwhile hears nothing."""
        self.reminder("materials", "debtor", number=1, unit="days")
        self.attach()
        waiting = self.rows(self.meeting, "limit_soon").filtered(lambda row: row.state == "pending")
        self.assertEqual(waiting.partner_id, self.meeting.participant_ids.partner_id)
        self.participant(self.meeting, self.member.partner_id)._confirm_materials()
        with freeze_time(max(waiting.mapped("due"))):
            self.deliver()
        told = self.rows(self.meeting, "limit_soon").filtered(lambda row: row.state == "sent").partner_id
        self.assertEqual(told, self.meeting.participant_ids.partner_id - self.member.partner_id)
        offers = self.meeting._link_offers("limit_soon", self.chair)
        self.assertEqual([verb for verb, _label in offers], ["confirm_materials"])

    def test_a_rule_asks_for_the_group(self):
        """RE-3: a rule's channel adds to the message itself, for its own reminders only."""
        self.make_robot(kind_ids=[Command.set([])])
        self.reminder("meeting", "participants", number=2, unit="hours", channel="robot")
        self.reminder("meeting", "participants", number=1, unit="hours")
        self.meeting._follow_clocks()
        rows = self.rows(self.meeting, "remind").filtered(lambda row: row.state == "pending").sorted("due")
        with freeze_time(rows[0].due):
            self.deliver()
            self.assertEqual(set(self.owed(self.meeting).mapped("step")), {rows[0].step})
        with freeze_time(rows[-1].due):
            self.deliver()
            self.assertEqual(set(self.owed(self.meeting).mapped("step")), {rows[0].step})
