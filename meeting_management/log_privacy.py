"""The server's log tells what went wrong and where, never what a meeting is about (CF-1, CF-6).

Whoever runs the server reads its log, and logs are shipped elsewhere. Odoo writes a refused statement there with all
its values, and the words of every refusal with the names in them. Of what touches meetings the place is kept and the
words are left out; everything else is logged as before.
"""

import logging
import re

from odoo.exceptions import AccessError, UserError

ADDON = "odoo.addons.meeting_management"
LITERAL = re.compile(r"(?:E)?'(?:[^']|'')*'")


def without_content(error):
    """:return: what a log may say of an error: its class and the line of code that raised it"""
    module, line = _place(error)
    return f"{type(error).__name__} at {module}:{line} (its text is not logged)"


def _place(error):
    """:return: (module, line) of the innermost frame"""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return (trace.tb_frame.f_globals.get("__name__", "?"), trace.tb_lineno) if trace else ("?", 0)


class StatementWithoutValues(logging.Filter):
    """“bad query”: the statement without its literals, the error without the row it quotes."""

    def filter(self, record):
        if str(record.msg).startswith("bad query") and isinstance(record.args, tuple) and len(record.args) == 2:
            query, error = record.args
            query = query.decode(errors="replace") if isinstance(query, bytes) else str(query)
            if "meeting" in query:
                first_line = str(error).partition("\n")[0]
                record.args = (LITERAL.sub("'…'", query), LITERAL.sub("'…'", first_line))
        return True


class RefusalWithoutWords(logging.Filter):
    """A refusal of ours: its class and place. Odoo's own refusals name records of ours to developers: its class."""

    def filter(self, record):
        error = record.msg
        if isinstance(error, UserError):
            if _place(error)[0].startswith(ADDON) or (isinstance(error, AccessError) and "meeting." in str(error)):
                record.msg = without_content(error)
        return True


def install():
    """Put the filters where Odoo logs; once, however often the addon is loaded in this process."""
    for name, kind in (("odoo.sql_db", StatementWithoutValues), ("odoo.http", RefusalWithoutWords)):
        logger = logging.getLogger(name)
        if not any(type(known).__name__ == kind.__name__ for known in logger.filters):
            logger.addFilter(kind())
