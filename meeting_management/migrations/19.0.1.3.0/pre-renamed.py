"""Trouble with a room has other causes than faults: views that show the field name it as it is called now, before the
views below them are read again (RM-1)."""


def migrate(cr, version):
    cr.execute(
        """UPDATE ir_ui_view SET arch_db = replace(arch_db::text, 'fault_warning', 'room_trouble')::jsonb
            WHERE arch_db::text LIKE %s""",
        ["%fault\\_warning%"],
    )
