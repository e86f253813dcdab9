"""Doing one thing from the mail, for people with an account: a link is good for one verb, on one record, by one person
(NT-3, AP-3, RS-2, RS-4).

A link decides nothing. Its page says what will happen; the button there asks the record's own predicate, as that user,
at that moment. What can be done by link is declared by the documents (`meeting_link_subject.py`), the page is
`controllers/user_link.py`.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

CLOSED_LEVELS = ("participants", "secret")
"""At these levels a link shows nothing until its owner has logged in: a mail may be read by others."""


class MeetingUserLink(models.Model):
    """One link in one mail. Ends with its document's moment, with the person's account or right to read, when it is
    revoked, and where the deed can be done once only, with the deed."""

    _name = "meeting.user.link"
    _inherit = ["meeting.secret.link"]
    _description = "Personal Link of a User"
    _order = "id desc"

    user_id = fields.Many2one("res.users", required=True, readonly=True, index=True, ondelete="cascade")
    res_model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference(required=True, readonly=True, model_field="res_model")
    verb = fields.Char(required=True, readonly=True)
    # which request it answers: an application that comes again, a task handed out anew, needs a new link
    occasion = fields.Char(readonly=True)
    done_at = fields.Datetime(readonly=True)
    spent_nonce = fields.Char(readonly=True, groups=fields.NO_ACCESS)

    _record_idx = models.Index("(res_model, res_id, user_id)")

    @api.model
    def _issue(self, record, verb, user, step):
        """:return: the address of a new link, to be put into a message to this person and nowhere else"""
        record.ensure_one()
        token = self._issue_values(
            {
                "user_id": user.id,
                "res_model": record._name,
                "res_id": record.id,
                "verb": verb,
                "occasion": record._link_occasion(verb),
                "step": step,
                "expires_at": record._link_expiry(verb),
            }
        )
        return f"{record.get_base_url()}/meeting/do/{token}"

    def _problem(self):
        if self and not self._may_still_act():
            return "revoked"
        return super()._problem()

    def _may_still_act(self):
        """Whether the person still has an account here, and the document still is and is still his to read."""
        user = self.user_id
        return user.active and not user.share and bool(self._record()) and self._record().has_access("read")

    def _record(self):
        """:return: the document with its owner's own rights, language and time zone, or no record"""
        user = self.user_id
        model = self.env.get(self.res_model)
        if model is None or self.verb not in getattr(model, "_link_verbs", ()):
            return self.env["meeting.meeting"].browse()
        record = model.sudo().browse(self.res_id).exists()  # sudo: whether it exists; the rights are asked as the user
        profile = user.partner_id._notice_profiles()[user.partner_id.id]
        return (
            record.with_user(user)
            .sudo(False)
            .with_context(
                lang=profile["lang"],
                tz=profile["tz"] or (record and record[:1]._notification_default_tz()) or "UTC",
                allowed_company_ids=user.company_ids.ids,
            )
        )

    def _is_closed(self, record):
        """Whether nothing of this document may be shown before its owner has logged in."""
        return record.sudo()._notification_level() in CLOSED_LEVELS  # sudo: a level

    def _refusal(self, record):
        """:return: why the deed cannot be done (any more), an exception, or ``None``"""
        if self.occasion != record._link_occasion(self.verb):
            return UserError(self.env._("This was asked for an earlier occasion, which is over."))
        return record._link_refusal(self.verb)

    # -- the deed -----------------------------------------------------------------------------------------------

    def _act(self, nonce, values):
        """Do it, in the name of the link's owner. The page with this nonce can do it once, however often it is sent and
        by however many servers at a time.

        :param dict values: what the form brought
        :return: ("done" or "again" or "over", None), or ("wrong", the sentence that says what to mend)
        :raises UserError: the document refuses, in the owner's language
        """
        self.ensure_one()
        self._lock()
        if self.spent_nonce == self._hash(nonce):
            return "again", None
        record = self._record()
        words = record._link_words(self.verb)
        if (self.done_at and not words.get("repeatable")) or self._refusal(record):
            return "over", None
        complaint = self._complaint(record, words, values)
        if complaint:
            return "wrong", complaint
        with self.env.cr.savepoint():
            record._link_do(self.verb, values)
            self.env.flush_all()
        if record.has_access("read") and hasattr(record, "_log_content"):
            # what was done to a secret document stands in its log, with the way it was done
            record.env["meeting.access.log"]._note(record, "opened", detail=record.env._("Decided by link"))
        self.write({"done_at": fields.Datetime.now(), "spent_nonce": self._hash(nonce)})
        return "done", None

    def _lock(self):
        """Two posts at once come one after the other. The later one sees what the earlier did: its transaction is
        refused by the database and begun anew by the server."""
        self.flush_recordset()
        self.env.cr.execute(SQL("SELECT 1 FROM meeting_user_link WHERE id = %s FOR UPDATE", self.id))
        self.invalidate_recordset(flush=False)

    @api.model
    def _complaint(self, record, words, values):
        """:return: what is missing in the form, in the words of the document, or ``None``"""
        if words.get("reason") == "required" and not values.get("reason"):
            return words["missing"]
        if "percentage" in words:
            if not values.get("text"):
                return record.env._("Please write what was done: the supervisor judges by it.")
            if values.get("percentage") is None or not 0 <= values["percentage"] <= 100:
                return record.env._("Please give the progress as a number between 0 and 100.")
        return None
