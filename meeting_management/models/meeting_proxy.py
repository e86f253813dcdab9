"""Who cannot come names somebody who could come in his place, by whatever door he declines (PT-2).

Naming is a proposal: the organisers confirm it, and only then the named person represents him (`proxy_partner_id`).
"""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .meeting_participant import MeetingParticipant as Participant


class MeetingParticipant(models.Model):
    """An employee names a colleague who may stand in; a guest, whose people we do not know, writes a name."""

    _inherit = "meeting.participant"

    _facts = Participant._facts | {"named_proxy_id", "named_proxy"}

    named_proxy_id = fields.Many2one("res.partner", "Named as Proxy", readonly=True, copy=False, ondelete="set null")
    named_proxy = fields.Char("Named by the Guest", readonly=True, copy=False)
    proxy_note = fields.Char(
        "Proxy Named", compute="_compute_proxy_note", help="Who is to come instead, until the organisers confirm it."
    )

    @api.depends("named_proxy_id", "named_proxy", "proxy_partner_id", "response")
    @api.depends_context("lang")
    def _compute_proxy_note(self):
        for line in self:
            line.proxy_note = False
            if line.proxy_partner_id:
                continue
            if line.named_proxy_id:
                line.proxy_note = self.env._("%s, to be confirmed", line.named_proxy_id.name)
            elif line.named_proxy:
                line.proxy_note = self.env._("%s – named by the guest, to be confirmed", line.named_proxy)

    def _stand_ins(self):
        """:return: contacts of the colleagues who may stand in for this person: those with a login in his department or
        one below it, and those who report to him. Nobody for a guest."""
        self.ensure_one()
        # sudo: who works where is public to employees; of the meeting nothing is asked
        employee = self.sudo().employee_id
        if not employee or not self.sudo().user_id:  # sudo: as above
            return self.env["res.partner"]
        near = [("parent_id", "=", employee.id)]
        if employee.department_id:
            near = ["|", *near, ("department_id", "child_of", employee.department_id.id)]
        colleagues = employee.search(
            [
                ("company_id", "=", employee.company_id.id),
                ("id", "!=", employee.id),
                ("user_id.active", "=", True),
                ("user_id.share", "=", False),
                *near,
            ]
        )
        return colleagues.user_id.partner_id.sorted("name").sudo(False)

    def _demand_stand_in(self, number):
        """:return: the contact with this id, who may stand in, or no record for no id
        :raises UserError: he may not"""
        partner = self._stand_ins().filtered(lambda one: one.id == number)
        if number and not partner:
            raise UserError(
                self.env._(
                    "A colleague of your department, or somebody who reports to you, can stand in for you. Choose one "
                    "of the list, or write in your reason whom you have in mind."
                )
            )
        return partner

    def action_decline(self, reason=None, proxy_id=None):
        """
        :param int proxy_id: contact of the colleague who could come instead
        :raises UserError: he may not stand in
        """
        own = self._as_own()
        refusal = own._refusal_answer()  # first: what is said of the proxy would tell whose line it is
        if refusal:
            raise refusal
        proxy = own._demand_stand_in(proxy_id)
        result = super().action_decline(reason=reason)
        if not result:
            own._name_proxy(proxy)
        return result

    def _answer(self, response, reason=False, via="web"):
        """A new answer ends what was said with the old one."""
        res = super()._answer(response, reason, via)
        self._name_proxy(self.env["res.partner"])
        return res

    def _name_proxy(self, partner, words=False):
        """Keep whom a person named, as a contact or in his own words. The caller knows that it is he who says so."""
        values = {"named_proxy_id": partner.id, "named_proxy": words}
        # sudo: closed to direct writes; his own line
        for line in self.sudo():
            if (line.named_proxy_id, line.named_proxy) != (partner, words):
                line.write(values)

    def action_confirm_proxy(self):
        """The organisers agree: the named colleague attends in this person's place (PT-2).

        :raises UserError: a guest named somebody in words
        """
        self._demand_record_attendance()
        for line in self.filtered("proxy_note"):
            if not line.named_proxy_id:
                raise UserError(
                    self.env._(
                        "The guest has named “%s” in words. Choose the contact under “Proxy”, or create it; that "
                        "confirms it.",
                        line.named_proxy,
                    )
                )
            line.proxy_partner_id = line.named_proxy_id
            line.action_mark_represented()


class MeetingMeeting(models.Model):
    _inherit = "meeting.meeting"

    def _reset_answers(self):
        """Whoever would have come at another time need not at this one."""
        super()._reset_answers()
        pending = self.participant_ids.filtered(lambda line: line.response == "pending")
        pending._name_proxy(self.env["res.partner"])

    def _link_words(self, verb):
        words = super()._link_words(verb)
        if verb == "decline":
            words["stand_ins"] = [(partner.id, partner.name) for partner in self.my_participant_id._stand_ins()]
        return words

    def _link_do(self, verb, values):
        if verb != "decline":
            return super()._link_do(verb, values)
        number = values.get("proxy") or ""
        proxy = self.my_participant_id._demand_stand_in(int(number) if number.isdecimal() else number)
        result = super()._link_do(verb, values)
        self.my_participant_id._name_proxy(proxy)
        return result
