from . import controllers
from . import demo
from . import models
from . import report
from . import wizard


def uninstall_hook(env):
    """Take the guard of the access log out of the database; everything else goes with the models."""
    env["meeting.access.log"]._drop_guard()
