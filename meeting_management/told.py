"""What the web client says after a button did its work: one line in the corner of the screen."""

CLOSE = {"type": "ir.actions.act_window_close"}
"""Afterwards the record on the screen is read anew, and a dialogue closes."""
RELOAD = {"type": "ir.actions.client", "tag": "soft_reload"}
"""Afterwards the whole view is read anew, its search and page kept."""


def told(message, kind="success", then=CLOSE):
    """:return: the client action that shows `message`

    :param str kind: ``success``, ``info``, ``warning`` or ``danger``
    :param dict then: the action that follows it
    """
    return {
        "type": "ir.actions.client",
        "tag": "display_notification",
        "params": {"type": kind, "message": message, "next": then},
    }
