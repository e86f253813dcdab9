"""Bookings of meetings that are closed to others tell the rooms' schedule nothing but that the room is taken (CF-5)."""


def migrate(cr, version):
    cr.execute(
        """UPDATE meeting_booking AS booking
              SET headcount = CASE WHEN meeting.level = 'internal' THEN booking.headcount ELSE 0 END,
                  name = NULL, user_id = NULL
             FROM meeting_meeting AS meeting
            WHERE meeting.id = booking.meeting_id AND meeting.level != 'public'"""
    )
