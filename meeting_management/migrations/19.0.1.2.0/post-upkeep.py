"""Rooms of earlier versions get the leaving checklist that new ones start with (RM-7)."""


def migrate(cr, version):
    cr.execute(
        "UPDATE meeting_room SET leaving_template_id = (SELECT res_id FROM ir_model_data WHERE "
        "module = 'meeting_management' AND name = 'leaving_template_room') WHERE leaving_template_id IS NULL"
    )
