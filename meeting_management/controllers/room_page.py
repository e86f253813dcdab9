"""The page behind the QR code at a room's door: report a fault in two taps (RM-10)."""

import base64

from odoo import http
from odoo.exceptions import UserError, ValidationError
from odoo.http import request
from werkzeug.exceptions import NotFound

PHOTO_BYTES = 12 * 1024 * 1024


class RoomPage(http.Controller):
    """For employees logged in; everything is done with their own rights. GET shows, POST does."""

    def _room(self, token):
        """:raises NotFound: no such room, none of the employee's companies, or no employee"""
        user = request.env.user
        if not user._is_internal():
            raise NotFound
        rooms = request.env["meeting.room"].with_context(allowed_company_ids=user.company_ids.ids)
        room = rooms.search([("token", "=", token)], limit=1)
        if not room:
            raise NotFound
        return room.with_context(tz=user.tz or room.location_id.tz)

    def _show(self, room, **values):
        devices = room.equipment_ids
        return request.render(
            "meeting_management.room_page",
            {
                "room": room,
                "devices": devices,
                "lent": devices.filtered("is_lent"),
                "accent": room.company_id.sudo().email_secondary_color or "#714B67",  # sudo: the house's colours
                "accent_text": room.company_id.sudo().email_primary_color or "#FFFFFF",
                "company": room.company_id.sudo(),
                "company_logo": False,
                "done": request.params.get("done"),
                "problem": False,
                "picked": 0,
                "words": "",
                **values,
            },
        )

    @http.route("/meeting/room/<string:token>", type="http", auth="user", methods=["GET"], website=False)
    def room(self, token, **_kw):
        return self._show(self._room(token))

    @http.route("/meeting/room/<string:token>/fault", type="http", auth="user", methods=["POST"], website=False)
    def report(self, token, device="", words="", photo=None, **_kw):
        room = self._room(token)
        words = words.strip()
        equipment = room.equipment_ids.filtered(lambda item: str(item.id) == device)
        picture = photo.read(PHOTO_BYTES) if photo else b""
        try:
            request.env["meeting.fault"].with_context(allowed_company_ids=room.company_id.ids).create(
                {
                    "name": words[:120] or request.env._("Does not work"),
                    "description": words if len(words) > 120 else False,
                    "room_id": room.id,
                    "equipment_id": equipment.id,
                    "photo": base64.b64encode(picture) if picture else False,
                }
            )
        except (UserError, ValidationError) as refusal:
            return self._show(room, problem=str(refusal), picked=equipment.id, words=words)
        return request.redirect(f"/meeting/room/{token}?done=1", code=303)
