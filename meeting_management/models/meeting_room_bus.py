"""Open boards learn that something about a room changed: its number and nothing else (RM-3, CF-5)."""

from odoo import api, models

CHANNEL = "meeting_management/rooms_changed"


class MeetingRoom(models.Model):
    _inherit = "meeting.room"

    def _tell_boards(self):
        """Tell every employee's open board, once a transaction, which rooms to read again through its own rights."""
        if not self.ids:
            return
        waiting = self.env.cr.precommit.data.setdefault(CHANNEL, set())
        if not waiting:
            env = self.env

            @env.cr.precommit.add
            def send():
                numbers = sorted(env.cr.precommit.data.pop(CHANNEL, ()))
                # sudo: the message holds numbers of rooms; it goes to employees alone, guests hear nothing.
                env(su=True).ref("base.group_user")._bus_send(CHANNEL, {"rooms": numbers})

        waiting.update(self.ids)


class MeetingBooking(models.Model):
    _inherit = "meeting.booking"

    _board_fields = frozenset(("state", "room_id", "start", "stop", "name", "user_id"))

    @api.model_create_multi
    def create(self, vals_list):
        bookings = super().create(vals_list)
        bookings.room_id._tell_boards()
        return bookings

    def write(self, vals):
        if not self._board_fields & vals.keys():
            return super().write(vals)
        rooms = self.room_id
        res = super().write(vals)
        (rooms | self.room_id)._tell_boards()
        return res

    def unlink(self):
        self.room_id._tell_boards()
        return super().unlink()


class MeetingRoomBlocking(models.Model):
    _inherit = "meeting.room.blocking"

    @api.model_create_multi
    def create(self, vals_list):
        blockings = super().create(vals_list)
        blockings.room_id._tell_boards()
        return blockings

    def write(self, vals):
        rooms = self.room_id
        res = super().write(vals)
        (rooms | self.room_id)._tell_boards()
        return res

    def unlink(self):
        self.room_id._tell_boards()
        return super().unlink()
