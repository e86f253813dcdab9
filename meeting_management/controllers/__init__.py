from . import guest_log
from . import guest
from . import guest_user
from . import user_link
from . import mail_attachment
from . import mail_view
from . import room_page
from . import door_panel
