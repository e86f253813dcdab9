"""Notices on the screens of browsers, as Odoo shows its own messages there (CF-1).

The ledger writes Odoo's mail tables in batches and so passes by `_notify_thread`; here it does what that would do: who
reads his messages in Odoo and let his browser subscribe gets a push. Rows of `mail.push` are written and Odoo's own job
delivers them, so that no browser maker's service is called while rows of the ledger are locked.
"""

import json

from odoo import api, models


class MeetingNotification(models.Model):
    _inherit = "meeting.notification"

    @api.model
    def _push(self, letters, messages):
        """Have Odoo push these letters to the subscribed browsers of their recipients."""
        recipients = []
        for letter, message in zip(letters, messages, strict=True):
            people = [
                {"id": partner_id, "active": True, "notif": "inbox"}
                for partner_id, html in letter["copies"].items()
                if html is None
            ]
            thread = self.env["mail.thread"].with_context(lang=letter["record"].env.context.get("lang"))
            wanted = people and thread._notify_get_recipients_for_extra_notifications(message, people)
            recipients.append((letter, message, thread, set(wanted or ())))
        everybody = set().union(*(wanted for *_rest, wanted in recipients))
        devices, private_key, _public_key = self.env["mail.thread"]._web_push_get_partners_parameters(list(everybody))
        if not devices or not private_key:
            return
        pushes = []
        for letter, message, thread, wanted in recipients:
            mine = devices.filtered(lambda device, wanted=wanted: device.partner_id.id in wanted)
            if mine:
                payload = json.dumps(self._push_payload(letter, message, thread))
                pushes += [{"mail_push_device_id": device.id, "payload": payload} for device in mine]
        if pushes:
            # sudo: Odoo's own queue of pushes, closed to everybody
            self.env["mail.push"].sudo().create(pushes)
            self.env.ref("mail.ir_cron_web_push_notification")._trigger()

    @api.model
    def _push_payload(self, letter, message, thread):
        """:return: what the browser shows: Odoo's own payload, without content and names where the level is closed"""
        values = {"body": letter["content"]}
        if letter["neutral"]:
            values = {"author_id": letter["company"].partner_id.id, "body": letter["neutral"]}
        return thread._web_push_truncate_payload(
            thread._notify_by_web_push_prepare_payload(message, msg_vals=values, force_record_name=letter["subject"])
        )
