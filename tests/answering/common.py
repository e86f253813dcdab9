"""What the journeys from the mail share: the links that a message carries, a browser, the button pressed."""

import re
from contextlib import contextmanager
from datetime import timedelta

from freezegun import freeze_time
from odoo import fields

from tests.guest.common import GuestCommon
from tests.outcome import OutcomeCommon

LINK = re.compile(r'href="[^"]*(/meeting/do/[\w-]+)"[^>]*>\s*([^<]+?)\s*<')


class AnsweringCommon(OutcomeCommon, GuestCommon):
    def links(self, record, step, partner):
        """label → path of the personal links in the last e-mail about this step to this person; the ledger is emptied
        first."""
        self.deliver()
        row = self.rows(record, step, partner)[-1:]
        self.assertEqual(row.state, "sent", (row.reason, row.error))
        mail = (
            self.env["mail.mail"]
            .sudo()
            .search([("mail_message_id", "=", row.mail_message_id.id), ("recipient_ids", "in", partner.ids)])
        )
        self.env["meeting.user.link"]._store_issued()
        return {label: path for path, label in LINK.findall(mail.body_html)}

    def link(self, record, verb, user, step="notice"):
        """A fresh link for a verb, as a message carries it."""
        url = self.env["meeting.user.link"]._issue(record.sudo(), verb, user, step)
        self.env["meeting.user.link"]._store_issued()
        self.env.flush_all()
        return url[url.index("/meeting/do/") :]

    def row_of(self, path):
        rows = self.env["meeting.user.link"].sudo()
        return rows.search([("token_hash", "=", rows._hash(path.rsplit("/", 1)[1]))])

    def go(self, path, **values):
        """Open the link and press the button of its page."""
        page = self.open(path)
        return self.send(path, page.text, **values)

    def send(self, path, page, **values):
        found = {name: re.search(rf'name="{name}" value="([^"]+)"', page) for name in ("csrf_token", "nonce")}
        self.assertTrue(all(found.values()), page)
        data = {name: match.group(1) for name, match in found.items()}
        return self.open(f"/meeting/link/{self.row_of(path).id}", data={**data, **values})

    @contextmanager
    def later(self, **delta):
        with freeze_time(fields.Datetime.now() + timedelta(**delta)):
            yield
