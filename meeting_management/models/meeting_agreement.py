"""The text of the confidentiality agreement, version by version; what was published stays as it is (CF-2)."""

from hashlib import sha256

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import is_html_empty


class MeetingAgreement(models.Model):
    """One version of an agreement (保密协议). Administrators write drafts and publish them; everybody reads what was
    published.

    Versions of one agreement point to the first of them. A published version never changes, neither through the
    program nor past it: a trigger of the database keeps it, as people have signed its very words.
    """

    _name = "meeting.agreement"
    _description = "Confidentiality Agreement"
    _inherit = ["meeting.state.mixin"]
    _order = "sequence, id desc"

    _transitions = {"draft": ("published",), "published": ("replaced",), "replaced": ()}
    _kept_fields = frozenset(("version", "origin_id", "published_at", "published_by_id"))
    _frozen_fields = frozenset(("name", "body", "company_id")) | _kept_fields
    _verbs = ("publish", "new_version")

    name = fields.Char("Title", required=True, translate=True)
    body = fields.Html("Text", translate=True)
    sequence = fields.Integer(
        default=10, help="The first published agreement in the list is the one of meetings whose type names none."
    )
    company_id = fields.Many2one("res.company", ondelete="restrict", help="Empty: for every company.")
    state = fields.Selection(
        [("draft", "Draft"), ("published", "Published"), ("replaced", "Replaced")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
    )
    version = fields.Integer(required=True, readonly=True, default=1)
    origin_id = fields.Many2one("meeting.agreement", "First Version", readonly=True, index=True, ondelete="restrict")
    published_at = fields.Datetime("Published On", readonly=True, copy=False)
    published_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    can_publish = fields.Boolean(compute="_compute_can")
    can_new_version = fields.Boolean(compute="_compute_can")

    _version_once = models.UniqueIndex(
        "((COALESCE(origin_id, id)), version)", "This version of the agreement exists already: open that one instead."
    )

    def init(self):
        """What was published is kept by the database itself. A language may be added; none may change."""
        self.env.cr.execute(
            """
            CREATE OR REPLACE FUNCTION meeting_agreement_keep() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF OLD.state = 'draft' THEN
                    RETURN COALESCE(NEW, OLD);
                END IF;
                IF TG_OP = 'DELETE' OR NEW.state = 'draft' OR NOT NEW.name @> OLD.name OR NOT NEW.body @> OLD.body
                    OR (NEW.version, NEW.origin_id, NEW.company_id, NEW.published_at, NEW.published_by_id)
                       IS DISTINCT FROM
                       (OLD.version, OLD.origin_id, OLD.company_id, OLD.published_at, OLD.published_by_id)
                THEN
                    RAISE EXCEPTION 'A published confidentiality agreement never changes.'
                        USING ERRCODE = 'check_violation', TABLE = 'meeting_agreement';
                END IF;
                RETURN NEW;
            END $$;
            DROP TRIGGER IF EXISTS meeting_agreement_keep ON meeting_agreement;
            CREATE TRIGGER meeting_agreement_keep BEFORE UPDATE OR DELETE ON meeting_agreement
                FOR EACH ROW EXECUTE FUNCTION meeting_agreement_keep();
            """
        )

    @api.model
    def _drop_guard(self):
        """At uninstall the table goes, and its guard with it."""
        self.env.cr.execute("DROP FUNCTION IF EXISTS meeting_agreement_keep() CASCADE")

    @api.depends("name", "version")
    def _compute_display_name(self):
        for agreement in self:
            agreement.display_name = self.env._(
                "%(title)s, version %(version)s", title=agreement.name or "", version=agreement.version
            )

    # -- CRUD ---------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                self._refuse_kept_fields(name for name, value in vals.items() if value)
        return super().create(vals_list)

    def write(self, vals):
        """:raises UserError: the text, or what belongs to it, of a published version is to change"""
        if self._frozen_fields & vals.keys():
            self._refuse_published()
        return super().write(vals)

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        """A translation is part of the text that people sign."""
        if field_name in self._frozen_fields:
            self._refuse_published()
        return super()._update_field_translations(field_name, translations, digest, source_lang)

    def _refuse_published(self):
        for agreement in self:
            if agreement.state != "draft":
                raise UserError(
                    self.env._(
                        "“%s” was published, so people may have signed it: its text stays as it is. Press “New "
                        "Version”, change the text there and publish it.",
                        agreement.display_name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self._refuse_published()

    # -- verbs --------------------------------------------------------------------------------------------------

    def _refusal_administrator(self):
        if self.env.su or self.env.user.has_group("meeting_management.group_manager"):
            return None
        return AccessError(
            self.env._("Confidentiality agreements are kept by the meeting administrators. Ask one of them.")
        )

    def _refusal_publish(self):
        refusal = self._refusal_wrong_state("draft") or self._refusal_administrator()
        if refusal or not is_html_empty(self.body):
            return refusal
        return UserError(self.env._("“%s” has no text yet. Write it, then publish it.", self.display_name))

    def action_publish(self):
        """draft → published: from now on meetings that are announced require this version; earlier ones keep theirs."""
        self._demand("publish")
        for agreement in self:
            agreement._transition("published", published_at=fields.Datetime.now(), published_by_id=self.env.uid)
            (agreement._family() - agreement).filtered(lambda other: other.state == "published")._transition("replaced")

    def _refusal_new_version(self):
        return self._refusal_wrong_state("published", "replaced") or self._refusal_administrator()

    def action_new_version(self):
        """Open the draft of the next version, a copy of the latest text; there is one draft at a time.

        :returns: the action that opens it
        """
        self.ensure_one()
        self._demand("new_version")
        family = self._family()
        draft = family.filtered(lambda agreement: agreement.state == "draft")[:1]
        if not draft:
            latest = family.sorted("version")[-1:]
            # sudo: the administrator was admitted above; the number of the version is closed to clients
            draft = latest.sudo().copy({"version": latest.version + 1, "origin_id": self._root().id})
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": draft.id,
            "view_mode": "form",
        }

    def _root(self):
        return self.origin_id or self

    def _family(self):
        """:return: all versions of this agreement"""
        root = self._root()
        return self.search([("id", "=", root.id)]) | self.search([("origin_id", "=", root.id)])

    # -- what meetings ask --------------------------------------------------------------------------------------

    @api.model
    def _current(self, company, chosen=None):
        """:return: the version that a meeting announced now requires: of the agreement its type names, otherwise of
        the company's first one, or no record"""
        # sudo: which agreement is in force is a fact of the company; only published ones come back
        published = self.sudo().search([("state", "=", "published"), ("company_id", "in", (company.id, False))])
        named = published.filtered(lambda agreement: agreement._root() == chosen.sudo()._root()) if chosen else None
        return named or published.sorted(lambda agreement: not agreement.company_id)[:1]

    def _shown(self, lang):
        """The words as a person of this language reads them.

        :return: dict(lang, title, body, hash); ``lang`` is the language the text is really in
        """
        self.ensure_one()
        languages = self._fields["body"]._get_stored_translations(self) or {}
        lang = lang if lang in languages else "en_US"
        agreement = self.with_context(lang=lang)
        title, body = agreement.display_name, str(agreement.body or "")
        return {
            "lang": lang,
            "title": title,
            "body": agreement.body,
            "hash": sha256(f"{title}\n{body}".encode()).hexdigest(),
        }


class MeetingType(models.Model):
    _inherit = "meeting.type"

    agreement_id = fields.Many2one(
        "meeting.agreement",
        "Confidentiality Agreement",
        ondelete="restrict",
        domain="[('state', '=', 'published'), ('company_id', 'in', (company_id, False))]",
        help="Signed by the participants of secret meetings of this type, in its latest version. "
        "Empty: the company's usual one.",
    )
