"""Refused attempts are written by a connection of their own: with real transactions, not the test's (CF-4)."""

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests.common import BaseCase, get_db_name


class TestRealTransactions(BaseCase):
    """The meetings are rolled back; the entries stay, as nobody can delete them, in this run's own database."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())

    def attempt(self, cr, name):
        env = api.Environment(cr, SUPERUSER_ID, {})
        user = env.ref("base.user_admin")
        kind = env["meeting.type"].create({"name": name})
        values = {"name": name, "type_id": kind.id, "level": "secret", "convener_id": user.id}
        meeting = env["meeting.meeting"].create(values)
        env.flush_all()
        mine = meeting.with_user(user).with_context(lang="en_US")
        mine.env["meeting.access.log"]._note_refused(mine, "read")
        return meeting.id

    def entries(self, meeting_id):
        with self.registry.cursor() as cr:
            log = api.Environment(cr, SUPERUSER_ID, {})["meeting.access.log"]
            return log.search([("meeting_ref", "=", meeting_id), ("event", "=", "refused")]).mapped("detail")

    def test_after_a_rollback(self):
        """CF-4: whatever the transaction had locked."""
        with self.registry.cursor() as cr:
            meeting = self.attempt(cr, "rolled back")
            self.assertFalse(self.entries(meeting))
            cr.execute("LOCK TABLE meeting_meeting, res_users, res_partner, res_company IN ACCESS EXCLUSIVE MODE")
            cr.rollback()
        self.assertEqual(self.entries(meeting), ["Reading"])

    def test_after_a_commit(self):
        """CF-4: the error was caught and the rest of the transaction counts."""
        with self.registry.cursor() as cr:
            try:
                with cr.savepoint():
                    meeting = self.attempt(cr, "caught")
                    raise ValueError
            except ValueError:
                pass
            cr.commit()
        self.assertEqual(self.entries(meeting), ["Reading"])

    def test_after_a_closed_cursor(self):
        """CF-4: a request that ends with an error just closes its cursor."""
        cr = self.registry.cursor()
        try:
            meeting = self.attempt(cr, "closed")
        finally:
            cr.close()
        self.assertEqual(self.entries(meeting), ["Reading"])
