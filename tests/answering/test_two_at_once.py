"""Several servers take the same form at the same moment (RE-3)."""

import threading
from functools import partial

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests.common import BaseCase, get_db_name
from odoo.tools import mute_logger

from tests.common import MeetingCommon


class TestTwoAtOnce(BaseCase):
    """With real transactions and commits, through the retrying that the web server does."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            user = env.ref("base.user_admin")
            kind = env["meeting.type"].create({"name": "Race"})
            meeting = env["meeting.meeting"].create(
                {"name": "Race", "type_id": kind.id, "convener_id": user.id, "start": MeetingCommon.days_ahead(30)}
            )
            meeting.with_user(user).action_submit()
            self.meeting_id, self.type_id = meeting.id, kind.id
            env["meeting.user.link"]._issue(meeting, "decline", user, "notice")
            env["meeting.user.link"]._store_issued()
            self.link_id = env["meeting.user.link"].search([("res_id", "=", meeting.id)]).id
        self.addCleanup(self.clean)

    def clean(self):
        with self.registry.cursor() as cr:
            cr.execute("DELETE FROM meeting_user_link WHERE id = %s", (self.link_id,))
            cr.execute("DELETE FROM meeting_meeting WHERE id = %s", (self.meeting_id,))
            cr.execute("DELETE FROM meeting_type WHERE id = %s", (self.type_id,))

    def post(self, nonces):
        """One thread for each nonce; :return: what each of them was told"""
        barrier = threading.Barrier(len(nonces))
        outcomes = []

        def act(env, nonce):
            return env["meeting.user.link"].browse(self.link_id)._act(nonce, {"reason": "Abroad"})[0]

        def session(nonce):
            with self.registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                cr.execute("SELECT 1")
                barrier.wait(10)
                outcomes.append(retrying(partial(act, env, nonce), env))

        threads = [threading.Thread(target=session, args=(nonce,)) for nonce in nonces]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        return sorted(outcomes)

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_the_same_form_four_times(self):
        """RE-3, NT-3: it is done once."""
        self.assertEqual(self.post(["same"] * 4), ["again", "again", "again", "done"])
