"""The principals of a user: with what keys he may read (see ``meeting_mixin_access``)."""

from odoo import api, models, tools

from .meeting_mixin_access import EVERYONE, SECRETARIAT


class ResUsers(models.Model):
    _inherit = "res.users"

    @tools.ormcache("self.id")
    def _meeting_principals(self):
        """The user's keys: himself, everyone, his departments and those above them, the secretariat.

        A guest with a portal login has his own key only. Cached until people, departments or groups change.
        """
        self.ensure_one()
        if not self._is_internal():
            return frozenset((self.id,))
        # sudo: reads the user's own place in the organisation, whatever he may read of employees.
        departments = self.sudo().with_context(active_test=False).employee_ids.filtered("active").department_id
        keys = {EVERYONE, self.id}
        for department in departments:
            keys.update(-int(part) for part in (department.parent_path or "").split("/") if part)
        if self.has_group("meeting_management.group_secretary"):
            keys.add(SECRETARIAT)
        return frozenset(keys)


class MeetingPrincipalMixin(models.AbstractModel):
    """For models that say who belongs where: a change to them makes the users' cached keys stale."""

    _name = "meeting.principal.mixin"
    _description = "Source of Principals"

    _principal_fields = frozenset()

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self.env.registry.clear_cache()
        return records

    def write(self, vals):
        res = super().write(vals)
        if self._principal_fields & vals.keys():
            self.env.registry.clear_cache()
        return res

    def unlink(self):
        res = super().unlink()
        self.env.registry.clear_cache()
        return res


class HrEmployee(models.Model):
    _name = "hr.employee"
    _inherit = ["hr.employee", "meeting.principal.mixin"]
    _principal_fields = frozenset(("user_id", "department_id", "active", "version_ids", "current_version_id"))

    def _cron_update_current_version_id(self):
        """A version that begins today may move people to another department."""
        res = super()._cron_update_current_version_id()
        self.env.registry.clear_cache()
        return res


class HrVersion(models.Model):
    _name = "hr.version"
    _inherit = ["hr.version", "meeting.principal.mixin"]
    _principal_fields = frozenset(("department_id", "employee_id", "date_version", "active"))


class HrDepartment(models.Model):
    _name = "hr.department"
    _inherit = ["hr.department", "meeting.principal.mixin"]
    _principal_fields = frozenset(("parent_id", "active"))
