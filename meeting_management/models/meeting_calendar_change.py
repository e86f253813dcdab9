"""Holidays, make-up days, time off and working schedules move what is counted in working time; open limits follow.

So do they where somebody gets another superior, or leaves: reminders to superiors are planned by name.
"""

from odoo import api, models
from odoo.fields import Domain


class MeetingClock(models.Model):
    _inherit = "meeting.clock"

    @api.model
    def _mark_workers(self, companies, users=None):
        """The job looks at the open clocks of these companies (of these users alone, if given) anew."""
        domain = Domain("company_id", "in", companies.ids)
        if users is not None:
            domain &= Domain("user_id", "in", users.ids)
        self._mark(domain)


class MeetingClockMover(models.AbstractModel):
    """Something that working time depends on: whoever's limits it touched, before a change or after it, they are looked
    at anew."""

    _name = "meeting.clock.mover"
    _description = "What Moves Time Limits"

    def _move_clocks(self):
        """Mark the clocks that these records touch as they are now."""

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._move_clocks()
        return records

    def write(self, vals):
        self._move_clocks()
        res = super().write(vals)
        self._move_clocks()
        return res

    def unlink(self):
        self._move_clocks()
        return super().unlink()


class ResourceCalendarLeaves(models.Model):
    _name = "resource.calendar.leaves"
    _inherit = ["resource.calendar.leaves", "meeting.clock.mover"]

    def _move_clocks(self):
        general = self.filtered(lambda leave: not leave.resource_id)
        companies = self.env["res.company"].sudo()  # sudo: which open limits are looked at anew; nothing is shown
        clocks = self.env["meeting.clock"]
        if general:
            clocks._mark_workers(general.company_id or companies.search([]))
        if personal := (self - general).sudo():
            clocks._mark_workers(personal.resource_id.company_id, personal.resource_id.user_id)


class ResourceCalendarAttendance(models.Model):
    _name = "resource.calendar.attendance"
    _inherit = ["resource.calendar.attendance", "meeting.clock.mover"]

    def _move_clocks(self):
        calendars = self.calendar_id
        companies = self.env["res.company"].sudo()  # sudo: as above
        if calendars:
            self.env["meeting.clock"]._mark_workers(calendars.company_id or companies.search([]))


class ResourceResource(models.Model):
    _inherit = "resource.resource"

    def write(self, vals):
        res = super().write(vals)
        if {"calendar_id", "tz"} & vals.keys():
            self.env["meeting.clock"]._mark_workers(self.company_id, self.user_id)
        return res


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    def write(self, vals):
        if not {"parent_id", "user_id", "active"} & vals.keys():
            return super().write(vals)
        users = self.sudo().user_id  # sudo: which open limits are looked at anew; nothing is shown
        res = super().write(vals)
        self.env["meeting.clock"]._mark_workers(self.company_id, users | self.sudo().user_id)
        return res
