"""The job that empties the outbox: lock, render once per group, send in one batch, commit, go on (RE-3, RE-4).

A *letter* is one rendering: one subject, one step, one language, one time zone. Its recipients share the text; each
has a copy of his own in Odoo's mail, so that what becomes of it is known per person, and a failed address holds up
nobody.
"""

import logging
from collections import defaultdict
from contextlib import nullcontext
from datetime import timedelta

import psycopg2
import psycopg2.errors
from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Command
from odoo.tools import SQL

from ..log_privacy import without_content

_logger = logging.getLogger(__name__)

PAUSES = (
    timedelta(minutes=10),
    timedelta(hours=1),
)  # between the first and second, the second and third attempt (RE-4)


class MeetingNotification(models.Model):
    _inherit = "meeting.notification"

    @api.model
    def _cron_send(self, limit=200):
        """Send what is due, `limit` rows between two commits. Safe to run twice, late, or on several servers at once
        (RE-3)."""
        cron = self.env["ir.cron"]
        self = self.with_user(SUPERUSER_ID)
        self._note_failed_copies()
        self._owe_summaries()
        cron._commit_progress(remaining=self._count_due())
        while rows := self._lock_due(limit):
            rows._send()
            if not cron._commit_progress(len(rows)):
                break
        self._wake_for_next()
        cron._commit_progress()

    @api.model
    def _owe_summaries(self):
        """Whatever is wrong with one's time zone or calendar, the notices leave (RE-4)."""
        try:
            with self.env.cr.savepoint():
                self.env["meeting.summary"]._make_due()
        except Exception:
            _logger.warning("Summaries could not be made", exc_info=True)

    @api.model
    def _wake_for_next(self):
        """Have the job run again when the next row falls due."""
        [(moment,)] = self.env.execute_query(
            SQL(
                """SELECT least((SELECT min(%s) FROM meeting_notification WHERE state = 'pending'), (SELECT
                min(retry_at) FROM meeting_notification WHERE state = 'failed' AND retry_at IS NOT NULL))""",
                self._sql_ready_at(),
            )
        )
        moments = [moment, self.env["meeting.summary"]._next_moment()]
        if any(moments):
            self._wake([moment for moment in moments if moment])

    @api.model
    def _count_due(self):
        self.flush_model()
        ready = self._sql_ready(fields.Datetime.now())
        [(count,)] = self.env.execute_query(SQL("SELECT count(*) FROM meeting_notification WHERE %s", ready))
        return count

    @api.model
    def _lock_due(self, limit):
        """Take due rows that no other worker holds.

        The transaction must be fresh. Should another server finish a row in the very moment between our snapshot and
        our lock, PostgreSQL refuses; nothing has been done yet, so we look again.
        """
        now = fields.Datetime.now()
        self.flush_model()
        for attempt in range(5):
            try:
                found = self.env.execute_query(
                    SQL(
                        """SELECT id FROM meeting_notification WHERE %(ready)s
                        ORDER BY due, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED""",
                        ready=self._sql_ready(now),
                        limit=limit,
                    )
                )
            except psycopg2.errors.SerializationFailure:
                if attempt == 4:
                    raise
                self.env.cr.rollback()
                self.env.invalidate_all(flush=False)
            else:
                rows = self.browse([row[0] for row in found])
                rows.invalidate_recordset(flush=False)
                return rows

    def _send(self):
        """Send these rows, which the caller holds locked. Every one of them ends as sent, failed, void, or held for
        later."""
        self = self.with_user(SUPERUSER_ID).with_context(mail_notrack=True, tracking_disable=True)
        profiles = self.partner_id._notice_profiles()
        channels = self._wanted_channels(profiles)
        try:  # a group hears it when it is due, whoever of its members wants it later
            with self.env.cr.savepoint():
                self._tell_groups(channels)
        except Exception:
            _logger.warning("Group robots were not told of notices %s", self.ids, exc_info=True)
        leaving = self._hold(profiles)
        leaving._leave_besides(channels)
        leaving._send_letters(profiles)

    def _send_letters(self, profiles):
        """Render and post; one that breaks stops no other."""
        try:
            with self.env.cr.savepoint():
                letters = self._compose(profiles)
        except psycopg2.Error:  # a text broke the transaction itself: once more, each within a savepoint of its own
            letters = self._compose(profiles, careful=True)
        try:
            with self.env.cr.savepoint():
                self._post(letters)
        except Exception as error:  # one bad letter among many: find it by sending them one by one
            if len(letters) > 1:
                _logger.warning(
                    "A batch of %s notices failed (%s); sending them one by one", len(letters), without_content(error)
                )
            for letter in letters:
                letter["rows"]._guarded("render", self._post, [letter])

    def _guarded(self, reason, function, *args, careful=True):
        """Call `function`; if it breaks, note the error on these rows and carry on (RE-4).

        :param bool careful: in a savepoint, so that what it did is undone; without one it must only read, and a
            database error, which ends the transaction, goes on to the caller
        """
        try:
            with self.env.cr.savepoint() if careful else nullcontext():
                return function(*args)
        except Exception as error:  # whatever a chapter's text or an address does must not stop the others
            if isinstance(error, psycopg2.Error) and not careful:
                raise
            _logger.warning("Notice %s not sent: %s", self.ids, without_content(error))
            self._fail(reason, f"{type(error).__name__}: {error}")
            return None

    def _fail(self, reason, error=False, retry=True):
        """Mark rows as failed; try again after a growing pause, three times in all."""
        for row in self:
            attempts = row.attempts + 1
            again = retry and attempts <= len(PAUSES)
            row.write(
                {
                    "state": "failed",
                    "reason": reason,
                    "error": error,
                    "attempts": attempts,
                    "retry_at": again and fields.Datetime.now() + PAUSES[attempts - 1],
                }
            )
        self._wake([row.retry_at for row in self if row.retry_at])

    def _drop(self, reason):
        """Mark rows as not to be sent, with the reason."""
        if self:
            self.write({"state": "void", "reason": reason, "retry_at": False})

    # From letters to mail

    @api.model
    def _post(self, letters):
        """Write all letters to Odoo's mail with one INSERT per table, and mark their rows as sent."""
        if not letters:
            return
        note = self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_note")
        messages = self.env["mail.message"].create(
            [
                {
                    "author_id": letter["author"].id,
                    "email_from": letter["email_from"],
                    "reply_to": letter["record"]._notification_reply_to(letter["step"]) or letter["email_from"],
                    "model": letter["record"]._name,
                    "res_id": letter["record"].id,
                    "record_company_id": letter["record"]._notification_company().id,
                    "subject": letter["subject"],
                    "body": letter["body"],
                    "message_type": "user_notification",
                    "subtype_id": note,
                    "is_internal": True,
                    "partner_ids": [Command.set(list(letter["copies"]))],
                    "email_add_signature": False,
                }
                for letter in letters
            ]
        )
        self._attach(letters, messages)
        values = [
            (letter, message, partner_id, html)
            for letter, message in zip(letters, messages, strict=True)
            for partner_id, html in letter["copies"].items()
        ]
        by_mail = [value for value in values if value[3] is not None]
        mails = self.env["mail.mail"].create(
            [
                {
                    "mail_message_id": message.id,
                    "body_html": html,
                    "recipient_ids": [Command.link(partner_id)],
                    "auto_delete": True,
                    "headers": repr({"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}),
                }
                for _letter, message, partner_id, html in by_mail
            ]
        )
        self.env["mail.notification"].create(
            [
                {
                    "author_id": letter["author"].id,
                    "mail_message_id": message.id,
                    "mail_mail_id": mail.id,
                    "res_partner_id": partner_id,
                    "notification_type": "email",
                    "notification_status": "ready",
                    "is_read": True,
                }
                for (letter, message, partner_id, _html), mail in zip(by_mail, mails, strict=True)
            ]
        )
        for letter, message in zip(letters, messages, strict=True):
            users = [
                (partner_id, letter["profiles"][partner_id]["user_id"])
                for partner_id, html in letter["copies"].items()
                if html is None
            ]
            if users:
                self.env["mail.thread"]._notify_thread_by_inbox(
                    message, [{"id": partner_id, "uid": user_id, "notif": "inbox"} for partner_id, user_id in users]
                )
        if mails:
            self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()
        self._push(letters, messages)
        self._mark_sent(letters, messages)

    @api.model
    def _attach(self, letters, messages):
        """Files belong to their message: who may read it may open them, and they do not show among the meeting's
        materials."""
        files = [
            (message, name, content)
            for letter, message in zip(letters, messages, strict=True)
            for name, content in letter["attachments"]
        ]
        if files:
            attachments = self.env["ir.attachment"].create(
                [
                    {"name": name, "raw": content, "res_model": "mail.message", "res_id": message.id}
                    for message, name, content in files
                ]
            )
            messages.flush_model(["attachment_ids"])
            self.env.cr.execute(
                SQL(
                    """INSERT INTO message_attachment_rel (message_id, attachment_id)
                       SELECT * FROM unnest(%s::int[], %s::int[])""",
                    [message.id for message, _name, _content in files],
                    attachments.ids,
                )
            )
            messages.invalidate_recordset(["attachment_ids"], flush=False)

    @api.model
    def _mark_sent(self, letters, messages):
        now = fields.Datetime.now()
        pairs = [
            (row_id, message.id)
            for letter, message in zip(letters, messages, strict=True)
            for row_id in (letter["rows"] | letter["carried"]).ids
        ]
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """UPDATE meeting_notification AS n SET state = 'sent', sent_at = %(now)s, write_date = %(now)s,
                attempts = n.attempts + 1, reason = NULL, error = NULL, retry_at = NULL, mail_message_id = v.message_id
                FROM unnest(%(rows)s::int[], %(messages)s::int[]) AS v(id, message_id) WHERE n.id = v.id""",
                now=now,
                rows=[pair[0] for pair in pairs],
                messages=[pair[1] for pair in pairs],
            )
        )
        self.browse([pair[0] for pair in pairs]).invalidate_recordset(flush=False)
        self._forget_cache()
        told = defaultdict(list)
        for letter in letters:
            told[letter["record"]._name, letter["step"]] += letter["rows"].ids
            for row in letter["carried"]:
                told[row.res_model, row.step].append(row.id)
        together = self.browse([pair[0] for pair in pairs])
        for (model, step), ids in told.items():
            rows = self.browse(ids).with_prefetch(together._ids)
            self.env[model].browse(set(rows.mapped("res_id")))._notification_sent(step, rows)

    # What became of them

    @api.model
    def _note_failed_copies(self):
        """The mail server answers later than we send: copies that it refused or that came back make their row failed.

        A refused connection is tried again, as a new copy, after a pause; a wrong or dead address waits for someone to
        mend it.
        """
        self.flush_model()
        self.env["mail.notification"].flush_model()
        found = self.env.execute_query(
            SQL(
                """SELECT n.id, m.notification_status, m.failure_type, m.failure_reason, m.mail_mail_id
                 FROM meeting_notification n
                 JOIN mail_notification m ON m.mail_message_id = n.mail_message_id AND m.res_partner_id = n.partner_id
                WHERE n.state = 'sent' AND m.notification_status IN ('exception', 'bounce')
                  FOR UPDATE OF n SKIP LOCKED"""
            )
        )
        hopeless = self._hopeless_failures()
        for row_id, status, failure_type, error, mail_id in found:
            final = status == "bounce" or failure_type in hopeless
            self.browse(row_id)._fail(
                "bounce" if status == "bounce" else "delivery", error or failure_type, retry=not final
            )
            # the failed copy must not leave beside the new one
            self.env["mail.mail"].browse(mail_id or ()).exists().filtered(lambda mail: mail.state == "exception").write(
                {"state": "cancel"}
            )

    @api.model
    def _hopeless_failures(self):
        """:return: failures of Odoo's mail that no second attempt mends"""
        return {"mail_email_invalid", "mail_email_missing", "mail_bounce", "mail_bl", "mail_spam"}
