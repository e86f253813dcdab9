"""Rows that everybody reads and that must not tell who was at work behind a closed door."""

from odoo import SUPERUSER_ID, models


class MeetingMixinUnsigned(models.AbstractModel):
    """The editor of such a row is the system, whoever caused it (CF-5).

    Writing as the system is not enough: a computed column that is stored later in the transaction is written by Odoo in
    the name of whoever's transaction it is, and would tell every employee who convenes, chairs or attends.
    """

    _name = "meeting.mixin.unsigned"
    _description = "Row Without Editor"

    def _unsigned(self):
        """:return: those of these rows whose editor stays unnamed"""
        return self

    def _write_multi(self, vals_list):
        unsigned = set(self._unsigned()._ids)
        return super()._write_multi(
            [
                {**vals, "write_uid": SUPERUSER_ID} if row_id in unsigned else vals
                for row_id, vals in zip(self._ids, vals_list, strict=True)
            ]
        )
