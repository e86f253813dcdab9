"""Odoo's digest mail: its figures must not tell that a confidential meeting took place (CF-1)."""

from datetime import timedelta

from odoo.fields import Command, Datetime

from tests.outcome import OutcomeCommon

FIGURES = ("held", "minutes_on_time", "task_done", "task_overdue")


class TestDigest(OutcomeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.digest = cls.env["digest.digest"].create(
            {
                "name": "Weekly",
                "user_ids": [Command.set((cls.outsider | cls.member | cls.manager).ids)],
                **{f"kpi_meeting_{name}": True for name in FIGURES},
            }
        )

    def happen(self, level, number):
        """A held meeting of this level, with published minutes, a task that is done and one that is overdue."""
        minutes = self.held(level=level, start=self.days_ahead(7 + number))
        overdue = self.task(minutes, name="Overdue")
        done = self.task(minutes, name="Done")
        self.publish(minutes)
        done.with_user(self.member).action_acknowledge()
        done.with_user(self.member)._submit_result({"text": "Done"}, self.env["ir.attachment"])
        done.with_user(self.chair).action_accept()
        overdue.sudo().deadline = Datetime.now().date() - timedelta(days=2)
        minutes.meeting_id.sudo().actual_stop = Datetime.now() - timedelta(hours=1)
        return minutes.meeting_id

    def figures(self, user):
        self.env.flush_all()
        self.env.invalidate_all()
        now = Datetime.now()
        digest = self.digest.with_user(user).with_context(
            start_datetime=now - timedelta(days=1), end_datetime=now + timedelta(days=1)
        )
        return tuple(digest[f"kpi_meeting_{name}_value"] for name in FIGURES)

    def test_what_is_counted(self):
        """EV-3: public and internal, as far as the reader may read; confidential ones for nobody."""
        self.happen("public", 0)
        internal = self.happen("internal", 1)
        internal.sudo().department_ids = self.sales
        before = {user: self.figures(user) for user in (self.outsider, self.member, self.manager)}
        self.assertEqual(before[self.outsider], (1, 1, 1, 1))
        self.assertEqual(before[self.member], (2, 2, 2, 2))
        self.assertEqual(before[self.manager], (2, 2, 2, 2))
        for number, level in enumerate(("participants", "secret")):
            self.happen(level, 2 + number)
        for user, figures in before.items():
            self.assertEqual(self.figures(user), figures, f"{user.name} can tell that something happened")
        technician = self.env.ref("base.user_admin")
        self.assertEqual(self.figures(technician), (2, 2, 2, 2))

    def test_a_topic_closed_more_tightly(self):
        """CF-1: its tasks are counted for nobody."""
        meeting = self.happen("public", 0)
        before = self.figures(self.member)
        meeting.action_item_ids.sudo().agenda_item_id = meeting.agenda_item_ids[0]
        meeting.agenda_item_ids[0].sudo().level = "participants"
        self.assertEqual(before[2:], (1, 1))
        self.assertEqual(self.figures(self.member)[2:], (0, 0))

    def test_computed_as_superuser_it_counts_as_the_user(self):
        self.happen("internal", 0).sudo().department_ids = self.sales
        now = Datetime.now()
        digest = (
            self.digest.with_user(self.outsider)
            .sudo()
            .with_context(start_datetime=now - timedelta(days=1), end_datetime=now + timedelta(days=1))
        )
        self.env.flush_all()
        self.assertEqual(digest.kpi_meeting_held_value, 0)

    def test_the_mail(self):
        """By way of Odoo's own sending: each reader's figures are his own."""
        self.happen("public", 0)
        self.happen("secret", 1)
        self.digest.action_send_manual()
        mails = self.env["mail.mail"].sudo().search([("subject", "like", "Weekly")], order="id desc", limit=3)
        self.assertEqual(len(mails), 3)
        for mail in mails:
            self.assertIn("Meetings Held", mail.body_html)
            self.assertNotIn("Spring offer", mail.body_html)
