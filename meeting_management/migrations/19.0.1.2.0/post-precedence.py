"""Meeting types that exist get the class of precedence that fits what they are (RM-4)."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    api.Environment(cr, SUPERUSER_ID, {})["meeting.type"]._seed_precedence()
