from . import res_users
from . import meeting_notification
