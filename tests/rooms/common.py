"""A house with rooms, for finder and board. The clock stands at a Monday morning in Shanghai."""

from datetime import timedelta

from freezegun import freeze_time

from tests.common import MONDAY, MeetingCommon

TUESDAY = MONDAY + timedelta(days=1)
"""A Tuesday, 09:00 in Shanghai, as stored (UTC)."""


def hour(clock, day=TUESDAY):
    """That hour of the clock in Shanghai, as stored: 14.5 is half past two."""
    return day + timedelta(hours=clock - 9)


class RoomsCommon(MeetingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        clock = freeze_time(MONDAY)
        clock.start()
        cls.addClassCleanup(clock.stop)
        # rooms of demo data or other tests are none of this house
        cls.env["meeting.room"].search([("id", "not in", (cls.maple | cls.cedar).ids)]).active = False
        cls.video = cls.env["meeting.room.feature"].create({"name": "Video link"})
        cls.projector = cls.env["meeting.room.feature"].create({"name": "Beamer"})
        cls.maple.feature_ids = cls.video
        # nobody's working hours get in the way unless a test says so
        cls.env["hr.employee"].search([]).resource_calendar_id = False

    @classmethod
    def make_room(cls, name, capacity, **vals):
        return cls.env["meeting.room"].create(
            {"name": name, "capacity": capacity, "location_id": cls.location.id, **vals}
        )

    @classmethod
    def book(cls, room, start, stop, user=None, **vals):
        """From one hour of Tuesday to another; times may also be given as stored."""
        start, stop = (hour(value) if isinstance(value, (int, float)) else value for value in (start, stop))
        return (
            cls.env["meeting.booking"]
            .with_user(user or cls.outsider)
            .create({"name": "Training", "room_id": room.id, "start": start, "stop": stop, **vals})
        )
