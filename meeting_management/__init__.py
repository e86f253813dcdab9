from . import controllers
from . import demo
from . import models
from . import report
from . import wizard


def uninstall_hook(env):
    """Take the database's guards of evidence away; everything else goes with the models."""
    env["meeting.access.log"]._drop_guard()
    env["meeting.agreement"]._drop_guard()
