"""Who is to stand in for somebody is invited, and told when he is not needed after all (PT-2, NT-1).

A confirmed proxy is on the list from then on, in the role of a proxy: he is notified, answers, signs the agreement
where one is asked for, and reads what a participant reads, by the rules that hold for everybody there (CF-1, CF-2). He
takes the seat of whom he stands in for, and is counted neither for the quorum nor for the room. Somebody who takes part
anyway keeps his own place and is told what is added to it.
"""

from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_list


class MeetingParticipant(models.Model):
    """However a proxy is named or taken back, by the organisers or because the person comes after all, this follows.
    Once a meeting runs, who stood in for whom is only recorded."""

    _inherit = "meeting.participant"

    @api.constrains("proxy_partner_id", "partner_id")
    def _check_proxy_is_another(self):
        for line in self:
            if line.proxy_partner_id == line.partner_id:
                raise ValidationError(
                    self.env._(
                        "%s cannot be his own proxy. Choose somebody else under “Proxy”, or leave it empty.",
                        line.partner_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        nobody = self.env["res.partner"]
        for line in lines.filtered("proxy_partner_id"):
            line._follow_proxy(nobody)
        return lines

    def write(self, vals):
        before = {line: line.proxy_partner_id for line in self} if "proxy_partner_id" in vals else {}
        res = super().write(vals)
        for line, former in before.items():
            if line.proxy_partner_id != former:
                line._follow_proxy(former)
        return res

    def unlink(self):
        # sudo: who stood in for whom follows from who is on the list, which the caller was entitled to change
        gone = [(line.meeting_id, line.partner_id, line.proxy_partner_id) for line in self.sudo()]
        res = super().unlink()
        for meeting, person, proxy in gone:
            if proxy:
                meeting._stand_down(proxy, person)
            meeting._lines_stood_in_by(person).proxy_partner_id = False
        return res

    def _follow_proxy(self, former):
        """:param former: the proxy until now, or no record"""
        # sudo: follows from what the organisers, or the person himself, were entitled to
        line, meeting = self.sudo(), self.sudo().meeting_id
        proxy, person = line.proxy_partner_id, line.partner_id
        if not proxy and line.mark == "represented" and meeting.state in ("scheduled", "in_progress"):
            line.mark = False
        if meeting.state != "scheduled":
            return
        if former:
            meeting._stand_down(former, person)
        if proxy:
            meeting._stand_in(proxy, person)

    def _answer(self, response, reason=False, via="web"):
        """Who comes after all needs nobody in his place; who cannot stand in leaves the place open."""
        res = super()._answer(response, reason, via)
        # sudo: their own answers; what follows from them is closed to direct writes
        for line in self.sudo():
            if response == "declined":
                line.meeting_id._lines_stood_in_by(line.partner_id).proxy_partner_id = False
            elif line.proxy_partner_id:
                line.proxy_partner_id = False
        return res


class MeetingMeeting(models.Model):
    _inherit = "meeting.meeting"

    my_represented = fields.Char("In Place of", compute="_compute_my_represented")

    @api.depends("participant_ids.proxy_partner_id")
    @api.depends_context("uid", "lang")
    def _compute_my_represented(self):
        """For whom the reader stands in, or False."""
        for meeting in self:
            lines = meeting._lines_stood_in_by(self.env.user.partner_id)
            meeting.my_represented = format_list(self.env, lines.partner_id.mapped("name")) if lines else False

    def _after_transition(self, origin):
        """Whoever was entered as a proxy while the meeting was planned is invited with the others."""
        res = super()._after_transition(origin)
        if self.state == "scheduled":
            for line in self.participant_ids.filtered("proxy_partner_id"):
                line._follow_proxy(self.env["res.partner"])
        return res

    def _lines_stood_in_by(self, proxy):
        """:return: the lines of those for whom this contact stands in"""
        lines = self.participant_ids
        if proxy not in lines.proxy_partner_id:  # one look for the hundreds who stand in for nobody
            return lines.browse()
        return lines.filtered(lambda line: line.proxy_partner_id == proxy)

    def _stand_in(self, proxy, person):
        own = self.participant_ids.filtered(lambda line: line.partner_id == proxy)
        if own:
            if own.response == "declined":  # he is asked once more
                own.write(
                    {"response": "pending", "response_reason": False, "response_at": False, "response_via": False}
                )
            self._announce(self._told(proxy))  # an invitation that has not left yet says it too
        else:
            own.create({"meeting_id": self.id, "partner_id": proxy.id, "role": "proxy"})
        self.message_post(body=self.env._("%(proxy)s stands in for %(person)s.", proxy=proxy.name, person=person.name))

    def _stand_down(self, proxy, person):
        if self.state != "scheduled":
            return
        own = self.participant_ids.filtered(lambda line: line.partner_id == proxy)
        self.message_post(
            body=self.env._("%(proxy)s no longer stands in for %(person)s.", proxy=proxy.name, person=person.name)
        )
        if not own or own.response == "declined":
            return  # he knows: he said so himself, or was taken off the list and told
        if own.role == "proxy" and not self._lines_stood_in_by(proxy):
            own.unlink()
        elif self._told(proxy):
            now = fields.Datetime.now()
            steps = self._next_steps(f"proxy_ended:{person.id}", proxy)
            self.env["meeting.notification"]._queue_rows(
                [(self, step, partner_id, now) for partner_id, step in steps.items()]
            )

    def _declined_proxies(self):
        # sudo: as the answers themselves
        return self.sudo().participant_ids.filtered(lambda line: line.role == "proxy" and line.response == "declined")

    def _forget(self, lines):
        """Who declined to be a proxy keeps his line for the organisers to see, and no longer: he reads nothing more
        (CF-1), is not asked anew, and is not held absent (AT-2). Unless he came, or has found somebody himself."""
        gone = lines.exists().filtered(
            lambda line: (
                not (line.attendance_ids or line.proxy_partner_id or self._lines_stood_in_by(line.partner_id))
            )
        )
        if gone:
            partners = gone.partner_id
            gone.unlink()
            self.env["meeting.notification"]._void(self, ["removed"], partners)  # he knows: he said so himself

    def action_start(self):
        self._demand("start")
        for meeting in self:
            meeting._forget(meeting._declined_proxies())
        return super().action_start()

    def _reset_answers(self):
        """At another time the person himself may have time; who could not stand in is not asked anew."""
        declined = self._declined_proxies()
        super()._reset_answers()
        # sudo: as the answers themselves
        lines = self.sudo().participant_ids.filtered(lambda line: line.proxy_partner_id and line.response == "pending")
        lines.proxy_partner_id = False
        self._forget(declined)

    def copy_data(self, default=None):
        """Nobody is represented yet in a new meeting."""
        copies = super().copy_data(default)
        for vals in copies:
            if "participant_ids" in vals:
                vals["participant_ids"] = [
                    command for command in vals["participant_ids"] if (command[2] or {}).get("role") != "proxy"
                ]
        return copies

    # -- what the notice says -----------------------------------------------------------------------------------

    def _notification_audience(self, partner):
        """The invitation of a proxy names for whom he comes."""
        return super()._notification_audience(partner), tuple(self._lines_stood_in_by(partner).partner_id.ids)

    def _notification_values_for(self, values, audience):
        topics, people = audience
        values = super()._notification_values_for(values, topics)
        if people and values.get("represents") == "":
            # sudo: names of people in whose place the reader comes; a secret meeting's letter does not show them
            names = format_list(self.env, self.env["res.partner"].sudo().browse(people).mapped("name"))
            values.update(
                represents=names,
                badge=(self.env._("Proxy"), "info"),
                subject=self.env._("In place of %(person)s: %(meeting)s", person=names, meeting=self.name),
                # of whom is not said before he may read the meeting (CF-2)
                neutral=Markup("%s %s") % (self.env._("You are asked to stand in for somebody."), values["neutral"]),
            )
        return values

    def _notice_values_notice(self, detail):
        return {**super()._notice_values_notice(detail), "represents": ""}

    def _notice_values_proxy_ended(self, detail):
        # sudo: the name of a contact whom the reader stood in for
        person = self.env["res.partner"].sudo().browse(int(detail.partition(":")[0])).name
        return {
            "subject": self.env._("No longer in place of %(person)s: %(meeting)s", person=person, meeting=self.name),
            "heading": self.name,
            "badge": (self.env._("No longer a proxy"), "warning"),
            "neutral": self.env._(
                "You need not stand in for somebody any more in a confidential meeting. Your own place in it, if you "
                "have one, stays as it is."
            ),
            "represents": person,
        }


class MeetingNotification(models.Model):
    _inherit = "meeting.notification"

    @api.model
    def _step_labels(self):
        return {**super()._step_labels(), "proxy_ended": self.env._("No longer a proxy")}
