"""The label at the door: a QR code that leads an employee's phone to the room's page (RM-10)."""

import base64
import secrets
from io import BytesIO

import qrcode
from odoo import fields, models
from odoo.tools import SQL


class MeetingRoom(models.Model):
    """The token is no key, only an address that does not count rooms through: the page is for employees logged in."""

    _inherit = "meeting.room"

    token = fields.Char(
        default=lambda self: secrets.token_urlsafe(12), copy=False, readonly=True, groups="base.group_user"
    )

    _token_unique = models.Constraint("UNIQUE (token)", "Another room has this address already.")

    def _init_column(self, column_name):
        """Rooms of earlier versions each get an address of their own."""
        if column_name != "token":
            return super()._init_column(column_name)
        rows = self.env.execute_query(SQL("SELECT id FROM meeting_room WHERE token IS NULL"))
        for (number,) in rows:
            self.env.cr.execute(
                SQL("UPDATE meeting_room SET token = %s WHERE id = %s", secrets.token_urlsafe(12), number)
            )
        return None

    def _page_url(self):
        self.ensure_one()
        return f"{self.get_base_url()}/meeting/room/{self.token}"

    def _qr_data(self):
        """:returns: the code as a data address, for documents that fetch nothing"""
        picture = BytesIO()
        qrcode.make(self._page_url(), box_size=10, border=2).save(picture, format="PNG")
        return f"data:image/png;base64,{base64.b64encode(picture.getvalue()).decode()}"
