"""A tablet at the door of a demo room; its link is made by whoever sets it up, so that no demo has a known secret."""

from odoo import models


class MeetingDemo(models.AbstractModel):
    _inherit = "meeting.demo"

    def _make_stories(self):
        super()._make_stories()
        self._door_panels()

    def _door_panels(self):
        """One panel in Chinese that waits for its link, one in English; badges and PINs of the people."""
        for code, name, lang in (("301", "门口 Entrance", self._chinese()), ("303", "East door", "en_US")):
            self.env["meeting.room.panel"].create({"name": name, "room_id": self._room(code).id, "lang": lang})
        for number, login in enumerate(("chen", "wang", "zhao", "liu", "anna", "wu"), start=1):
            self._user(login).employee_id.write({"barcode": f"DEMO{number:04}", "pin": f"{1000 + number}"})
