"""A reply to a task's message is a progress report: “60% two suppliers have answered” (RS-4).

Odoo's mail gateway finds the task by the message that is replied to. Who may write to the chatter by mail is decided in
`mail_privacy_thread.py`; a report is taken from owner and assistants alone, and only as a reply to a message that was
sent to this very person: to forge one, its identification would have to be known besides the address.
"""

import re

from lxml import html
from markupsafe import Markup
from odoo import models
from odoo.exceptions import UserError
from odoo.tools import formataddr, html2plaintext

from .meeting_user_link import CLOSED_LEVELS

ANSWERABLE = frozenset(("task_assigned", "task_start", "task_due", "task_overdue", "task_returned", "task_help"))
"""Messages of a task that ask its owner for something to be said."""
PERCENTAGE = re.compile(r"^\s*(100|\d{1,2})\s*[%％]\s*[,;:.，；：。]?\s*")
QUOTED = re.compile(
    r"^\s*(>|-{2,}\s*(original|forwarded|原始邮件|转发邮件)|_{5,}|on .{5,200} wrote:\s*$"
    r"|在.{5,200}写道[:：]|(from|发件人)[:：]\s)",
    re.IGNORECASE,
)
SIGNATURE = re.compile(r"^--\s*$")
MAX_TEXT = 5000


def read_reply(body):
    """:param body: the body of a mail as the gateway has parsed it, HTML
    :return: (percentage or ``None``, what the writer himself wrote, without the quoted message and his signature)"""
    if not body:
        return None, ""
    root = html.fragment_fromstring(str(body), create_parent="div")
    for quoted in root.xpath(
        "//blockquote | //*[@data-o-mail-quote] | //*[contains(concat(' ', @class, ' '), ' gmail_quote ')]"
    ):
        quoted.drop_tree()
    lines = []
    for line in html2plaintext(html.tostring(root, encoding="unicode"), include_references=False).splitlines():
        if QUOTED.match(line) or SIGNATURE.match(line):
            break
        lines.append(line.rstrip())
    text = "\n".join(lines).strip()[:MAX_TEXT]
    found = PERCENTAGE.match(text)
    if not found:
        return None, text
    return int(found[1]), text[found.end() :].strip()


class MeetingNotificationSubject(models.AbstractModel):
    _inherit = "meeting.notification.subject"

    def _notification_reply_to(self, step):
        """:return: where replies to this message go, if not to who signed it"""
        return None


class MeetingActionItem(models.Model):
    _inherit = "meeting.action.item"

    def _notification_reply_to(self, step):
        """Replies come back to us where the company has an address that the gateway reads, and the content may travel
        by mail."""
        if step.partition(":")[0] not in ANSWERABLE or self._notification_level() in CLOSED_LEVELS:
            return None
        company = self.company_id
        return formataddr((company.name, company.catchall_email)) if company.catchall_email else None

    def _notification_values(self, step):
        values = super()._notification_values(step)
        values["reply_hint"] = bool(self._notification_reply_to(step)) and step.partition(":")[0] != "task_assigned"
        return values

    def message_update(self, msg_dict, update_vals=None):
        """A mail has come in for this task from somebody who may write to it."""
        result = super().message_update(msg_dict, update_vals)
        if self._report_by_mail(msg_dict):
            # the note in the chatter stays; only whoever signed our message is not told by mail that it was answered
            msg_dict.pop("parent_id", None)
        return result

    def _report_by_mail(self, msg_dict):
        """:return: the report made of this reply, or ``None``: then it is a note in the chatter and no more"""
        user = self._reporter_by_mail(msg_dict)
        percentage, text = read_reply(msg_dict.get("body"))
        if not user or (percentage is None and not text):
            return None
        task = self.with_user(user).sudo(False).with_context(allowed_company_ids=user.company_ids.ids)
        if not task.has_access("read") or task._link_refusal("report"):
            return None
        values = {
            "percentage": task.progress if percentage is None else percentage,
            "text": text or task.env._("Reported by e-mail: %s %%", percentage),
        }
        try:
            with self.env.cr.savepoint():
                return task._report(values)
        except UserError:
            return None

    def _reporter_by_mail(self, msg_dict):
        """:return: the user whose reply this is, if it answers a message that was sent to him, or ``None``"""
        author = self.env["res.partner"].sudo().browse(msg_dict.get("author_id") or ())  # sudo: on record as its sender
        # sudo: whether this message was sent to this person about this task
        sent = (
            self.env["meeting.notification"]
            .sudo()
            .search_count(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "=", self.id),
                    ("partner_id", "=", author.id),
                    ("mail_message_id", "=", msg_dict.get("parent_id")),
                    ("mail_message_id", "!=", False),
                ],
                limit=1,
            )
        )
        users = author.user_ids.filtered(lambda user: user.active and not user.share)
        return users[:1] if sent and users else None


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _routing_check_route(self, message, message_dict, route, raise_exception=True):
        """Of a task at a closed level nothing is taken by mail, and what a machine answers is no report."""
        checked = super()._routing_check_route(message, message_dict, route, raise_exception)
        if not checked or not checked[1] or checked[0] != "meeting.action.item":
            return checked
        if (message.get("Auto-Submitted") or "no").lower() != "no" or message.get("X-Autoreply"):
            return False  # away from the desk: no answer, or two machines would write to each other
        # sudo: the level of the task; nothing of it goes into the answer
        if self.env["meeting.action.item"].sudo().browse(checked[1])._notification_level() not in CLOSED_LEVELS:
            return checked
        body = Markup("<p>%s</p>") % self.env._(
            "Your message was not taken: this is about something confidential, which does not travel by e-mail. Please "
            "log in and write it there."
        )
        self._routing_create_bounce_email(message_dict["email_from"], body, message)
        return False
