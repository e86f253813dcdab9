"""Doors of the to-do list: an activity keeps the document's name and tells its assignee by mail (CF-1, door 11)."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command

from tests.security.doors.common import DoorCase

TODO = "mail.mail_activity_data_todo"


class TestActivities(DoorCase):
    def give(self, user, **vals):
        return self.as_user(self.convener, self.meeting).activity_schedule(
            TODO, user_id=user.id, **{"summary": self.plant("activity summary"), **vals}
        )

    def test_a_reader_gets_it_a_stranger_does_not(self):
        """CF-1: the refusal says who, why, and what to do; the entitled are not hindered."""
        activity = self.give(self.member)
        self.assertShown(self.as_user(self.member, activity).read, ["summary", "res_name"])
        before = self.env["mail.mail"].search_count([])
        for user in (self.outsider, self.technician, self.ex, self.hr):
            with self.assertRaisesRegex(ValidationError, f"{user.name} may not open .*add the person to the meeting"):
                with self.env.cr.savepoint():
                    self.give(user)
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.as_user(self.convener, activity).write({"user_id": user.id})
        self.assertEqual(self.env["mail.mail"].search_count([]), before)
        self.as_user(self.convener, activity).write({"user_id": self.chair.id})
        self.assertEqual(activity.user_id, self.chair)

    def test_a_stranger_cannot_take_one(self):
        """CF-1: neither for himself nor through the dialogue."""
        for user in (self.outsider, self.technician, self.ex):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self.as_user(user, self.meeting).activity_schedule(TODO, user_id=user.id)
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self.as_user(user, "mail.activity").create(
                    {
                        "res_model_id": self.env["ir.model"]._get_id("meeting.meeting"),
                        "res_id": self.meeting.id,
                        "user_id": user.id,
                        "activity_type_id": self.env.ref(TODO).id,
                    }
                )

    def test_who_is_no_longer_a_reader_sees_none(self):
        """CF-1: whatever is still assigned to him, e.g. since his department moved, is closed."""
        activity = self.give(self.member, note=self.plant("activity note"))
        # behind the back of the ORM, as a merge of contacts does it
        self.env.cr.execute("UPDATE mail_activity SET user_id = %s WHERE id = %s", [self.ex.id, activity.id])
        for user in (self.ex, self.technician):
            self.assertHidden(self.as_user(user, activity).read, ["summary", "note", "res_name"])
            self.assertHidden(self.as_user(user, "mail.activity").search_read, [])
            self.assertHidden(self.as_user(user, "res.users")._get_activity_groups)
            self.assertFalse(self.as_user(user, "mail.activity").search([("summary", "ilike", self.MARK)]))
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self.as_user(user, activity).write({"summary": "x"})

    def test_what_is_done_stays_closed(self):
        """CF-1: a finished activity keeps the document's name."""
        activity = self.give(self.member)
        self.as_user(self.member, activity).action_feedback(feedback=self.plant("feedback"))
        for user in (self.outsider, self.technician, self.ex):
            found = self.as_user(user, "mail.activity").with_context(active_test=False).search([])
            self.assertNotIn(activity, found)
            self.assertHidden(self.as_user(user, activity).read, ["summary", "feedback", "res_name"])

    def test_to_dos_of_other_documents_are_as_before(self):
        """An activity on a contact goes to anybody and is read by whoever it is assigned to."""
        contact = self.env["res.partner"].create({"name": "Client"})
        self.convener.group_ids = [Command.link(self.env.ref("base.group_partner_manager").id)]
        activity = self.as_user(self.convener, contact).activity_schedule(
            TODO, user_id=self.outsider.id, summary="Call them"
        )
        self.assertEqual(self.as_user(self.outsider, activity).read(["summary", "res_name"])[0]["res_name"], "Client")
        self.assertEqual(self.as_user(self.outsider, activity).display_name, "Call them")
        self.as_user(self.convener, activity).write({"user_id": self.hr.id})
        free = self.as_user(self.outsider, "mail.activity").create(
            {"user_id": self.outsider.id, "summary": "My own", "activity_type_id": self.env.ref(TODO).id}
        )
        self.assertIn(free, self.as_user(self.outsider, "mail.activity").search([]))
