"""查阅记录: who opened, printed, downloaded or exported what is secret, and who was refused it (CF-4).

Evidence, so it only grows. Nobody creates, changes or deletes a row through the ORM; the database itself refuses to
change one, and to delete one before the company's retention period has passed, to superuser code as well.
What is logged by itself stands in `meeting_access_logged.py`; every other chapter uses the door, `_note`
(`meeting_access_log_door.py`).
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

EVENTS = [
    ("opened", "Opened"),
    ("printed", "Printed"),
    ("downloaded", "Downloaded"),
    ("exported", "Exported"),
    ("refused", "Access Denied"),
    ("glass_asked", "Emergency access asked for"),
    ("glass_granted", "Emergency access granted"),
    ("glass_refused", "Emergency access refused"),
    ("glass_used", "Emergency access used"),
    ("glass_ended", "Emergency access ended"),
    ("glass_expired", "Emergency access expired"),
    ("level", "Level changed"),
    ("chair", "Chair changed"),
    ("locked", "Locked from inside"),
    ("unlocked", "Unlocked"),
    ("retention", "Retention changed"),
    ("purged", "Old entries removed"),
]


class MeetingAccessLog(models.Model):
    """One row per event. References are plain numbers, so that no deletion elsewhere can block or remove a row.

    Read by the group Auditor, of their own companies, and by the chair of the meeting, who answers for its secrets.
    Its other organisers do not: whom the log watches should not be able to look up what it has seen. Reading the log
    opens no meeting: names of documents show by the reader's own rights.
    """

    _name = "meeting.access.log"
    _inherit = ["meeting.mixin.document"]
    _description = "Access Log"
    _order = "date desc, id desc"
    _rec_name = "event"
    _log_access = False

    date = fields.Datetime("When", required=True, readonly=True)
    user_ref = fields.Integer("User ID", readonly=True, aggregator=None)
    partner_ref = fields.Integer("Contact ID", readonly=True, aggregator=None)
    person = fields.Char("Who", readonly=True, help="The name at that time.")
    event = fields.Selection(EVENTS, required=True, readonly=True)
    res_model = fields.Selection("_selection_res_model", "Kind of Document", readonly=True)
    res_id = fields.Integer("Document ID", readonly=True, aggregator=None)
    document = fields.Char(compute="_compute_document", help="Shown to whoever may read the document itself.")
    meeting_ref = fields.Integer("Meeting ID", readonly=True, aggregator=None)
    meeting_number = fields.Char("Meeting No.", readonly=True)
    company_ref = fields.Integer("Company ID", readonly=True, aggregator=None)
    address = fields.Char("Address", readonly=True, help="The network address the request came from.")
    detail = fields.Char(readonly=True)
    is_chaired = fields.Boolean(compute="_compute_is_chaired", search="_search_is_chaired")

    _meeting_idx = models.Index("(meeting_ref, date)")
    _company_idx = models.Index("(company_ref, date)")
    _record_idx = models.Index("(res_model, res_id, event, date)")

    def init(self):
        """The database keeps the rows (created here, dropped by the addon's uninstall hook)."""
        self.env.cr.execute(
            SQL(
                """
                CREATE OR REPLACE FUNCTION meeting_access_log_guard() RETURNS trigger LANGUAGE plpgsql AS $guard$
                BEGIN
                    IF TG_OP = 'DELETE' AND OLD.date < (now() AT TIME ZONE 'UTC') - make_interval(years => GREATEST(1,
                        COALESCE((SELECT meeting_log_years FROM res_company WHERE id = OLD.company_ref), 3)))
                    THEN
                        RETURN OLD;
                    END IF;
                    RAISE EXCEPTION 'The access log is evidence: entries are not changed, nor removed before time.';
                END $guard$;
                DROP TRIGGER IF EXISTS meeting_access_log_keep_rows ON meeting_access_log;
                CREATE TRIGGER meeting_access_log_keep_rows BEFORE UPDATE OR DELETE ON meeting_access_log
                    FOR EACH ROW EXECUTE FUNCTION meeting_access_log_guard();
                DROP TRIGGER IF EXISTS meeting_access_log_keep_table ON meeting_access_log;
                CREATE TRIGGER meeting_access_log_keep_table BEFORE TRUNCATE ON meeting_access_log
                    FOR EACH STATEMENT EXECUTE FUNCTION meeting_access_log_guard();
                """
            )
        )

    @api.model
    def _drop_guard(self):
        """At uninstall the table goes, and its guard with it."""
        self.env.cr.execute(SQL("DROP FUNCTION IF EXISTS meeting_access_log_guard() CASCADE"))

    # -- what a reader sees -------------------------------------------------------------------------------------

    @api.model
    def _selection_res_model(self):
        # sudo: what our kinds of documents are called is no secret.
        kinds = self.env["ir.model"].sudo().search([("model", "=like", "meeting.%"), ("transient", "=", False)])
        return [(kind.model, kind.name) for kind in kinds] + [("ir.attachment", self.env._("File"))]

    @api.depends("event", "person", "date")
    def _compute_display_name(self):
        labels = dict(self._fields["event"]._description_selection(self.env))
        for entry in self:
            entry.display_name = f"{labels.get(entry.event, '')} · {entry.person or ''}"

    @api.depends("res_model", "res_id")
    @api.depends_context("uid")
    def _compute_document(self):
        self.document = False
        for name, entries in self.grouped("res_model").items():
            if not name or name not in self.env:
                continue
            # sudo(False): by the rights of the reader, even where the log is computed as superuser.
            records = self.env[name].sudo(False).browse(set(entries.mapped("res_id")) - {0}).exists()
            readable = records._filtered_access("read")
            for entry in entries:
                if entry.res_id in readable._ids:
                    entry.document = readable.browse(entry.res_id).display_name
                elif entry.res_id in records._ids:
                    entry.document = self.env._("Confidential")

    def _compute_is_chaired(self):
        # sudo: only whether the user chairs the meeting comes back.
        meetings = self.env["meeting.meeting"].sudo().search(self._chaired_domain(self.mapped("meeting_ref")))
        for entry in self:
            entry.is_chaired = entry.meeting_ref in meetings._ids

    def _search_is_chaired(self, operator, value):
        if operator != "in":
            return NotImplemented
        if len(set(value)) == 2:
            return Domain.TRUE
        # sudo: as above
        meetings = self.env["meeting.meeting"].sudo()._search(self._chaired_domain())
        chaired = Domain("meeting_ref", "in", meetings)
        return chaired if True in value else ~chaired

    def _chaired_domain(self, ids=None):
        return [("chair_id", "=", self.env.uid)] + ([("id", "in", ids)] if ids is not None else [])

    # -- closed to everybody ------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """:raises AccessError: always; rows are written by :meth:`_note` alone"""
        raise AccessError(self.env._("The access log is written by the system alone."))

    def write(self, vals):
        """:raises AccessError: always"""
        raise AccessError(self.env._("The access log is evidence: nobody changes its entries."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_uninstall(self):
        raise AccessError(
            self.env._(
                "The access log is evidence: nobody deletes its entries. They go by themselves when the retention "
                "period of the company has passed."
            )
        )


class MeetingMeeting(models.Model):
    _inherit = "meeting.meeting"

    access_log_count = fields.Integer("Access Log Entries", compute="_compute_access_log_count")

    @api.depends_context("uid")
    def _compute_access_log_count(self):
        """By the reader's own rights: who may not read the log sees none."""
        counts = dict(
            self.env["meeting.access.log"]._read_group(
                [("meeting_ref", "in", self.ids)], ["meeting_ref"], ["__count"]
            )
        )
        for meeting in self:
            meeting.access_log_count = counts.get(meeting._origin.id, 0)

    def action_open_access_log(self):
        """Who opened this meeting and what is under it; for its chair and for auditors."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("meeting_management.meeting_access_log_action")
        return {**action, "domain": [("meeting_ref", "=", self.id)], "context": {}}
