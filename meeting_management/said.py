"""How moments are said: short, as the reader's language writes them, on the clocks of whoever reads (`tz` of the
context). Odoo's own functions would fall back to the clocks of the current user, who is OdooBot where letters are made.
"""

from odoo.tools import format_datetime, format_time


def moment_said(env, moment, tz=None):
    """:return: day and time, such as “3/2/26, 9:00 AM”; :param moment: UTC, naive"""
    return format_datetime(env, moment, tz=tz or env.context.get("tz"), dt_format="short")


def time_said(env, moment, tz=None):
    """:return: the time of day, such as “9:00 AM”; :param moment: UTC, naive"""
    return format_time(env, moment, tz=tz or env.context.get("tz"), time_format="short")
