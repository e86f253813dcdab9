"""The register may be long: new columns of bookings are filled in one statement, not row by row."""


def migrate(cr, version):
    cr.execute(
        """ALTER TABLE meeting_booking ADD COLUMN IF NOT EXISTS release_at timestamp,
                                       ADD COLUMN IF NOT EXISTS department_id integer"""
    )
    cr.execute(
        """UPDATE meeting_booking AS booking SET department_id = version.department_id
             FROM hr_employee AS employee JOIN hr_version AS version ON version.id = employee.current_version_id
            WHERE employee.user_id = booking.user_id AND employee.company_id = booking.company_id"""
    )
