"""Door panels: tablets beside the doors of rooms, each with a link of its own (RM-5, RM-6, RM-14, CF-5)."""

import base64
import secrets
from datetime import timedelta
from io import BytesIO

import qrcode
from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain

SEEN_EVERY = timedelta(minutes=3)
"""So often the database notes that a panel is alive; a panel asks every 20 seconds."""
OFFLINE_AFTER = timedelta(minutes=10)


class MeetingRoomPanel(models.Model):
    """A tablet at a door (门牌屏). Its link is the only key it has: whoever holds it sees the room's public schedule.

    The secret of the link stands in the tablet alone; here is its hash. It is shown once, when it is made.

    Who may: room managers and administrators set panels up and revoke them; nobody else knows of them.
    """

    _name = "meeting.room.panel"
    _description = "Door Panel"
    _order = "room_id, name, id"

    _kept_fields = frozenset(("linked_at", "last_seen_at", "revoked_at"))

    name = fields.Char(required=True, default=lambda self: self.env._("Door"), help="Which door, or which tablet.")
    room_id = fields.Many2one("meeting.room", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="room_id.company_id", store=True, index=True)
    location_id = fields.Many2one(related="room_id.location_id", store=True)

    lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(),
        "Language",
        required=True,
        default=lambda self: self.env.lang or "en_US",
        help="Whoever stands before the panel can switch; it returns to this language after two minutes.",
    )
    shows_details = fields.Boolean(
        "Subjects and Names",
        default=True,
        help="What everybody in the company may read: purpose of a booking, subject of a public meeting, who booked. "
        "Switch it off where visitors pass by: everything reads “Reserved” then. Meetings that are not public always "
        "do.",
    )
    allows_booking = fields.Boolean("Book at the Door", default=True)
    soon_minutes = fields.Integer(
        "Amber Before", default=15, help="Minutes before the next use from which the panel turns amber."
    )
    rest_from = fields.Float("Rests From", default=20.0, help="The screen is dark at night, until it is touched.")
    rest_until = fields.Float("Until", default=7.0, help="The same time twice: it never rests.")

    token_hash = fields.Char(readonly=True, copy=False, groups=fields.NO_ACCESS)
    linked_at = fields.Datetime("Link Made", readonly=True, copy=False)
    last_seen_at = fields.Datetime("Last Seen", readonly=True, copy=False)
    revoked_at = fields.Datetime("Revoked", readonly=True, copy=False)
    is_offline = fields.Boolean(compute="_compute_status", search="_search_is_offline")
    status = fields.Selection(
        [
            ("new", "Without link"),
            ("waiting", "Link not opened yet"),
            ("online", "Connected"),
            ("offline", "Offline"),
            ("revoked", "Revoked"),
        ],
        compute="_compute_status",
    )

    _token_once = models.UniqueIndex("(token_hash)")
    _soon_positive = models.Constraint(
        "CHECK (soon_minutes >= 0)", "The panel turns amber some minutes before the next use: zero or more."
    )

    @api.depends("linked_at", "last_seen_at", "revoked_at")
    def _compute_status(self):
        limit = fields.Datetime.now() - OFFLINE_AFTER
        for panel in self:
            if panel.revoked_at:
                panel.status = "revoked"
            elif not panel.last_seen_at:
                panel.status = "waiting" if panel.linked_at else "new"
            else:
                panel.status = "offline" if panel.last_seen_at < limit else "online"
            panel.is_offline = panel.status == "offline"

    def _search_is_offline(self, operator, value):
        if operator != "in":
            return NotImplemented
        limit = fields.Datetime.now() - OFFLINE_AFTER
        offline = Domain([("revoked_at", "=", False), ("last_seen_at", "<", limit)])
        return offline if True in value else ~offline

    @api.depends("name", "room_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for panel in self:
            panel.display_name = f"{panel.room_id.name}: {panel.name}" if panel.room_id else panel.name

    @api.constrains("rest_from", "rest_until")
    def _check_rest(self):
        if any(not 0 <= hour < 24 for panel in self for hour in (panel.rest_from, panel.rest_until)):
            raise ValidationError(self.env._("The panel rests between two times of the day, from 0:00 to 23:59."))

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [{name: vals[name] for name in vals if name not in self._kept_fields} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and self._kept_fields & vals.keys():
            raise AccessError(self.env._("When a panel was linked, seen and revoked is kept by the system."))
        return super().write(vals)

    # -- the link -----------------------------------------------------------------------------------------------

    def action_new_link(self):
        """Make a new link; the one before it is worthless from now on.

        :returns: the dialogue that shows link and QR code, this once
        """
        self.ensure_one()
        self.check_access("write")
        token = secrets.token_urlsafe(24)
        # sudo: the right was checked; the hash is closed to everybody
        self.sudo().write(
            {
                "token_hash": self.env["meeting.secret.link"]._hash(token),
                "linked_at": fields.Datetime.now(),
                "last_seen_at": False,
                "revoked_at": False,
            }
        )
        url = f"{self.get_base_url()}/meeting/panel/{token}"
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Link of the Panel"),
            "res_model": "meeting.room.panel.link",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_url": url, "default_qr": self._qr(url)},
        }

    def _qr(self, url):
        picture = BytesIO()
        qrcode.make(url, box_size=8, border=2).save(picture, format="PNG")
        return base64.b64encode(picture.getvalue()).decode()

    def action_revoke(self):
        """The tablet is lost or replaced: its link is worthless, and its screen says so."""
        self.check_access("write")
        self.sudo().revoked_at = fields.Datetime.now()  # sudo: the right was checked

    @api.model
    def _find(self, token):
        """:return: (the panel of this link as superuser, or no record; "unknown", "revoked" or ``None``)"""
        # sudo: who knows the secret was given it by us
        panel = self.sudo().search([("token_hash", "=", self.env["meeting.secret.link"]._hash(token or ""))])
        if not panel or panel.revoked_at:
            return self.sudo().browse(), "revoked" if panel else "unknown"
        return panel, None

    def _note_seen(self):
        now = fields.Datetime.now()
        if not self.last_seen_at or self.last_seen_at < now - SEEN_EVERY:
            self.last_seen_at = now


class MeetingRoomPanelLink(models.AbstractModel):
    """The dialogue that shows a new link once; nothing of it is stored."""

    _name = "meeting.room.panel.link"
    _description = "Link of a Door Panel"

    id = fields.Id()  # the form asks for it
    url = fields.Char("Link", readonly=True)
    qr = fields.Binary("QR Code", readonly=True)
    write_date = fields.Datetime(readonly=True)  # the picture asks for it


class MeetingRoom(models.Model):
    _inherit = "meeting.room"

    panel_ids = fields.One2many(
        "meeting.room.panel",
        "room_id",
        string="Door Panels",
        groups="meeting_management.group_room_manager,meeting_management.group_manager",
    )
    panel_count = fields.Integer(
        compute="_compute_panel_count",
        groups="meeting_management.group_room_manager,meeting_management.group_manager",
    )
    tap_check_in = fields.Boolean(
        "Check In With a Tap",
        help="At the door panel a tap is enough to check in. Otherwise the panel asks for a badge or a PIN.",
    )

    @api.depends("panel_ids")
    def _compute_panel_count(self):
        for room in self:
            room.panel_count = len(room.panel_ids)

    def action_view_panels(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("meeting_management.meeting_room_panel_action")
        return {**action, "domain": [("room_id", "=", self.id)], "context": {"default_room_id": self.id}}


class MeetingNoticeHealth(models.AbstractModel):
    _inherit = "meeting.notice.health"

    @api.model
    def get(self):
        """Besides: the door panels that have lost their connection, as far as the user's companies have any."""
        panels = self.env["meeting.room.panel"]
        health = super().get()
        rows = panels.search([("is_offline", "=", True)], order="last_seen_at")
        return {
            **health,
            "panels": [
                {"id": row.id, "name": row.display_name, "seen": fields.Datetime.to_string(row.last_seen_at)}
                for row in rows
            ],
        }
