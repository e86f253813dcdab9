"""Who booked a room for a meeting is told neither by the editor of its rows nor by the ledger (CF-5, CF-6)."""

from odoo import SUPERUSER_ID


def migrate(cr, version):
    system = [SUPERUSER_ID]
    cr.execute("UPDATE meeting_booking SET create_uid = %s, write_uid = %s WHERE meeting_id IS NOT NULL", system * 2)
    cr.execute("UPDATE meeting_leaving_line SET create_uid = %s, write_uid = %s", system * 2)
    cr.execute("UPDATE meeting_clock SET create_uid = %s, write_uid = %s", system * 2)
    cr.execute(
        "UPDATE meeting_notification n SET meeting_id = b.meeting_id FROM meeting_booking b "
        "WHERE n.res_model = 'meeting.booking' AND n.res_id = b.id AND n.meeting_id IS NULL "
        "AND b.meeting_id IS NOT NULL"
    )
