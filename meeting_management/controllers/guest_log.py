"""The address of a personal link is a key: it does not stand in the server's log (PT-4)."""

import logging
import re

LINK = re.compile(r"(/meeting/(?:answer|do|panel)/)[^/?\s\"'#]+")


class HideLinks(logging.Filter):
    """Replaces the secret part of personal links in the lines of the access log."""

    def filter(self, record):
        if isinstance(record.msg, str):
            record.msg = LINK.sub(r"\1***", record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(LINK.sub(r"\1***", arg) if isinstance(arg, str) else arg for arg in record.args)
        return True


# The logger of werkzeug writes a line per request, with its address
logging.getLogger("werkzeug").addFilter(HideLinks())
